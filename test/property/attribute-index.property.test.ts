/** A definition that a change of attributes may concern is never passed over: then it would not be evaluated. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexAttributes } from '#shared/segment/attribute-index.ts';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';

const EXPRESSIONS = [
  ...[
    'a = "x"',
    'a != "x"',
    'a in ["x", "y"]',
    'a notIn ["x", "y"]',
    'a = "5"',
    'a >= "m"',
    'a = true',
    'a.equals("X", false)',
  ],
  ...['a < 5', 'a <= 5', 'a > 5', 'a >= 5', 'a = 5', 'a != 5', 'a in [1, 5]', 'a', 'not a', 'a.exists()', 'a.isNull()'],
  ...['a.b = "x"', 'a.b < 5', 'a.count() > 1', 'a.includes("x")', 'a = b', 'a + 1 > b', '5 > a', '"x" = a'],
  ...['a = "x" and b < 5', 'a = "x" or not (b in ["y"])', 'exists X from a where X = "x"', 'if(a = "x", b, a) = "y"'],
  ...['xEvent[price > ^.a].exists() or a > 3', 'a.b.count() = 0 and b = "y"', 'a matches "^x"', 'a.startsWith("x")'],
];

const definitions = EXPRESSIONS.map((expression) => ({ expression, ...analyzeDefinition({ expression }) }));
const concerned = indexAttributes(definitions);

const scalar = fc.constantFrom(null, true, false, 0, 1, 4, 5, 6, -5, 'x', 'y', 'X', '5', 'true', 'm', 'xyz', '');
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.record({ b: scalar }), fc.constant(undefined));
const attributes = fc.record({ a: value, b: value });

test('every definition whose answer differs is among those concerned', () => {
  fc.assert(
    fc.property(attributes, attributes, (before, after) => {
      const found = new Set(concerned(before, after));
      const answer = (profile: object, { plan }: (typeof definitions)[number]) =>
        plan.evaluate({ profile: profile as Record<string, unknown>, rows: () => [], now: 0, inSegment: () => false });
      const missed = definitions.filter(
        (definition) => answer(before, definition) !== answer(after, definition) && !found.has(definition),
      );
      expect(missed.map(({ expression }) => expression)).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test('a change beyond what a definition asks for does not concern it', () => {
  const names = (before: object, after: object) =>
    [...concerned(before as never, after as never)].map(({ expression }) => expression);

  expect(names({ a: 'y' }, { a: 'z' })).not.toContain('a = "x"');
  expect(names({ a: 6 }, { a: 7 })).not.toContain('a < 5');
  expect(names({ b: 6 }, { b: 7 })).not.toContain('a = "x" and b < 5');
});
