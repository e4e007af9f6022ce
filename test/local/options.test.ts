import { expect, test } from 'vitest';
import { parseOptions } from '#local/options.ts';

test('everything has a default', () => {
  expect(parseOptions([])).toEqual({ port: 8787, demo: true, dataFolder: undefined, clockStart: undefined });
});

test('every option is read', () => {
  const given = ['--port', '0', '--no-demo', '--data', 'state', '--clock', '1998-07-01T00:00:00Z'];

  expect(parseOptions(given)).toEqual({ port: 0, demo: false, dataFolder: 'state', clockStart: 899_251_200_000 });
});

test.each([
  [['--port', 'http'], /--port http/],
  [['--port', '70000'], /65535/],
  [['--clock', 'yesterday'], /1998-07-01T00:00:00Z/],
  [['--clock', '1998-07-01'], /offset/],
  [['--clock', '1998-13-01T00:00:00Z'], /--clock/],
  [['--data', ''], /--data/],
  [['--prot', '1'], /usage/],
  [['8787'], /usage/],
])('%j is refused with what would be right', (given, message) => {
  expect(() => parseOptions(given)).toThrow(message);
});
