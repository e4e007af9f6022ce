/**
 * Streaming evaluation keeps a few rows of each definition and looks again only when something may change. Whatever it
 * keeps and whenever it looks, it answers what the oracle answers of all events at that instant.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Choices, choices } from './pql/choices.ts';
import {
  drawGiven,
  drawPlanned,
  type Given,
  inSegment,
  isRechecked,
  momentsAfter,
  type Planned,
  rowsAt,
  truth,
} from './streaming/planned.ts';

const SEED = 20_240_229;
const RUNS = 2_500;
const OPTIONS = { seed: SEED, numRuns: RUNS, endOnFailure: true };
const random = fc.tuple(choices(400), choices(400), choices(200));

function forAll(law: (planned: Planned, given: Given, c: Choices) => void): void {
  fc.assert(
    fc.property(random, ([expression, data, moments]) => {
      const planned = drawPlanned(expression);
      if (planned !== undefined) law(planned, drawGiven(data), moments);
    }),
    OPTIONS,
  );
}

const shown = ({ text, timeZone }: Planned, { events, now, profile }: Given, at = now) =>
  `${text}\nin ${timeZone ?? 'UTC'}, now ${now}, at ${at} (+${at - now}), profile ${JSON.stringify(profile)}, of\n${events.map((event) => JSON.stringify(event)).join('\n')}`;

describe('the rows of leaves', () => {
  test('answer what all events answer', () => {
    forAll((planned, given) => {
      const context = { profile: given.profile, rows: rowsAt(planned, given), now: given.now, inSegment };

      expect(planned.plan.evaluate(context), shown(planned, given)).toBe(truth(planned, given, given.now));
    });
  });

  test('and still do at any later instant', () => {
    forAll((planned, given, c) => {
      const rows = rowsAt(planned, given);
      for (const now of momentsAfter(c, given, planned.timeZone, Number.POSITIVE_INFINITY)) {
        const answer = planned.plan.evaluate({ profile: given.profile, rows, now, inSegment });

        expect(answer, shown(planned, given, now)).toBe(truth(planned, given, now));
      }
    });
  });
});

test('no answer changes before the instant for which the next look is planned', () => {
  forAll((planned, given, c) => {
    if (isRechecked(planned)) return;
    const context = { profile: given.profile, rows: rowsAt(planned, given), now: given.now, inSegment };
    const flip = planned.plan.nextFlip(context) ?? Number.POSITIVE_INFINITY;
    expect(flip, shown(planned, given)).toBeGreaterThan(given.now);
    const last = Number.isFinite(flip) && flip - 1 > given.now ? [flip - 1] : [];

    for (const now of [...last, ...momentsAfter(c, given, planned.timeZone, flip)]) {
      expect(truth(planned, given, now), shown(planned, given, now)).toBe(truth(planned, given, given.now));
    }
  });
});

test('of most expressions the next change can be told', () => {
  const planned = fc.sample(choices(400), { seed: SEED, numRuns: 500 }).flatMap((c) => drawPlanned(c) ?? []);

  expect(planned.filter(isRechecked).length / planned.length).toBeLessThan(0.01);
  expect(planned.filter(({ plan }) => plan.evaluationClass === 'replay').length / planned.length).toBeLessThan(0.05);
});
