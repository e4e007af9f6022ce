/** Quartz cron as callers write it, against what EventBridge Scheduler documents that it takes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cronOccurrences } from '#shared/schedule/cron-occurrences.ts';
import { convertQuartz } from '#shared/schedule/quartz.ts';
import { isDueAt, nextRunOf, scheduledJobId } from '#shared/schedule/schedule.ts';

test.each([
  ['every minute', '0 * * * * ?', '* * * * ? *'],
  ['every fifteen minutes of working days', '0 0/15 8-18 ? * MON-FRI', '0/15 8-18 ? * 2-6 *'],
  ['steps from the start', '0 */10 /6 * * ?', '0/10 0/6 * * ? *'],
  ['a step within a range', '00 5-20/5 0 1 * ?', '5,10,15,20 0 1 * ? *'],
  ['lists', '0 0 0 1,15 JAN,JUL ?', '0 0 1,15 1,7 ? *'],
  ['the last day of a month', '0 30 23 L * ?', '30 23 L * ? *'],
  ['the working day next to the fifteenth', '0 0 9 15W * ?', '0 9 15W * ? *'],
  ['the last Friday', '0 15 10 ? * FRIL', '15 10 ? * 6L *'],
  ['the third Friday', '0 15 10 ? * 6#3', '15 10 ? * 6#3 *'],
  ['Saturday, as the last day of the week', '0 0 1 ? * L', '0 1 ? * 7 *'],
  ['a step of days of the week, written out', '0 0 1 ? * MON/2', '0 1 ? * 2,4,6 *'],
  ['years', '0 0 12 1 1 ? 2027-2030', '0 12 1 1 ? 2027-2030'],
  ['both days open', '0 0 6 * * *', '0 6 * * ? *'],
  ['a day of the week beside an open day of the month', '0 0 6 * * sun', '0 6 ? * 1 *'],
])('%s: %s', (_, quartz, expected) => {
  expect(convertQuartz(quartz)).toEqual({ ok: true, value: expected });
});

describe('what can not be scheduled is refused with what can', () => {
  test.each([
    ['* * * * * ?', 'seconds'],
    ['0/30 * * * * ?', 'seconds'],
    ['30 0 * * * ?', 'seconds'],
    ['0 * * * *', 'six or seven fields'],
    ['0 60 * * * ?', 'minutes'],
    ['0 0 24 * * ?', 'hours'],
    ['0 0 0 32 * ?', 'day of month'],
    ['0 0 0 LW * ?', 'LW'],
    ['0 0 0 L-3 * ?', 'L-3'],
    ['0 0 0 ? * ?', '? as one of its days'],
    ['0 0 0 1 * MON', 'not both'],
    ['0 0 22-2 * * ?', 'from the smaller to the greater'],
    ['0 0/0 * * * ?', 'steps of 1 to 60'],
    ['0 0 0 ? * MON#6', 'number from 1 to 5'],
    ['0 0 0 ? FOO MON', 'month'],
    ['0 0 0 ? * MON 1969', 'year'],
    ['0 1-2-3 * * * ?', 'minutes'],
    ['0 1/2/3 * * * ?', 'minutes'],
    ['', 'six or seven fields'],
  ])('%s', (quartz, reason) => {
    expect(convertQuartz(quartz)).toMatchObject({ ok: false, error: expect.stringContaining(reason) });
  });
});

test('no text makes the conversion throw, and whatever it takes has instants that can be computed', () => {
  const word = fc.constantFrom(
    '0',
    '5',
    '*',
    '?',
    'L',
    'W',
    '#',
    '/',
    '-',
    ',',
    'MON',
    '15W',
    '6#3',
    'FRIL',
    ' ',
    '99',
  );
  const line = fc.array(word, { maxLength: 16 }).map((words) => words.join(''));
  const fields = fc.array(
    fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('')),
    {
      minLength: 5,
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        line,
        fields.map((each) => ['0', ...each].join(' ')),
      ),
      (quartz) => {
        const converted = convertQuartz(quartz);
        if (converted.ok) cronOccurrences(converted.value, 'UTC')(Date.UTC(2026, 0, 1));
      },
    ),
  );
});

const instant = (text: string) => Date.parse(text);
const daily = { schedule: '0 30 2 * * ?', timeZone: 'Europe/Berlin' };

test('a schedule is due by the clocks of its time zone, once where they go back and not where they skip it', () => {
  const iso = (after: string) => new Date(nextRunOf(daily, instant(after)) as number).toISOString();

  expect(iso('2026-01-10T12:00:00Z')).toBe('2026-01-11T01:30:00.000Z');
  expect(iso('2026-07-10T12:00:00Z')).toBe('2026-07-11T00:30:00.000Z');
  // On 25 October 02:30 is there twice.
  expect(iso('2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  expect(iso('2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
  // On 29 March 02:30 is not there.
  expect(iso('2026-03-28T12:00:00Z')).toBe('2026-03-30T00:30:00.000Z');
});

test('an instant belongs to a schedule or it does not, and makes one id of a job', () => {
  expect(isDueAt(daily, instant('2026-01-11T01:30:00Z'))).toBe(true);
  expect(isDueAt(daily, instant('2026-01-11T01:31:00Z'))).toBe(false);
  expect(scheduledJobId('abc', instant('2026-01-11T01:30:00Z'))).toBe('abc-202601110130');
});

test('a schedule whose years are over is due no more', () => {
  expect(nextRunOf({ schedule: '0 0 0 1 1 ? 2020', timeZone: 'UTC' }, instant('2026-01-01T00:00:00Z'))).toBeUndefined();
});
