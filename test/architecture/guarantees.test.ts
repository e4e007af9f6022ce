/** A promise is worth what holds it: each row of docs/guarantees.md names tests, and they exist. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const rows = readFileSync('docs/guarantees.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Promise'));
const testsOf = (row: string) => row.match(/test\/[\w./-]+\.test\.ts/g) ?? [];

test.each(rows)('%s', (row) => {
  const tests = testsOf(row);

  expect(tests).not.toEqual([]);
  expect(tests.filter((path) => !existsSync(path))).toEqual([]);
});
