/** What batch jobs leave at a profile: the same whatever the order, and the same after bytes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BatchResults,
  decodeBatchResults,
  encodeBatchResults,
  mergeBatchResults,
  NO_BATCH_RESULTS,
} from '#shared/profile/batch-results.ts';
import { CorruptBytes } from '#shared/profile/bytes.ts';

const OPTIONS = { seed: 20_260_301, numRuns: 300 };

const at = fc.integer({ min: 0, max: 4 });
const ordinal = fc.integer({ min: 1, max: 5 });
const instant = fc.integer({ min: 0, max: 2 ** 43 });
const factor = fc.record({
  name: fc.string(),
  direction: fc.constantFrom('raises' as const, 'lowers' as const),
  importance: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
  contribution: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  value: fc.option(fc.oneof(fc.string(), fc.integer())),
});
const scoreOf = (scoredAt: number) =>
  fc.record({
    score: fc.integer({ min: 0, max: 100 }),
    probability: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
    percentile: fc.integer({ min: 1, max: 100 }),
    bucket: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
    scoredAt: fc.constant(scoredAt),
    factors: fc.array(factor, { maxLength: 2 }),
  });

const withoutOverlap = (results: BatchResults): BatchResults => ({
  ...results,
  unscored: new Map([...results.unscored].filter(([id]) => !results.scores.has(id))),
});

const results: fc.Arbitrary<BatchResults> = fc
  .record({
    segments: fc
      .array(
        fc.tuple(ordinal, fc.record({ qualifies: fc.boolean(), at, rulesVersion: fc.integer({ min: 0, max: 3 }) })),
      )
      .map((entries) => new Map(entries)),
    external: fc.array(fc.tuple(ordinal, fc.record({ at, validUntil: instant }))).map((entries) => new Map(entries)),
    scores: fc.array(fc.tuple(fc.constantFrom('a', 'b', '__proto__'), at.chain(scoreOf))).map((all) => new Map(all)),
    unscored: fc.array(fc.tuple(fc.constantFrom('a', 'b', '__proto__'), at)).map((all) => new Map(all)),
  })
  .map(withoutOverlap);

const textOf = (batch: BatchResults) => Buffer.from(encodeBatchResults(batch)).toString('hex');

test('results are the same after bytes', () => {
  fc.assert(
    fc.property(results, (batch) => {
      const read = decodeBatchResults(encodeBatchResults(batch));
      expect(textOf(read)).toBe(textOf(batch));
      expect(read.segments).toEqual(batch.segments);
      expect(read.external).toEqual(batch.external);
      expect(read.unscored).toEqual(batch.unscored);
    }),
    OPTIONS,
  );
});

test('jobs in any order end in the same bytes, and adding one again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(results, { maxLength: 5 }), fc.infiniteStream(fc.nat()), (jobs, chance) => {
      const add = (all: readonly BatchResults[]) => all.reduce(mergeBatchResults, NO_BATCH_RESULTS);
      const keyed = jobs.map((job) => [chance.next().value as number, job] as const);
      const shuffled = keyed.sort(([left], [right]) => left - right).map(([, job]) => job);

      const first = add(jobs);
      expect(textOf(add(shuffled))).toBe(textOf(first));
      for (const job of jobs) expect(mergeBatchResults(first, job)).toEqual(first);
    }),
    OPTIONS,
  );
});

test('bytes that are no results are refused as such', () => {
  expect(() => decodeBatchResults(Uint8Array.of(9))).toThrow(CorruptBytes);
  expect(() => decodeBatchResults(Uint8Array.of(1, 5))).toThrow(CorruptBytes);
  expect(() => decodeBatchResults(Uint8Array.of(1, 0, 0, 0, 0))).toThrow(CorruptBytes);
});

test('of a score and its absence the newer one stands, whichever comes first', () => {
  fc.assert(
    fc.property(at.chain(scoreOf), at, (score, since) => {
      const scored = { ...NO_BATCH_RESULTS, scores: new Map([['a', score]]) };
      const unscored = { ...NO_BATCH_RESULTS, unscored: new Map([['a', since]]) };
      for (const merged of [mergeBatchResults(scored, unscored), mergeBatchResults(unscored, scored)]) {
        expect(merged.scores.size + merged.unscored.size).toBe(1);
        if (score.scoredAt !== since) expect(merged.scores.has('a')).toBe(score.scoredAt > since);
      }
    }),
    OPTIONS,
  );
});
