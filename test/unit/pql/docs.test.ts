/** docs/pql.md against the language: each example runs, and no function, limit or diagnostic lacks its row. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FUNCTIONS, ITEM_SIGNATURES } from '#shared/pql/functions.ts';
import { compilePql, interpret, normalizeEvents, toJsonValue } from '#shared/pql/index.ts';
import * as limits from '#shared/pql/limits.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/pql.md'), 'utf8');
const block = (name: string) => JSON.parse(new RegExp(`\`\`\`json ${name}\n([^]*?)\`\`\``).exec(page)?.[1] ?? 'null');

const input = {
  profile: block('profile') as Record<string, unknown>,
  events: normalizeEvents(block('events') as unknown[]),
  now: Date.parse('2024-02-29T12:00:00Z'),
};

const rows = [...page.matchAll(/^\| `([^`]+)` \| .* \| `([^`]+)` \| `([^`]+)` \|$/gm)];
const lines = [...page.matchAll(/^`(.+)` → `(.+)`$/gm)];
const examples = [
  ...rows.map(([, , expression, result]) => [expression, result] as const),
  ...lines.map(([, expression, result]) => [expression, result] as const),
];

test.each(examples)('%s', (expression, result) => {
  const compiled = compilePql(expression ?? '', defaultSchema, { mode: 'value' });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));

  expect(toJsonValue(compiled.value.evaluate(input))).toEqual(JSON.parse(result ?? ''));
  expect(toJsonValue(interpret(compiled.value.checked, input, { mode: 'value' }))).toEqual(JSON.parse(result ?? ''));
});

test('every function has a row with an example', () => {
  const documented = new Set(rows.map(([, name]) => name));
  expect([...FUNCTIONS.keys(), ...ITEM_SIGNATURES.keys()].filter((name) => !documented.has(name))).toEqual([]);
});

describe('diagnostic codes', () => {
  const declared = [...readFileSync(join(root, 'shared/pql/diagnostic.ts'), 'utf8').matchAll(/'(PQL\d{4})'/g)];
  const codes = [...new Set(declared.map(([, code]) => code))].toSorted();

  test('each has a row, and each row a code', () => {
    expect([...page.matchAll(/^\| (PQL\d{4}) \|/gm)].map(([, code]) => code)).toEqual(codes);
  });
});

test('each limit has a row with its value', () => {
  const documented = Object.fromEntries(
    [...page.matchAll(/^\| `([A-Z_]+_MAX)` \| (\d+) \|/gm)].map(([, name, value]) => [name, Number(value)]),
  );
  expect(documented).toEqual({ ...limits });
});
