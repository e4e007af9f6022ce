import { describe, expect, test } from 'vitest';
import { check, dependencies, type Expression, normalizeEvents, parse, print, simplify } from '#shared/pql/index.ts';
import { closest } from '#shared/pql/suggestion.ts';
import { composedSchema } from '#shared/schema/composition.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';

function checked(source: string, schema = defaultSchema): Expression {
  const parsed = parse(source);
  if (!parsed.ok) throw new Error(`${source}: ${JSON.stringify(parsed.error)}`);
  const { expression, diagnostics } = check(parsed.value, schema, { mode: 'segment' });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return expression;
}

describe('one canonical form', () => {
  test.each([
    ['a = 1 and b = 2', 'b = 2 and a = 1'],
    ['a = 1 and (b = 2 and c = 3)', '(c = 3 and a = 1) and b = 2'],
    ['a = 1 or b = 2 or a = 1', 'b = 2 or a = 1'],
    ['a = 1', 'not not (a = 1)'],
    ['a = 1', '!!(a = 1)'],
    ['a = 1', 'a = 1 and true'],
    ['a = 1', 'a = 1 or false'],
    ['true', 'a = 1 or true'],
    ['false', 'a = 1 and false'],
    ['a.equals("x")', 'a = "x"'],
    ['a.notEqualTo("x")', 'a != "x"'],
    ['a.equals("x", "y")', 'a in ["y", "x"]'],
    ['a in ["x", "y", "x"]', 'a in ["y", "x"]'],
    ['a in ["x"]', 'a = "x"'],
    ['a.isNull()', 'not a.isNotNull()'],
    ['xEvent[a = 1].count() > 0', 'xEvent.exists(a = 1)'],
    ['xEvent[a = 1].count() >= 1', 'xEvent.filter(a = 1).count() != 0'],
    ['xEvent[a = 1].count() = 0', 'not (xEvent[a = 1].count() > 0)'],
    ['xEvent[a = 1].count() < 1', 'xEvent[a = 1].count() <= 0'],
    ['xEvent.count() > 2', '3 <= xEvent.count()'],
    ['xEvent.count() < 3', '2 >= xEvent.count()'],
    ['not (xEvent.count() >= 3)', 'xEvent.count() < 3'],
    ['t occurs <= 24 hours before now', 't occurs <= 1 day before now'],
    ['t occurs <= 14 days before now', 't occurs <= 2 weeks before now'],
    ['t occurs <= 12 months before now', 't occurs <= 1 year before now'],
    ['t occurs < 1 day after now', 't occurs < 1 day from now'],
    ['xEvent.count() + 1 > 5', '5 < xEvent.count() + 1'],
    ['a like "x%"', 'a.like("x%")'],
    ['xEvent[a = 1 and b = 2]', 'xEvent[b = 2 and a = 1]'],
    ['t occurs today', 't occurs on this day'],
    ['(P) => P.a = 1', '$1.a = 1'],
  ])('%s and %s', (left, right) => {
    expect(print(simplify(checked(left)))).toBe(print(simplify(checked(right))));
  });

  test.each([
    ['not (a < 1)', 'a >= 1'],
    ['a != 1', 'not (a = 1)'],
    ['1 = a', 'a = 1'],
    ['a and a', 'a = 1'],
    ['a.equals("x", false)', 'a.equals("x")'],
    ['t occurs <= 7 days before now', 't occurs <= 1 month before now'],
    ['not not a', 'a'],
  ])('%s is not %s', (left, right) => {
    expect(print(simplify(checked(left)))).not.toBe(print(simplify(checked(right))));
  });
});

