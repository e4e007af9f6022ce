/** What is stored of a profile comes back as it was, and does not depend on the order in which it arrived. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CorruptBytes } from '#shared/profile/bytes.ts';
import { DEFAULT_MERGE, mergeFragments } from '#shared/profile/merge-policy.ts';
import { packEvent, unpackEvent } from '#shared/profile/packed-event.ts';
import { encodeAttributes, NO_ATTRIBUTES, withIdentities, withRecord } from '#shared/profile/profile-attributes.ts';
import type { ReceivedProfileRecord } from '#shared/profile/profile-record.ts';
import { decodeState, EMPTY_STATE, encodeState, type ProfileState } from '#shared/profile/profile-state.ts';
import { lookupFor, remember, type TimedEvent } from '#shared/profile/recent-events.ts';

const OPTIONS = { seed: 20_240_229, numRuns: 500 };
const INSTANT_MAX = 4e12;

const ordinal = fc.integer({ min: 1, max: 100_000 });
const instant = fc.integer({ min: -INSTANT_MAX, max: INSTANT_MAX });
const hash = fc.integer({ min: 0, max: 0xffff_ffff });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
const membership = fc.record({
  status: fc.constantFrom('realized' as const, 'exited' as const),
  lastQualificationTime: instant,
});
const inOrder = <Value>(entries: [number, Value][]) => new Map(entries.toSorted(([left], [right]) => left - right));
const byOrdinal = <Value>(value: fc.Arbitrary<Value>) =>
  fc.uniqueArray(fc.tuple(ordinal, value), { selector: ([key]) => key, maxLength: 30 }).map(inOrder);

const state: fc.Arbitrary<ProfileState> = fc
  .record({
    rulesVersion: fc.nat(),
    evaluatedAt: fc.integer({ min: 0, max: INSTANT_MAX }),
    seenFloor: fc.integer({ min: -1, max: INSTANT_MAX }),
    recent: fc.array(fc.record({ idHash: hash, second: fc.integer({ min: -4e9, max: 4e9 }) }), { maxLength: 24 }),
    clamped: fc.array(hash, { maxLength: 32 }),
    eventTypes: fc.array(hash, { maxLength: 10 }).map((all) => new Set(all.toSorted((a, b) => a - b))),
    leaves: byOrdinal(bytes),
    memberships: byOrdinal(membership),
    tail: fc.array(fc.record({ timestamp: instant, packed: bytes }), { maxLength: 10 }),
  })
  .map((parts) => ({ ...EMPTY_STATE, ...parts }));

test('a state comes back as it was', () => {
  fc.assert(
    fc.property(state, (given) => {
      const back = decodeState(encodeState(given));

      expect(encodeState(back)).toEqual(encodeState(given));
      expect({ ...back, memberships: inOrder([...back.memberships]) }).toEqual(given);
    }),
    OPTIONS,
  );
});

test('a state cut short, lengthened or of another format is refused', () => {
  fc.assert(
    fc.property(state, fc.nat(), (given, at) => {
      const whole = encodeState(given);

      expect(() => decodeState(whole.subarray(0, at % whole.length))).toThrow(CorruptBytes);
      expect(() => decodeState(Uint8Array.of(...whole, 0))).toThrow(CorruptBytes);
      expect(() => decodeState(Uint8Array.of(255, ...whole.subarray(1)))).toThrow(CorruptBytes);
    }),
    OPTIONS,
  );
});

test('a packed event comes back as it was', () => {
  const event = fc.record({ _id: fc.string({ minLength: 1 }), timestamp: instant, more: fc.jsonValue() });

  fc.assert(
    fc.property(event, (given) => {
      expect(unpackEvent(packEvent(given))).toEqual(JSON.parse(JSON.stringify(given)));
    }),
    OPTIONS,
  );
});

test('an event that was ever applied is always looked up, whatever was evicted', () => {
  const seconds = fc.array(fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 6 }), {
    maxLength: 20,
  });

  fc.assert(
    fc.property(seconds, (batches) => {
      let number = 0;
      const all = batches.map((times) =>
        times.map((time): TimedEvent => ({ event: { _id: `e${number++}`, timestamp: time }, declared: time })),
      );
      const seen = all.reduce<Parameters<typeof remember>[0]>(remember, EMPTY_STATE);

      for (const timed of all.flat()) expect(lookupFor(seen, timed)).not.toBe('nowhere');
    }),
    OPTIONS,
  );
});

const leaf = fc.constantFrom<unknown>(null, 1, 'x', true, [], [1], {}, { c: 1 }, { c: {} });
const record = fc
  .record({
    datasetId: fc.constantFrom('crm', 'web', 'shop'),
    timestamp: fc.integer({ min: 1, max: 3 }),
    attributes: fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), leaf, { noNullPrototype: true }),
    identities: fc.uniqueArray(
      fc.record({ namespace: fc.constantFrom('CRMID', 'ECID'), id: fc.constantFrom('1', '2'), primary: fc.boolean() }),
      { selector: ({ namespace, id }) => `${namespace}${id}`, minLength: 1 },
    ),
  })
  .map((parts): ReceivedProfileRecord => ({ kind: 'profile', sandboxName: 'prod', source: {}, ...parts }));

test('records in any order of arrival end in the same bytes and the same attributes', () => {
  const known = (records: readonly ReceivedProfileRecord[]) =>
    records.reduce((all, each) => withRecord(withIdentities(all, each.identities), each), NO_ATTRIBUTES);
  const shuffled = fc
    .array(record, { maxLength: 8 })
    .chain((records) => fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })));

  fc.assert(
    fc.property(shuffled, ([first, second]) => {
      const [left, right] = [known(first), known(second)];

      expect(Buffer.compare(encodeAttributes(left), encodeAttributes(right))).toBe(0);
      expect(JSON.stringify(mergeFragments(left.fragments, DEFAULT_MERGE))).toBe(
        JSON.stringify(mergeFragments(right.fragments, DEFAULT_MERGE)),
      );
    }),
    OPTIONS,
  );
});
