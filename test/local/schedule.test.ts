import { expect, test } from 'vitest';
import { parseSchedule } from '#local/schedule.ts';

const now = Date.parse('2026-11-23T10:20:30Z');
const next = (expression: string) => new Date(now + parseSchedule(expression)(now)).toISOString();

test.each([
  ['rate(1 minute)', '2026-11-23T10:21:30.000Z'],
  ['rate(5 minutes)', '2026-11-23T10:25:30.000Z'],
  ['rate(1 day)', '2026-11-24T10:20:30.000Z'],
  ['cron(0 12 * * ? *)', '2026-11-23T12:00:00.000Z'],
  ['cron(0/15 * * * ? *)', '2026-11-23T10:30:00.000Z'],
  ['cron(0 8 1 * ? *)', '2026-12-01T08:00:00.000Z'],
  ['cron(0 8 ? * 1,7 *)', '2026-11-28T08:00:00.000Z'],
])('%s fires next at %s', (expression, expected) => {
  expect(next(expression)).toBe(expected);
});

test.each(['rate(1 fortnight)', 'cron(0 12 * *)', 'cron(0 12 L * ? *)', 'at(2026-01-01T00:00:00)'])(
  '%s is an error by name',
  (expression) => {
    expect(() => parseSchedule(expression)).toThrow(expression.slice(0, 4));
  },
);
