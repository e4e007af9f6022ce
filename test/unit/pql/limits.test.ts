/** One test on each limit: what is allowed at it, and the error that names it one beyond. */
import { describe, expect, test } from 'vitest';
import { compilePql, fromJson, parse, toJsonValue } from '#shared/pql/index.ts';
import * as limits from '#shared/pql/limits.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';

const segment = { mode: 'segment' } as const;
const errorsOf = (source: string) => {
  const compiled = compilePql(source, defaultSchema, segment);
  return compiled.ok ? [] : compiled.error.map(({ code, message }) => `${code} ${/[A-Z_]+_MAX/.exec(message)?.[0]}`);
};
const times = (count: number, text: string, separator = '') =>
  Array.from({ length: count }, () => text).join(separator);

test('source length', () => {
  const blanks = times(limits.SOURCE_LENGTH_MAX - 4, ' ');
  expect(errorsOf(`true${blanks}`)).toEqual([]);
  expect(errorsOf(`true ${blanks}`)).toEqual(['PQL2101 SOURCE_LENGTH_MAX']);
});

describe('nesting depth', () => {
  const most = limits.NESTING_DEPTH_MAX;

  test.each([
    ['parentheses', `${times(60, '(')}true${times(60, ')')}`, `${times(most, '(')}true${times(most, ')')}`],
    ['not', `${times(most - 5, 'not ')}true`, `${times(most, 'not ')}true`],
    ['lists', `${times(60, '[')}${times(60, ']')}`, `${times(most, '[')}${times(most, ']')}`],
    ['a path', `a${times(most - 5, '.a')}`, `a${times(most, '.a')}`],
    ['a sum', `1${times(most - 5, ' + 1')}`, `1${times(most, ' + 1')}`],
    ['filters', `a${times(most - 5, '[b]')}`, `a${times(most, '[b]')}`],
    ['let', `${times(40, 'let x = 1 in ')}x`, `${times(most, 'let x = 1 in ')}x`],
    ['lambdas', `[1].map(${times(1, 'x => ')}x)`, times(most, 'x => ')],
  ])('%s', (_, allowed, refused) => {
    expect(errorsOf(allowed)).toEqual([]);
    expect(errorsOf(refused)).toContain('PQL2102 NESTING_DEPTH_MAX');
  });

  test.each(['(', '[', '{a:', 'not ', '-', 'a(', 'a[', 'let x = ', '!', 'x => ', '^', '$1[', 'if(', 'chain('])(
    'any number of %s ends with a diagnostic',
    (text) => {
      expect(parse(times(Math.floor(limits.SOURCE_LENGTH_MAX / text.length), text)).ok).toBe(false);
    },
  );

  test('pql/json', () => {
    const nest = (depth: number): unknown =>
      depth === 0
        ? { nodeType: 'literal', literalType: 'Boolean', value: true }
        : { nodeType: 'fnApply', fnName: 'not', params: [nest(depth - 1)] };
    expect(fromJson(nest(most - 1)).ok).toBe(true);
    expect(fromJson(nest(most))).toMatchObject({ error: [{ code: 'PQL2102' }] });
    expect(fromJson(nest(3_000))).toMatchObject({ error: [{ code: 'PQL2102' }] });
  });
});

test('node count', () => {
  const list = `[${times(999, '1', ', ')}]`;
  expect(errorsOf(times(4, list, ' and '))).toEqual([]);
  expect(errorsOf(times(11, list, ' and '))).toEqual(['PQL2103 NODE_COUNT_MAX']);
});

