import { expect, test } from 'vitest';
import type { ExperienceEvent } from '#shared/pql/index.ts';
import { type Planned, planOf, rowsAt } from '../../property/streaming/planned.ts';

const at = (iso: string) => Date.parse(iso);
const HOUR = 3_600_000;

function plannedOf(text: string, timeZone?: string): Planned {
  const planned = planOf(text, timeZone);
  if (planned === undefined) throw new Error(`${text} is refused`);
  return planned;
}

interface Flip {
  readonly now: string;
  readonly events?: readonly string[];
  readonly profile?: Readonly<Record<string, unknown>>;
  readonly timeZone?: string;
}

/** The next look at a profile whose events are all views at these times. */
function nextFlip(text: string, { now, events = [], profile = {}, timeZone }: Flip): string | undefined {
  const planned = plannedOf(text, timeZone);
  const views = events.map(
    (time, index): ExperienceEvent => ({ _id: `e${index}`, timestamp: at(time), eventType: 'view' }),
  );
  const rows = rowsAt(planned, { events: views, profile, now: at(now) });
  const flip = planned.plan.nextFlip({ profile, rows, now: at(now), inSegment: () => false });
  return flip === undefined ? undefined : new Date(flip).toISOString();
}

const views = (when: string) => `xEvent[eventType = "view" and timestamp occurs ${when}].count() >= 1`;
const NOON = '2024-05-10T12:00:00.000Z';

test.each([
  ['< 1 hours before now', '2024-05-10T13:00:00.000Z'],
  ['<= 1 hours before now', '2024-05-10T13:00:00.001Z'],
  ['> 1 hours before now', '2024-05-10T13:00:00.001Z'],
  ['>= 1 hours before now', '2024-05-10T13:00:00.000Z'],
  ['= 1 hours before now', '2024-05-10T13:00:00.000Z'],
  ['!= 1 hours before now', '2024-05-10T13:00:00.000Z'],
  ['< 2 months before now', '2024-07-10T12:00:00.000Z'],
  ['today', '2024-05-11T00:00:00.000Z'],
  ['this week', '2024-05-13T00:00:00.000Z'],
  ['last month', '2024-06-01T00:00:00.000Z'],
  ['before now', '2024-05-10T12:00:00.001Z'],
  ['>= 1 days before today', '2024-05-12T00:00:00.000Z'],
  ['<= 3 days before tomorrow', '2024-05-13T00:00:00.000Z'],
  ['<= 1 days before today', '2024-05-11T00:00:00.000Z'],
])('a view at noon that %s asks about is looked at again at %s', (when, expected) => {
  const flip = nextFlip(views(when), { now: when === 'before now' ? NOON : '2024-05-10T12:00:01Z', events: [NOON] });

  expect(flip).toBe(expected);
});

test('what a window no longer reaches asks for no look', () => {
  expect(nextFlip(views('< 1 hours before now'), { now: '2024-05-10T15:00:00Z', events: [NOON] })).toBeUndefined();
});

test('an event of the future is looked at when its time has come', () => {
  const flip = nextFlip(views('<= 1 hours before now'), { now: '2024-05-10T11:59:00Z', events: [NOON] });

  expect(flip).toBe(NOON);
});

test('a month before the 31st is cut to the 30th, so a window of a month opens twice for one event', () => {
  const event = '2023-11-30T18:00:00.000Z';
  const flips = (now: string) => nextFlip(views('< 1 months before now'), { now, events: [event] });

  expect(flips('2023-12-01T00:00:00Z')).toBe('2023-12-30T18:00:00.000Z');
  expect(flips('2023-12-30T18:00:00Z')).toBe('2023-12-31T00:00:00.000Z');
  expect(flips('2023-12-31T00:00:00Z')).toBe('2023-12-31T18:00:00.000Z');
  expect(flips('2023-12-31T18:00:00Z')).toBeUndefined();
});

test('a day ends at midnight of the definition, also on the day on which clocks change', () => {
  const given = { now: '2024-03-10T12:00:00Z', events: ['2024-03-10T11:00:00Z'], timeZone: 'America/New_York' };

  expect(nextFlip(views('today'), given)).toBe('2024-03-11T04:00:00.000Z');
});

test('a chain whose last step counts is looked at when an event of the future arrives in the present', () => {
  const flip = nextFlip('chain(xEvent, timestamp, [A: not WHAT(eventType = "view")])', {
    now: '2024-05-10T11:00:00Z',
    events: [NOON],
  });

  expect(flip).toBe(NOON);
});

test('a date that the definition itself names is awaited', () => {
  expect(nextFlip('date(2024, 5, 11) occurs before now', { now: NOON })).toBe('2024-05-11T00:00:00.000Z');
  expect(nextFlip('date(2024, 5, 11) < now', { now: NOON })).toBe('2024-05-11T00:00:00.000Z');
});

test('the extreme of a window is compared with the clock without looking every minute', () => {
  const text = 'xEvent[timestamp occurs <= 3 hours before now].max(timestamp) occurs <= 1 hours before now';

  expect(nextFlip(text, { now: NOON, events: [NOON] })).toBe(new Date(at(NOON) + HOUR + 1).toISOString());
});

test.each([
  ['a fraction of a millisecond', at(NOON) + 0.5, '2024-05-10T12:00:00.001Z'],
  ['no instant at all', 1e300, undefined],
])('an attribute of %s is awaited as far as clocks go', (_, t, expected) => {
  expect(nextFlip('t occurs before now', { now: NOON, profile: { t } })).toBe(expected);
});
