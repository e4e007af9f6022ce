import { expect, test } from 'vitest';
import { EMPTY_STATE } from '#shared/profile/profile-state.ts';
import {
  CLAMPED_EVENTS_MAX,
  lookupFor,
  RECENT_EVENTS_MAX,
  remember,
  type TimedEvent,
} from '#shared/profile/recent-events.ts';

const HOUR = 3_600_000;
const onTime = (id: string, timestamp: number): TimedEvent => ({ event: { _id: id, timestamp }, declared: timestamp });
const ahead = (id: string, arrival: number): TimedEvent => ({
  event: { _id: id, timestamp: arrival },
  declared: arrival + HOUR,
});

test('an event younger than all that was evicted is looked up nowhere', () => {
  const events = Array.from({ length: RECENT_EVENTS_MAX + 1 }, (_, index) => onTime(`e${index}`, index * 1000));
  const seen = remember(EMPTY_STATE, events);

  expect(seen.recent).toHaveLength(RECENT_EVENTS_MAX);
  expect(lookupFor(seen, onTime('new', 1))).toBe('nowhere');
  expect(lookupFor(seen, onTime('new', 0))).toBe('at-its-time');
  expect(lookupFor(seen, onTime('e5', 5000))).toBe('everywhere');
});

test('an event that was set to its arrival is found wherever it lies, also after so many that its id was forgotten', () => {
  const events = Array.from({ length: CLAMPED_EVENTS_MAX + 1 }, (_, index) => ahead(`e${index}`, index));
  const seen = remember(EMPTY_STATE, events);

  // Sent again when its time has come, it is no longer ahead, and lies in history under another time.
  expect(lookupFor(seen, onTime('e0', HOUR))).toBe('everywhere');
});