describe('list size', () => {
  const most = limits.LIST_SIZE_MAX;

  test.each([
    ['a list', `[${times(most, '1', ', ')}]`, `[${times(most + 1, '1', ', ')}]`],
    ['arguments', `n.equals(${times(most, '1', ', ')})`, `n.equals(${times(most + 1, '1', ', ')})`],
    ['and', times(most, 'a', ' and '), times(most + 1, 'a', ' and ')],
    ['or', times(most, 'a', ' or '), times(most + 1, 'a', ' or ')],
  ])('%s', (_, allowed, refused) => {
    expect(errorsOf(allowed)).toEqual([]);
    expect(errorsOf(refused)).toContain('PQL2104 LIST_SIZE_MAX');
  });

  test('pql/json', () => {
    const literal = { nodeType: 'literal', literalType: 'Integer', value: 1 };
    const list = (size: number) => ({ nodeType: 'literal', literalType: 'List', value: Array(size).fill(literal) });
    expect(fromJson(list(most)).ok).toBe(true);
    expect(fromJson(list(most + 1))).toMatchObject({ error: [{ code: 'PQL2104' }] });
  });
});

test('chain steps', () => {
  const chain = (steps: number) =>
    `chain(xEvent, timestamp, [${Array.from({ length: steps }, (_, at) => `S${at}: WHAT(true)`).join(', ')}])`;
  expect(errorsOf(chain(limits.CHAIN_STEPS_MAX))).toEqual([]);
  expect(errorsOf(chain(limits.CHAIN_STEPS_MAX + 1))).toContain('PQL2105 CHAIN_STEPS_MAX');
});

test('declarations', () => {
  const select = (count: number) => `select ${Array.from({ length: count }, (_, at) => `x${at} from a`).join(', ')}`;
  expect(errorsOf(select(limits.DECLARATIONS_MAX))).toEqual([]);
  expect(errorsOf(select(limits.DECLARATIONS_MAX + 1))).toContain('PQL2105 DECLARATIONS_MAX');
});

test('counts', () => {
  expect(errorsOf(`t occurs <= ${limits.COUNT_MAX} days before now`)).toEqual([]);
  expect(errorsOf(`t occurs <= ${limits.COUNT_MAX + 1} days before now`)).toEqual(['PQL2106 COUNT_MAX']);
});

test('pattern length', () => {
  expect(errorsOf(`s matches "${times(limits.PATTERN_LENGTH_MAX, 'a')}"`)).toEqual([]);
  expect(errorsOf(`s matches "${times(limits.PATTERN_LENGTH_MAX + 1, 'a')}"`)).toEqual(['PQL3008 PATTERN_LENGTH_MAX']);
});

test('pattern program', () => {
  expect(errorsOf('s matches "(a{30}){30}"')).toEqual([]);
  expect(errorsOf('s matches "(a{30}){30}(a{30}){30}(a{30}){30}(a{30}){30}(a{30}){30}(a{30}){30}"')).toEqual([
    'PQL3008 PATTERN_PROGRAM_MAX',
  ]);
});

test('depth of data', () => {
  const nested = (open: string, close: string) =>
    JSON.parse(`${times(20_000, open)}1${times(20_000, close)}`) as unknown;
  const deep = nested('[', ']');
  const profile = { deep, objects: nested('{"a":', '}'), copy: nested('{"a":', '}'), loyalty: { joinDate: deep } };
  const input = { profile, events: [], now: 0 };
  const sources = [
    ...[
      'deep.x',
      'deep = 1',
      'deep = deep',
      'objects = copy',
      'deep.equals("a", "b", false)',
      'loyalty.joinDate',
      '[deep].distinct()',
    ],
    ...[
      'deep occurs before now',
      'deep.sum()',
      'deep in [1]',
      '[deep].groupBy(this)',
      'deep.contains("a")',
      'deep',
      'objects',
    ],
  ];
  for (const source of sources) {
    const compiled = compilePql(source, defaultSchema, { mode: 'value' });
    if (compiled.ok) expect(() => toJsonValue(compiled.value.evaluate(input)), source).not.toThrow();
  }
});

test('diagnostics', () => {
  const parsed = parse(`[${times(100, 'a =', ', ')}]`);
  expect(parsed.ok ? 0 : parsed.error.length).toBe(limits.DIAGNOSTICS_MAX);
});
