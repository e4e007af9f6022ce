/** The calendar that both evaluators share, held to a second source: Date for UTC and Intl for zones. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Unit } from '#shared/pql/ast.ts';
import {
  dateOfDays,
  dayInterval,
  dayOfWeek,
  daysInMonth,
  daysOf,
  isRealDate,
  localDate,
  localHour,
  shift,
  unitAround,
} from '#shared/pql/time/calendar.ts';
import { formatInstant, parseInstant } from '#shared/pql/time/instant.ts';
import { UTC, zoneOf } from '#shared/pql/time/zone.ts';

const OPTIONS = { seed: 7, numRuns: 2_000 };
const DAY = 86_400_000;
const utc = (text: string) => Date.parse(text);
const zone = (name: string) => zoneOf(name) ?? UTC;

test('days count as Date counts them, over all years', () => {
  for (let days = -800_000; days < 800_000; days += 97) {
    const date = new Date(days * DAY);
    const expected = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    expect(dateOfDays(days)).toEqual(expected);
    expect(daysOf(expected.year, expected.month, expected.day)).toBe(days);
    expect(dayOfWeek(days * DAY, UTC)).toBe(date.getUTCDay() === 0 ? 7 : date.getUTCDay());
  }
});

test('months have their days', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((month) => daysInMonth(2023, month))).toEqual([
    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
  ]);
  expect([1900, 2000, 2023, 2024].map((year) => daysInMonth(year, 2))).toEqual([28, 29, 28, 29]);
});

test.each([
  [2024, 2, 29, true],
  [2023, 2, 29, false],
  [2024, 0, 1, false],
  [2024, 13, 1, false],
  [2024, 1, 0, false],
  [2024, 1, 32, false],
  [2024, 1.5, 1, false],
  [2024.5, 1, 1, false],
  [2024, 1, 1.5, false],
  [200_000, 1, 1, true],
  [200_001, 1, 1, false],
])('%d-%d-%d is a day: %s', (year, month, day, isReal) => {
  expect(isRealDate(year, month, day)).toBe(isReal);
  if (!isReal) expect(dayInterval(year, month, day, UTC)).toBeNull();
});

describe('zones', () => {
  const names = [
    'America/New_York',
    'Asia/Kolkata',
    'Europe/London',
    'Australia/Lord_Howe',
    'Asia/Beirut',
    'America/Sao_Paulo',
  ];

  test.each(names)('%s has the local times that Intl has', (name) => {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
    });
    fc.assert(
      fc.property(fc.integer({ min: utc('1950-01-01'), max: utc('2060-01-01') }), (instant) => {
        const { year, month, day } = localDate(instant, zone(name));
        const pad = (part: number) => String(part).padStart(2, '0');
        const written = `${year}-${pad(month)}-${pad(day)}, ${pad(localHour(instant, zone(name)))}`;
        expect(written).toBe(format.format(instant));
      }),
      { ...OPTIONS, numRuns: 500 },
    );
  });

  test.each(names)('in %s the days of a year follow one another', (name) => {
    let end = dayInterval(2018, 1, 1, zone(name))?.start ?? 0;
    for (let days = daysOf(2018, 1, 1); days < daysOf(2019, 1, 1); days += 1) {
      const { year, month, day } = dateOfDays(days);
      const interval = dayInterval(year, month, day, zone(name));
      expect(interval?.start).toBe(end);
      expect(localDate(interval?.start ?? 0, zone(name))).toEqual({ year, month, day });
      expect(localDate((interval?.end ?? 0) - 1, zone(name))).toEqual({ year, month, day });
      end = interval?.end ?? 0;
    }
  });

  test('an unknown zone is none', () => {
    expect(zoneOf('Mars/Olympus')).toBeUndefined();
    expect(zoneOf(undefined)).toBe(UTC);
  });

  test('what no Date can hold has no offset', () => {
    expect(zone('Europe/London').offsetAt(Number.POSITIVE_INFINITY)).toBe(0);
    expect(zone('Europe/London').offsetAt(Number.NaN)).toBe(0);
  });
});

describe('periods', () => {
  const units: readonly Unit[] = [
    'second',
    'minute',
    'hour',
    'day',
    'week',
    'month',
    'year',
    'decade',
    'century',
    'millennium',
  ];
  const instants = fc.integer({ min: utc('1900-01-01'), max: utc('2100-01-01') });

  test.each(units)('each %s follows the one before and holds its instant', (unit) => {
    fc.assert(
      fc.property(instants, fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata'), (instant, name) => {
        const [last, current, next] = [-1, 0, 1].map((offset) => unitAround(instant, offset, unit, zone(name)));
        expect((current?.start ?? 0) <= instant && instant < (current?.end ?? 0)).toBe(true);
        expect([last?.end, current?.end]).toEqual([current?.start, next?.start]);
        expect(unitAround(current?.start ?? 0, 0, unit, zone(name))).toEqual(current);
      }),
      { ...OPTIONS, numRuns: 300 },
    );
  });

  test('a week begins on Monday', () => {
    expect(new Date(unitAround(utc('2024-02-29'), 0, 'week', UTC).start).toISOString()).toBe(
      '2024-02-26T00:00:00.000Z',
    );
  });
});

describe('shifting', () => {
  test.each([
    ['2024-03-31T10:00:00Z', -1, 'month', '2024-02-29T10:00:00Z'],
    ['2023-03-31T10:00:00Z', -1, 'month', '2023-02-28T10:00:00Z'],
    ['2024-01-31T00:00:00Z', 1, 'month', '2024-02-29T00:00:00Z'],
    ['2024-02-29T00:00:00Z', 1, 'year', '2025-02-28T00:00:00Z'],
    ['2024-02-29T00:00:00Z', 4, 'year', '2028-02-29T00:00:00Z'],
    ['2024-02-29T00:00:00Z', -1, 'decade', '2014-02-28T00:00:00Z'],
    ['2024-02-29T00:00:00Z', -1, 'century', '1924-02-29T00:00:00Z'],
    ['2024-02-29T00:00:00Z', -1, 'millennium', '1024-02-29T00:00:00Z'],
    ['2024-12-31T23:59:59Z', 2, 'month', '2025-02-28T23:59:59Z'],
    ['2024-01-15T00:00:00Z', -13, 'month', '2022-12-15T00:00:00Z'],
    ['2024-02-29T00:00:00Z', 36, 'hour', '2024-03-01T12:00:00Z'],
    ['2024-02-29T00:00:00Z', -2, 'week', '2024-02-15T00:00:00Z'],
    ['2024-02-29T00:00:00Z', 1, 'millisecond', '2024-02-29T00:00:00.001Z'],
  ] as const)('%s by %d %s', (from, count, unit, to) => {
    expect(new Date(shift(utc(from), count, unit, UTC)).toISOString()).toBe(new Date(to).toISOString());
  });

  test('there and back is the same day, unless clamped', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: utc('1970-01-01'), max: utc('2060-01-01') }),
        fc.integer({ min: -60, max: 60 }),
        (at, by) => {
          const back = shift(shift(at, by, 'month', UTC), -by, 'month', UTC);
          if (localDate(at, UTC).day <= 28) expect(back).toBe(at);
          else expect(back).toBeLessThanOrEqual(at);
        },
      ),
      OPTIONS,
    );
  });

  test('beyond what a Date holds is infinitely far', () => {
    expect(shift(0, 1_000_000, 'year', UTC)).toBe(Number.POSITIVE_INFINITY);
    expect(shift(0, -1_000_000, 'year', UTC)).toBe(Number.NEGATIVE_INFINITY);
    expect(shift(0, 280_000, 'year', UTC)).toBe(Number.POSITIVE_INFINITY);
    expect(Number.isNaN(shift(0, 1_000_000_000, 'millennium', zone('Europe/London')))).toBe(false);
  });
});

describe('ISO 8601', () => {
  test.each([
    ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000Z'],
    ['2024-02-29T12:00Z', '2024-02-29T12:00:00.000Z'],
    ['2024-02-29T12:00:00.5Z', '2024-02-29T12:00:00.500Z'],
    ['2024-02-29T12:00:00,25Z', '2024-02-29T12:00:00.250Z'],
    ['2024-02-29T12:00:00.1239Z', '2024-02-29T12:00:00.123Z'],
    ['2024-02-29T12:00:00+01:30', '2024-02-29T10:30:00.000Z'],
    ['2024-02-29T12:00:00-0130', '2024-02-29T13:30:00.000Z'],
    ['2024-02-29T12:00:00+02', '2024-02-29T10:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(formatInstant(parseInstant(text, UTC) ?? Number.NaN)).toBe(expected);
  });

  test.each([
    ...[
      '',
      'now',
      '2024',
      '2024-02',
      '2024-02-30',
      '2024-13-01',
      '2024-02-29T12:00:00',
      '2024-02-29 12:00:00Z',
      '24-02-29',
    ],
    ...[
      '2024-02-29T24:00:00Z',
      '2024-02-29T12:60:00Z',
      '2024-02-29T12:00:60Z',
      '2024-02-29T12:00:00+24:00',
      '2024-02-29Z',
    ],
    ...['2024-02-29T12:00:00+01:60', '2024-02-29T12:00:00Z ', 'x2024-02-29', '2024-02-29T12Z'],
  ])('%j is no time', (text) => {
    expect(parseInstant(text, UTC)).toBeNull();
  });

  test('a date is midnight in the zone', () => {
    expect(parseInstant('2024-02-29', zone('America/New_York'))).toBe(utc('2024-02-29T05:00:00Z'));
  });
});
