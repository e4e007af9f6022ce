import { expect, test } from 'vitest';
import type { ReceivedEvent, StoredEvent } from '#shared/profile/experience-event.ts';
import { packEvent } from '#shared/profile/packed-event.ts';
import { EMPTY_STATE } from '#shared/profile/profile-state.ts';
import { CommittedEvents } from '#shared/segment/committed-events.ts';

const FLOOR = 1_000_000;
const event = (id: string, timestamp: number): StoredEvent => ({ _id: id, timestamp, eventType: 'view' });
const received = (id: string, timestamp: number): ReceivedEvent => ({
  kind: 'event',
  source: {},
  sandboxName: 'prod',
  identities: [],
  event: event(id, timestamp),
  declared: timestamp,
});

function committed(history: readonly StoredEvent[], tail: readonly StoredEvent[] = []) {
  const reads: (number | undefined)[] = [];
  const packed = tail.map((each) => ({ timestamp: each.timestamp, packed: packEvent(each) }));
  const events = new CommittedEvents({ ...EMPTY_STATE, seenFloor: FLOOR, tail: packed }, async (containing) => {
    reads.push(containing);
    return history.filter(({ timestamp }) => containing === undefined || timestamp === containing);
  });
  return { events, reads };
}

test('an event younger than all that was evicted is looked for nowhere', async () => {
  const { events, reads } = committed([]);

  expect(await events.has(received('a', FLOOR + 1))).toBe(false);
  expect(reads).toEqual([]);
});

test('one late event is looked up at its time, many in one reading of the whole history', async () => {
  const { events, reads } = committed([event('a', 10), event('b', 20), event('c', 30)]);

  expect(await events.has(received('a', 10))).toBe(true);
  expect(reads).toEqual([10]);
  expect(await events.has(received('x', 20))).toBe(false);
  expect(await events.has(received('b', 20))).toBe(true);
  expect(await events.has(received('c', 30))).toBe(true);
  expect((await events.all()).map(({ _id }) => _id)).toEqual(['a', 'b', 'c']);
  expect(reads).toEqual([10, undefined]);
});

test('what the tail holds needs no history', async () => {
  const { events, reads } = committed([], [event('t', 40)]);

  expect(await events.has(received('t', 40))).toBe(true);
  expect(reads).toEqual([]);
});
