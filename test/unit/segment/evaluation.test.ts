import { expect, test } from 'vitest';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import type { RulesChange } from '#shared/segment/rules.ts';
import { eventItem, Life, recordItem, wakeUp } from '../../property/streaming/life.ts';

const SECOND = 1000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 4, 10, 12);
const RECENT_VIEW = 'xEvent[eventType = "view" and timestamp occurs < 10 seconds before now].count() >= 1';

const newcomer = (retentionMs = 1096 * DAY) => new Life({ start: START, retentionMs });
const put = (id: string, expression: string, version = 1): RulesChange => ({
  kind: 'put',
  definition: { id, name: id, version, expression },
});

let events = 0;
const view = (timestamp: number): StoredEvent => ({ _id: `e${events++}`, timestamp, eventType: 'view' });

async function changesAt(life: Life, now: number, items: Parameters<Life['receive']>[0] = [wakeUp]) {
  life.now = now;
  const { next } = await life.receive(items);
  return next?.changes.map(({ segmentOrdinal, status, time, cause }) => [segmentOrdinal, status, time - START, cause]);
}

test('a membership ends at the boundary instant by cause of time, however late that is noticed', async () => {
  const life = newcomer();
  life.publish(put('a', RECENT_VIEW));
  await changesAt(life, START, [eventItem(view(START))]);

  expect(life.loaded.dueAt).toBe(START + 10 * SECOND);
  expect(await changesAt(life, START + 500 * SECOND)).toEqual([[1, 'exited', 10 * SECOND, 'time']]);
  expect(life.loaded.dueAt).toBe(START + 1096 * DAY);
});

test('every boundary that was passed leaves its own change, in order', async () => {
  const life = newcomer();
  life.publish(put('a', RECENT_VIEW));
  life.publish(
    put('b', 'xEvent[timestamp occurs > 20 seconds before now and timestamp occurs < 30 seconds before now]'),
  );
  await changesAt(life, START, [eventItem(view(START))]);

  expect(await changesAt(life, START + DAY)).toEqual([
    [1, 'exited', 10 * SECOND, 'time'],
    [2, 'realized', 20 * SECOND + 1, 'time'],
    [2, 'exited', 30 * SECOND, 'time'],
  ]);
});

test('who is asked about by inSegment takes others along at the same instant', async () => {
  const life = newcomer();
  life.publish(put('a', RECENT_VIEW));
  life.publish(put('b', 'not inSegment("a") and xEvent[eventType = "view"].count() >= 1'));
  await changesAt(life, START, [eventItem(view(START))]);

  expect(await changesAt(life, START + DAY)).toEqual([
    [1, 'exited', 10 * SECOND, 'time'],
    [2, 'realized', 10 * SECOND, 'time'],
  ]);
});

test('a definition published since does not follow a boundary that was passed before it', async () => {
  const life = newcomer();
  life.publish(put('a', RECENT_VIEW));
  await changesAt(life, START, [eventItem(view(START))]);
  life.publish(put('b', 'not inSegment("a") and xEvent[timestamp occurs < 1 hours before now]'));

  expect(await changesAt(life, START + 60 * SECOND)).toEqual([
    [1, 'exited', 10 * SECOND, 'time'],
    [2, 'realized', 60 * SECOND, 'definition'],
  ]);
});

test('an edited definition moves its members by cause of the definition, a deleted one lets them go', async () => {
  const life = newcomer();
  life.publish(put('a', 'xEvent[eventType = "view"].count() >= 1'));
  await changesAt(life, START, [eventItem(view(START))]);

  life.publish(put('a', 'xEvent[eventType = "view"].count() >= 2', 2));
  expect(await changesAt(life, START + 1)).toEqual([[1, 'exited', 1, 'definition']]);
  life.publish(put('a', 'xEvent.count() >= 1', 3));
  expect(await changesAt(life, START + 2)).toEqual([[1, 'realized', 2, 'definition']]);
  life.publish({ kind: 'delete', id: 'a' });
  expect(await changesAt(life, START + 3)).toEqual([[1, 'exited', 3, 'definition']]);
});

test.each([
  ['kept as rows', 'xEvent[eventType = "view"].count() >= 1'],
  ['evaluated from history', 'select X from xEvent where X.eventType = "view"'],
])('a membership that is %s ends when its last event leaves the retention', async (_, expression) => {
  const life = newcomer(DAY);
  life.publish(put('a', expression));
  await changesAt(life, START, [eventItem(view(START - SECOND))]);

  expect(await changesAt(life, START + 2 * DAY)).toEqual([[1, 'exited', DAY - SECOND, 'time']]);
});

test('what arrives about a person says nothing of boundaries that were passed before', async () => {
  const life = newcomer();
  life.publish(put('a', `vip = true and not (${RECENT_VIEW})`));
  await changesAt(life, START, [eventItem(view(START))]);

  const changes = await changesAt(life, START + DAY, [recordItem({ vip: true }, START + DAY)]);

  expect(changes).toEqual([[1, 'realized', DAY, 'event']]);
});

test('a list of the profile is read also by who only asks whether it has members', async () => {
  const life = newcomer();
  life.publish(put('a', 'exists X from orders'));
  await changesAt(life, START, [eventItem(view(START))]);

  const changes = await changesAt(life, START + 1, [recordItem({ orders: [{ total: 1 }] }, START + 1)]);

  expect(changes).toEqual([[1, 'realized', 1, 'event']]);
});

test('a late event counts from the instant at which it was applied', async () => {
  const life = newcomer();
  life.publish(put('a', 'xEvent[eventType = "view"].count() >= 1'));

  expect(await changesAt(life, START, [eventItem(view(START - DAY))])).toEqual([[1, 'realized', 0, 'event']]);
});

test('a clock that lags behind does not take the profile back', async () => {
  const life = newcomer();
  life.publish(put('a', RECENT_VIEW));
  await changesAt(life, START + 60 * SECOND, [eventItem(view(START + 60 * SECOND))]);

  expect(await changesAt(life, START, [eventItem(view(START))])).toEqual([]);
  expect(life.loaded.state.evaluatedAt).toBe(START + 60 * SECOND);
});

test('nothing is written where nothing is new: neither for a repeated event nor for an early wake-up', async () => {
  const life = newcomer();
  life.publish(put('a', RECENT_VIEW));
  const event = eventItem(view(START));
  await changesAt(life, START, [event]);

  expect(await changesAt(life, START + SECOND, [event, event, wakeUp])).toBeUndefined();
});

test('a definition holds from its publication on, however late somebody is looked at', async () => {
  const life = newcomer();
  await changesAt(life, START, [eventItem(view(START))]);
  const published = put('a', 'xEvent[eventType = "view"].count() = 1');
  if (published.kind === 'put') {
    life.publish({ ...published, definition: { ...published.definition, publishedAt: START + 5 * SECOND } });
  }

  expect(await changesAt(life, START + 60 * SECOND)).toEqual([[1, 'realized', 5 * SECOND, 'definition']]);
});

test('a definition that began to hold after its publication holds from when that is noticed', async () => {
  const life = newcomer();
  await changesAt(life, START, [eventItem(view(START))]);
  const published = put('a', 'xEvent[timestamp occurs > 20 seconds before now]');
  if (published.kind === 'put') {
    life.publish({ ...published, definition: { ...published.definition, publishedAt: START + 5 * SECOND } });
  }

  expect(await changesAt(life, START + 60 * SECOND)).toEqual([[1, 'realized', 60 * SECOND, 'definition']]);
});
