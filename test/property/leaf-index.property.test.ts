/** A leaf that matches an event is always found for it: otherwise the event would be lost to the leaf. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { buildRules, NO_RULES } from '#shared/segment/rules.ts';

const CONDITIONS = [
  ...['eventType = "a"', 'eventType = "a" and x = "1"', 'eventType in ["a", "b"] and x in ["1", "2"]', 'x = "1"'],
  ...['eventType = "a" and "1" = x', 'eventType = "b" and y.z = "1"', 'x != "1"', 'x.equals("A", false)', 'x = 1'],
  ...['eventType = "a" and x = "1" and y.z in ["1"]', 'eventType = "a" and (x = "1" or x = "2")', 'not (x = "1")'],
];

const rules = compileRules(
  CONDITIONS.reduce(
    (artifact, condition, index) =>
      buildRules(artifact, {
        kind: 'put',
        definition: { id: `s${index}`, name: `s${index}`, version: 1, expression: `xEvent[${condition}].count() > 1` },
      }),
    NO_RULES,
  ),
);

const scalar = fc.constantFrom(null, undefined, 1, 2, true, '1', '2', 'a', 'A', '');
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
const event = fc.record({
  _id: fc.constant('e'),
  timestamp: fc.constant(1),
  eventType: fc.constantFrom('a', 'b', 'c', undefined),
  x: value,
  y: fc.oneof(scalar, fc.record({ z: value }), fc.array(fc.record({ z: value }), { maxLength: 2 })),
});

test('every leaf that matches an event is among those found for it', () => {
  fc.assert(
    fc.property(event, (stored) => {
      const found = new Set(rules.leavesFor(stored as never));
      const missed = [...rules.leaves.values()].filter((leaf) => leaf.matches(stored as never) && !found.has(leaf));
      expect(missed.map(({ key }) => key)).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});
