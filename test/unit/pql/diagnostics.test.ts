/** Each diagnostic code with the mistake that causes it and the place it points at; wording is free to change. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check, fromJson, parse, render } from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';

/** The source, with «…» around what is at fault. */
const MISTAKES: readonly (readonly [code: string, marked: string])[] = [
  ['PQL1001', 'a = 1 «&» b'],
  ['PQL1001', 'a = «``»'],
  ['PQL1002', 'a = «"abc»'],
  ['PQL1002', 'a = 1 «/* b»'],
  ['PQL1002', '«`abc»'],
  ['PQL1003', 'a = "x«\\q»"'],
  ['PQL1004', "a = «'b'»"],
  ['PQL1004', 'a = «“b”»'],
  ['PQL1005', 'a = «1e400»'],
  ['PQL2001', 'a = «»'],
  ['PQL2001', 'a = «)»'],
  ['PQL2001', 'a.«5»'.replace('.«5»', '«.5»')],
  ['PQL2002', 'a = 1 «=» 1'],
  ['PQL2002', '-«select» x from a'],
  ['PQL2003', 'a occurs < 3 «moons» before now'],
  ['PQL2004', 'a occurs < «1.5» days before now'],
  ['PQL2005', 'chain(xEvent, timestamp, [A: not WHAT(a) «COUNT»(1)])'],
  ['PQL2006', 'forall x from a where b «:» c'],
  ['PQL2106', 'a occurs < «1000000001» days before now'],
  ['PQL3001', '«a.cuont()»'],
  ['PQL3002', '«a.lower(1)»'],
  ['PQL3002', '«a.topN(b)»'],
  ['PQL3003', '«homeAddress.city» + 1'],
  ['PQL3003', 'homeAddress.primary < «true»'],
  ['PQL3004', 'person.birthYear = «"x"»'],
  ['PQL3005', 'a[b = «^^»c]'],
  ['PQL3006', '«$2».a'],
  ['PQL3006', '(P, «Q») => P.a'],
  ['PQL3007', 'chain(xEvent, timestamp, [A: WHAT(a) WHEN(after «A»)])'],
  ['PQL3008', 'a matches «"("»'],
  ['PQL3008', 'a.regexGroup(«"(?<=a)"», 0)'],
  ['PQL3009', '«date(2023, 2, 29)»'],
  ['PQL3010', '[«(x) => x»]'],
  ['PQL3010', 'a.lower(«x => x»)'.replace('lower', 'concat')],
  ['PQL3011', 'exists x from a, «x» from b'],
  ['PQL3011', 'm.map((K, «K») => K)'],
  ['PQL3011', 'let «xEvent» = 1 in a'],
  ['PQL3013', 'inSegment(«a»)'],
  ['PQL4001', '«a = null»'],
  ['PQL4001', '«homeAddress.city = person.birthYear»'],
  ['PQL4002', 'a[«0»]'],
  ['PQL4003', '«person.birthYear.a»'],
];

/** These have tests of their own: limits.test.ts, json.test.ts, schema/unknown-fields.test.ts and the time zone below. */
const ELSEWHERE = [
  'PQL2101',
  'PQL2102',
  'PQL2103',
  'PQL2104',
  'PQL2105',
  'PQL2201',
  'PQL3012',
  'PQL3014',
  'PQL3015',
  'PQL4004',
];

const diagnosticsOf = (source: string) => {
  const parsed = parse(source);
  return parsed.ok ? check(parsed.value, defaultSchema, { mode: 'segment' }).diagnostics : parsed.error;
};

test.each(MISTAKES)('%s: %s', (code, marked) => {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const source = marked.replace('«', '').replace('»', '');

  const found = diagnosticsOf(source).map((each) => [each.code, each.start, each.end]);

  expect(found).toContainEqual([code, start, end]);
});

test('every code has such a mistake', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../shared/pql/diagnostic.ts'), 'utf8');
  const codes = new Set([...source.matchAll(/'(PQL\d{4})'/g)].map(([, code]) => code));
  expect(new Set([...MISTAKES.map(([code]) => code), ...ELSEWHERE])).toEqual(codes);
});

test('an unknown time zone is refused', () => {
  const parsed = parse('now');
  if (!parsed.ok) throw new Error('now does not parse');
  const { diagnostics } = check(parsed.value, defaultSchema, { mode: 'segment', timeZone: 'Nowhere/Atlantis' });
  expect(diagnostics.map(({ code }) => code)).toEqual(['PQL3012']);
});

describe('places', () => {
  test('line and column count from 1', () => {
    expect(diagnosticsOf('a = 1 and\n  b = )')).toMatchObject([{ line: 2, column: 7, start: 16, end: 17 }]);
  });

  test('what stands after a string over several lines is placed right', () => {
    expect(diagnosticsOf('a = "x\ny" and b = )')).toMatchObject([{ line: 2, column: 12 }]);
  });

  test('checked mistakes have lines too', () => {
    expect(diagnosticsOf('a = 1\nand cuont(b)')).toMatchObject([{ code: 'PQL3001', line: 2, column: 5 }]);
  });

  test('a mistake is shown under its line', () => {
    const source = 'a = 1 and\n  b = )';
    const [diagnostic] = diagnosticsOf(source);
    const lines = diagnostic ? render(source, diagnostic).split('\n') : [];
    expect(lines.slice(1)).toEqual(['    b = )', '        ^']);
  });

  test('a hint is shown below', () => {
    const [diagnostic] = diagnosticsOf("a = 'b'");
    expect(diagnostic && render("a = 'b'", diagnostic)).toMatch(/\n {6}\^\^\^\n {2}hint: write "b"$/);
  });
});