describe('dependencies', () => {
  const none = { attributes: [], eventTypes: [], eventFields: [], segments: [], readsEvents: false, readsNow: false };

  test.each([
    ['homeAddress.city = "x"', { attributes: ['homeAddress.city'] }],
    ['(P) => P.a.b = $1.c', { attributes: ['a.b', 'c'] }],
    ['orders[total > 1].count() > 0', { attributes: ['orders', 'orders.total'] }],
    ['orders.map((o) => o.total).sum() > limit', { attributes: ['limit', 'orders.total'] }],
    ['let x = a.b in x.c = 1', { attributes: ['a.b.c'] }],
    ['exists x from orders where x.total > 1', { attributes: ['orders.total'] }],
    ['$1.isNull()', { attributes: [''] }],
    ['inSegment("a") or inSegment("b")', { segments: ['a', 'b'] }],
    ['t occurs before now', { attributes: ['t'], readsNow: true }],
    ['t occurs today', { attributes: ['t'], readsNow: true }],
    ['currentYear() = 2024', { readsNow: true }],
    ['t occurs before date(2024, 1, 1)', { attributes: ['t'] }],
    ['xEvent', { readsEvents: true, eventTypes: 'any', eventFields: [''] }],
    ['xEvent.count() > 1', { readsEvents: true, eventTypes: 'any' }],
    ['xEvent[eventType = "a"].count() > 1', { readsEvents: true, eventTypes: ['a'], eventFields: ['eventType'] }],
    [
      'xEvent[eventType in ["a", "b"] and x = 1].count() > 1',
      { readsEvents: true, eventTypes: ['a', 'b'], eventFields: ['eventType', 'x'] },
    ],
    [
      'xEvent[eventType = "b" or eventType = "a"].count() > 1',
      { readsEvents: true, eventTypes: ['a', 'b'], eventFields: ['eventType'] },
    ],
    [
      'xEvent[eventType = "a" or x = 1].count() > 1',
      { readsEvents: true, eventTypes: 'any', eventFields: ['eventType', 'x'] },
    ],
    ['xEvent[not (eventType = "a")].count() > 1', { readsEvents: true, eventTypes: 'any', eventFields: ['eventType'] }],
    [
      'xEvent[eventType.equals("a", false)].count() > 1',
      { readsEvents: true, eventTypes: 'any', eventFields: ['eventType'] },
    ],
    [
      'xEvent[eventType = "a"].sum(price) > 1',
      { readsEvents: true, eventTypes: ['a'], eventFields: ['eventType', 'price'] },
    ],
    ['xEvent.exists(eventType = "a")', { readsEvents: true, eventTypes: 'any', eventFields: ['eventType'] }],
    [
      'xEvent[eventType = home].count() > 0',
      { readsEvents: true, eventTypes: 'any', eventFields: ['eventType', 'home'] },
    ],
    [
      'xEvent[price = ^limit].count() > 0',
      { readsEvents: true, eventTypes: 'any', eventFields: ['price'], attributes: ['limit'] },
    ],
    [
      'exists e from xEvent where e.eventType = "a" and e.x.y = 1',
      { readsEvents: true, eventTypes: ['a'], eventFields: ['eventType', 'x.y'] },
    ],
    ['forall e from xEvent : e.eventType = "a"', { readsEvents: true, eventTypes: 'any', eventFields: ['eventType'] }],
    [
      '(sum e.price over e from xEvent where e.eventType = "a") > 1',
      { readsEvents: true, eventTypes: ['a'], eventFields: ['eventType', 'price'] },
    ],
    [
      'xEvent[eventType = "a"].topN(timestamp, 1).head().x = 1',
      { readsEvents: true, eventTypes: ['a'], eventFields: ['eventType', 'timestamp', 'x'] },
    ],
    [
      'chain(xEvent, timestamp, [A: WHAT(eventType = "a"), B: WHAT(eventType = "b") WHERE(x = 1)])',
      { readsEvents: true, eventTypes: ['a', 'b'], eventFields: ['eventType', 'timestamp', 'x'] },
    ],
    [
      'chain(xEvent, timestamp, [A: WHAT(eventType = "a"), B: WHAT(x = 1)])',
      { readsEvents: true, eventTypes: 'any', eventFields: ['eventType', 'timestamp', 'x'] },
    ],
    [
      'chain(xEvent, timestamp, [A: WHAT(eventType = "a"), B: not WHAT(eventType = "b")])',
      { readsEvents: true, eventTypes: ['a', 'b'], eventFields: ['eventType', 'timestamp'], readsNow: true },
    ],
    [
      'chain(xEvent, timestamp, [A: WHAT(eventType = "a") WHEN(before loyalty.joinDate)])',
      {
        readsEvents: true,
        eventTypes: ['a'],
        eventFields: ['eventType', 'timestamp'],
        attributes: ['loyalty.joinDate'],
      },
    ],
  ])('%s', (source, expected) => {
    expect(dependencies(checked(source))).toEqual({ ...none, ...expected });
  });
});

