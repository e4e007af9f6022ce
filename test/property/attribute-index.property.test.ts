/** A definition that a change of attributes may concern is never passed over: then it would not be evaluated. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttributeIndex } from '#shared/segment/attribute-index.ts';
import { TERMS_MAX } from '#shared/segment/attribute-terms.ts';
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
  ...['exists X from a where X = "x"', 'if(a = "x", b, a) = "y"', 'a occurs <= 5 days before now'],
  ...['xEvent[price > ^.a].exists()', 'a.b.count() = 0', 'a matches "^x"', 'a.startsWith("x")', 'b < 5', 'b in ["y"]'],
  ...['inSegment("some")', 'xEvent.count() = 0', 'c', 'c >= 3', 'c = 4', 'c < 6'],
];

const part = fc.constantFrom(...EXPRESSIONS);
const { tree: written } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    part.map((text) => `(${text})`),
    tie('tree').map((text) => `not (${text})`),
    fc.tuple(tie('tree'), fc.constantFrom('and', 'or'), tie('tree')).map(([one, by, two]) => `(${one} ${by} ${two})`),
  ),
}));

const define = (expression: string) => ({ expression, ...analyzeDefinition({ expression }) });
type Definition = ReturnType<typeof define>;

const scalar = fc.constantFrom(
  null,
  true,
  false,
  0,
  1,
  3,
  4,
  4.5,
  5,
  6,
  -5,
  'x',
  'y',
  'X',
  '5',
  'true',
  'm',
  '["x"]',
  '',
);
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.record({ b: scalar }), fc.constant(undefined));
const attributes = fc.record({ a: value, b: value, c: fc.oneof(scalar, fc.integer({ min: -2, max: 8 })) });

const answer = (profile: object, { plan }: Definition) =>
  plan.evaluate({ profile: profile as Record<string, unknown>, rows: () => [], now: 0, inSegment: () => false });

function requireSound(definitions: readonly Definition[], before: object, after: object): void {
  const index = new AttributeIndex(definitions);
  // Asked twice, so that what is kept of the first asking answers the second.
  for (const [from, to] of [
    [before, after],
    [after, before],
    [before, after],
  ] as const) {
    const found = index.changed(from as never, to as never);
    const holds = index.holding(to as never);
    for (const definition of definitions) {
      const [was, is] = [answer(from, definition), answer(to, definition)];
      if (was !== is) expect(found.has(definition), `${definition.expression} is passed over`).toBe(true);
      expect(found.get(definition) ?? is, definition.expression).toBe(is);
      expect(holds(definition) ?? is, definition.expression).toBe(is);
    }
  }
}

test('every definition whose answer differs is among those concerned, and an answer that is read off is right', () => {
  const definitions = EXPRESSIONS.map(define);
  fc.assert(
    fc.property(attributes, attributes, (before, after) => requireSound(definitions, before, after)),
    { numRuns: 300 },
  );
});

test('the same of conditions joined and negated in any way, however many terms they multiply out to', () => {
  const some = fc.array(written.map(define), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(some, attributes, attributes, (definitions, before, after) => requireSound(definitions, before, after)),
    { numRuns: 300 },
  );
});

const names = (index: AttributeIndex<Definition>, before: object, after: object) =>
  [...index.changed(before as never, after as never).keys()].map(({ expression }) => expression);

test.each([
  ['a = "x"', { a: 'y' }, { a: 'z' }],
  ['a < 5', { a: 6 }, { a: 7 }],
  ['a = "x" and b < 5', { b: 6 }, { b: 7 }],
  ['a = "x" and b < 5', { a: 'y', b: 6 }, { a: 'y', b: 4 }],
  ['a = "x" or b < 5', { a: 'x', b: 6 }, { a: 'x', b: 4 }],
  ['not (a = "x" or a = "y")', { a: 'x' }, { a: 'y' }],
  ['xEvent.count() = 0 and a = "x"', { a: 'y' }, { a: 'z' }],
])('%s is not concerned by a change from %j to %j', (expression, before, after) => {
  expect(names(new AttributeIndex([define(expression)]), before, after)).toEqual([]);
});

test('a definition that multiplies out to too many terms is looked at whenever one of its attributes changes', () => {
  const clauses = Array.from({ length: 6 }, (_, index) => `(f${index}.a = "x" or f${index}.b = "y")`);
  const definition = define(clauses.join(' and '));
  expect(2 ** clauses.length).toBeGreaterThan(TERMS_MAX);
  const index = new AttributeIndex([definition]);

  expect(names(index, { f5: { a: 'z' } }, { f5: { a: 'x' } })).toEqual([definition.expression]);
  expect(names(index, { f5: { a: 'z' } }, { f5: { a: 'z' }, other: 1 })).toEqual([]);
});
