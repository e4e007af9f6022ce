/** docs/errors.md and docs/pql.md say what each code means; a code that neither knows helps nobody. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROBLEMS } from '#shared/api/problem.ts';

const rows = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([\w-]+)` \| (\d+) \| ([^|]+) \| (.+) \|$/gm)];

test('docs/errors.md lists every problem with its status and title, in their order', () => {
  const listed = rows.map(([, code, status, title]) => [code, Number(status), title]);
  expect(listed).toEqual(Object.entries(PROBLEMS).map(([code, [status, title]]) => [code, status, title]));
});

test('docs/pql.md lists every code of a diagnostic', () => {
  const source = readFileSync('shared/pql/diagnostic.ts', 'utf8');
  const codes = [...source.matchAll(/^ {2}\| '(PQL\d{4})'/gm)].map(([, code]) => code);
  const pql = readFileSync('docs/pql.md', 'utf8');

  expect(codes.length).toBeGreaterThan(30);
  expect(codes.filter((code) => !pql.includes(`${code}`))).toEqual([]);
});