describe('resolution', () => {
  test('a checked tree names what each path starts at', () => {
    expect(print(checked('xEvent[productListItems[SKU = person.gender and eventType = "a"]]'))).toBe(
      'xEvent[productListItems[SKU = $1.person.gender and ^.eventType = "a"]]',
    );
  });

  test('a variable that hides a field is told from it', () => {
    expect(print(checked('let a = 1 in $1.a = a'))).toBe('let a = 1 in $1.a = a');
  });
});

describe('schemas', () => {
  const extended = composedSchema({
    profile: {
      properties: {
        age: { type: 'integer' },
        tags: { type: 'array', items: { type: 'string' } },
        since: { type: 'string', format: 'date-time' },
        person: { properties: { shoeSize: { type: 'number' } } },
        attributes: { type: 'object', additionalProperties: { type: 'boolean' } },
      },
    },
    event: { properties: { store: { type: 'string' }, timestamp: {} } },
  });
  const codesOf = (source: string) => {
    const parsed = parse(source);
    return parsed.ok
      ? check(parsed.value, extended, { mode: 'segment' }).diagnostics.map(({ code }) => code)
      : ['parse'];
  };

  test.each([
    ['age = "x"', ['PQL3004']],
    ['age = "5"', []],
    ['tags.lower()', []],
    ['tags + 1', ['PQL3003']],
    ['since > "soon"', ['PQL3004']],
    ['person.shoeSize = "x"', ['PQL3004']],
    ['person.birthYear = "x"', ['PQL3004']],
    ['attributes.get("a") = "x"', ['PQL3004']],
    ['xEvent[store + 1 > 0]', ['PQL3003']],
    ['xEvent[timestamp = "x"]', ['PQL3004']],
    ['unknown.path = "x"', []],
  ])('%s', (source, codes) => {
    expect(codesOf(source)).toEqual(codes);
  });
});

describe('events', () => {
  test('are ordered, distinct and in epoch milliseconds', () => {
    const raw = [
      { _id: 'b', timestamp: '1970-01-01T00:00:00.002Z' },
      { _id: 'a', timestamp: 2 },
      { _id: 'b', timestamp: 5 },
      { _id: 'c', timestamp: 1 },
      'no event',
      null,
      [],
    ];
    expect(normalizeEvents(raw)).toEqual([
      { _id: 'c', timestamp: 1 },
      { _id: 'a', timestamp: 2 },
      { _id: 'b', timestamp: 2 },
    ]);
  });

  test('without a readable time come first', () => {
    const events = normalizeEvents([{ _id: 'a', timestamp: 1 }, { _id: 'b' }, { _id: 'c', timestamp: 'soon' }]);
    expect(events.map(({ _id }) => _id)).toEqual(['b', 'c', 'a']);
  });
});

test('suggestions are near or none', () => {
  const known = ['count', 'concat', 'contains', 'in'];
  expect(['cuont', 'contain', 'conat', 'xyz', 'im'].map((word) => closest(word, known))).toEqual([
    'count',
    'contains',
    'concat',
    undefined,
    'in',
  ]);
});