describe('recovery', () => {
  test.each([
    ['(a = ) and (b = )', [5, 16]],
    ['a = and b = or c =', [4, 12, 18]],
    ['[a =, b =]', [4, 9]],
    ['f(a =, b).c = and d', [5, 14]],
    ["a = 'x' and b = 'y'", [4, 16]],
    ['a # b and c § d', [2, 12]],
    ['cuont(a) and lowre(b)', [0, 13]],
    ['person.birthYear = "x" or loyalty.points = "y"', [19, 43]],
  ])('%s has several mistakes', (source, starts) => {
    expect(diagnosticsOf(source).map(({ start }) => start)).toEqual(starts);
  });
});

describe('suggested fixes', () => {
  test.each([
    ['cuont(a)', 'count'],
    ['a.startWith("x")', 'startsWith'],
    ['a occurs < 3 hurs before now', 'hours'],
    ['a == b', '"="'],
    ['a <> b', '"!="'],
    ['a not in [1]', 'notIn'],
    ['a && b', 'and'],
    ["a = 'b'", '"b"'],
    ['a = from', '`from`'],
    ['and = 5', '`and`'],
  ])('%s', (source, fix) => {
    const hints = diagnosticsOf(source).map(({ hint }) => hint ?? '');
    expect(hints.join('\n')).toContain(fix);
  });
});

describe('pql/json', () => {
  const literal = { nodeType: 'literal', literalType: 'Integer', value: 1 };

  test.each([
    ['no object', 5],
    ['a list', [literal]],
    ['null', null],
    ['no nodeType', {}],
    ['an unknown nodeType', { nodeType: 'constructor' }],
    ['a literal of a wrong type', { ...literal, value: 'x' }],
    ['an unknown literalType', { ...literal, literalType: 'toString' }],
    ['a fraction as an integer', { ...literal, value: 1.5 }],
    ['params that are no list', { nodeType: 'fnApply', fnName: 'not', params: literal }],
    ['a param that is no node', { nodeType: 'fnApply', fnName: 'not', params: [5] }],
    ['an empty name', { nodeType: 'fieldLookup', fieldName: '' }],
    ['a name that text can not write', { nodeType: 'fieldLookup', fieldName: 'a`b' }],
    ['a lambda without parameters', { nodeType: 'fnCreate', params: [], body: literal }],
    ['a negative position', { nodeType: 'parameterReference', position: -1 }],
    ['occurs without a form', { nodeType: 'fnApply', fnName: 'occurs', params: [literal, literal] }],
    ['a period without a unit', { nodeType: 'fnApply', fnName: 'period', params: [] }],
    ['a step that is none', { nodeType: 'fnApply', fnName: 'chain', params: [literal, literal, literal] }],
    [
      'select of no declaration',
      { nodeType: 'fnApply', fnName: 'sum', params: [{ nodeType: 'varDecl', varName: 'x' }] },
    ],
  ])('%s is refused', (_, value) => {
    expect(fromJson(value)).toMatchObject({ error: [{ code: 'PQL2201', severity: 'error' }] });
  });

  test.each([
    ['=', 1],
    ['!', 2],
    ['+', 3],
  ])('the operator %s does not take %i params', (fnName, count) => {
    const given = { nodeType: 'fnApply', fnName, params: Array(count).fill(literal) };
    expect(fromJson(given)).toMatchObject({ error: [{ code: 'PQL3002' }] });
  });

  test.each([-1, 1.5, 2_000_000_000, 'x', null])('occurs does not count %j units', (count) => {
    const value = (of: unknown) => ({ nodeType: 'literal', literalType: 'Any', value: of });
    const params = [literal, value('<='), value(count), value('days'), value('before'), literal];
    expect(fromJson({ nodeType: 'fnApply', fnName: 'occurs', params })).toMatchObject({ error: [{ code: 'PQL2201' }] });
  });

  test.each(['', '2', '= 2', '2 to 5', '>= 2', '!= 0'].map((count) => [count, count !== ''] as const))(
    'a chain step with the count %j is read: %s',
    (count, isRead) => {
      const what = { nodeType: 'literal', literalType: 'Boolean', value: true };
      const params = [literal, literal, { nodeType: 'chainStep', label: 'A', what, count }];
      expect(fromJson({ nodeType: 'fnApply', fnName: 'chain', params }).ok).toBe(isRead);
    },
  );

  test.each(['> 2 to 5', '99999999999', '=2', '2 to 9999999999'])('the count %j is refused', (count) => {
    const params = [literal, literal, { nodeType: 'chainStep', label: 'A', what: literal, count }];
    expect(fromJson({ nodeType: 'fnApply', fnName: 'chain', params })).toMatchObject({ error: [{ code: 'PQL2201' }] });
  });

  test('a function that text can not write is refused', () => {
    expect(fromJson({ nodeType: 'fnApply', fnName: 'a`b', params: [literal] })).toMatchObject({
      error: [{ code: 'PQL3001' }],
    });
  });
});
