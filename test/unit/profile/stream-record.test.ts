import { describe, expect, test } from 'vitest';
import { EVENT_BYTES_MAX, type ReceivedEvent, readTimestamp } from '#shared/profile/experience-event.ts';
import { readStreamRecord, type StreamItem } from '#shared/profile/stream-record.ts';

const ARRIVAL = Date.UTC(2026, 4, 10);
const identityMap = { CRMID: [{ id: 'c1', primary: true }] };
const event = (parts: Record<string, unknown> = {}) => ({ _id: 'e1', timestamp: ARRIVAL, identityMap, ...parts });

const readText = (text: string) => readStreamRecord(new TextEncoder().encode(text), ARRIVAL);
const read = (value: unknown) => readText(JSON.stringify(value));
const reasons = (items: readonly StreamItem[]) =>
  items.map((item) => (item.kind === 'reject' ? item.reason : item.kind));
const received = (value: unknown) => read(value)[0] as ReceivedEvent;

describe('a record', () => {
  test('holds one object, an array of them, or one a line', () => {
    const [first, second] = [event(), event({ _id: 'e2' })];

    expect(reasons(read(first))).toEqual(['event']);
    expect(reasons(read([first, second]))).toEqual(['event', 'event']);
    expect(reasons(readText(`${JSON.stringify(first)}\n\n${JSON.stringify(second)}\r\n`))).toEqual(['event', 'event']);
  });

  test('costs only the line that is broken', () => {
    const items = readText(`${JSON.stringify(event())}\n{"_id":\n${JSON.stringify(event())}`);

    expect(items.map(({ kind }) => kind)).toEqual(['event', 'reject', 'event']);
  });

  test.each([
    ['', 'the record is empty'],
    [' \n ', 'the record is empty'],
    ['[]', 'the record is empty'],
    ['7', 'an item is no JSON object'],
    ['[[]]', 'an item is no JSON object'],
    ['null', 'an item is no JSON object'],
  ])('of %j is set aside: %s', (text, reason) => {
    expect(reasons(readText(text))).toEqual([reason]);
  });

  test('that is not UTF-8 is set aside with what could be read', () => {
    expect(readStreamRecord(Uint8Array.of(0x7b, 0xff, 0x7d), ARRIVAL)).toEqual([
      { kind: 'reject', reason: 'the record is not UTF-8', text: '{\ufffd}' },
    ]);
  });

  test('of more than a thousand items is set aside as a whole', () => {
    expect(reasons(read(Array.from({ length: 1001 }, () => event())))).toEqual([
      'the record holds 1001 items; at most 1000 are read',
    ]);
  });

  test.each([40, 600, 200_000])('nested %i levels deep is set aside, and nothing throws', (depth) => {
    const text = `{"_id":"e1","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`;

    expect(readText(text)[0]?.kind).toBe('reject');
  });
});

describe('an event', () => {
  test('is measured in bytes, to the last one', () => {
    const around = JSON.stringify(event({ note: '' })).length;
    const note = (bytes: number) => 'é'.repeat(Math.floor(bytes / 2)) + 'x'.repeat(bytes % 2);

    expect(reasons(read([event(), event({ note: note(EVENT_BYTES_MAX - around) })]))).toEqual(['event', 'event']);
    expect(reasons(read([event(), event({ note: note(EVENT_BYTES_MAX - around + 1) })]))[1]).toMatch(/65537 bytes/);
  });

  test('keeps a field named __proto__ as data', () => {
    const [item] = readText('{"_id":"e1","timestamp":0,"identityMap":{"__proto__":[{"id":"x"}]},"__proto__":{"a":1}}');

    expect(Object.getOwnPropertyDescriptor((item as ReceivedEvent).event, '__proto__')?.value).toEqual({ a: 1 });
    expect((item as ReceivedEvent).identities).toEqual([{ namespace: '__proto__', id: 'x', primary: true }]);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  test('too far ahead takes the time of its arrival and keeps the one it declared', () => {
    expect(received(event({ timestamp: ARRIVAL + 300_000 })).event.timestamp).toBe(ARRIVAL + 300_000);
    expect(received(event({ timestamp: ARRIVAL + 300_001 })).event).toMatchObject({
      timestamp: ARRIVAL,
      declaredTimestamp: ARRIVAL + 300_001,
    });
  });

  test.each([
    [{ _id: '' }, /_id/],
    [{ _id: 'x'.repeat(257) }, /_id/],
    [{ timestamp: undefined }, /timestamp/],
    [{ eventType: 7 }, /eventType/],
    [{ identityMap: {} }, /holds no identity/],
    [{ identityMap: { CRMID: 'c1' } }, /CRMID is no list/],
    [{ identityMap: { CRMID: [{ id: 7 }] } }, /whose id is no text/],
    [{ identityMap: { CRMID: [null] } }, /whose id is no text/],
    [{ sandboxName: 'Prod#' }, /sandboxName/],
    [{ recordType: 'other' }, /recordType is none of/],
  ])('with %j is set aside with the reason', (parts, reason) => {
    expect(reasons(read(event(parts)))[0]).toMatch(reason);
  });

  test('of four thousand identities is set aside without delay', () => {
    const CRMID = Array.from({ length: 4000 }, (_, index) => ({ id: `${index}` }));

    expect(reasons(read(event({ identityMap: { CRMID } })))[0]).toMatch(/4000 identities; at most 20/);
  });
});

test.each([
  ['2026-05-10T00:00:00Z', ARRIVAL],
  ['2026-05-10t02:00:00.0+02:00', ARRIVAL],
  ['2026-05-10 05:30+0530', ARRIVAL],
  ['2026-05-10T00:00:00.123456789Z', ARRIVAL + 123],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ['2026-02-29T00:00:00Z', undefined],
  ['2026-04-31T00:00:00Z', undefined],
  ['2026-05-10T00:00:00', undefined],
  ['2026-05-10', undefined],
  ['2026-05-10T00:00:00+25:00', undefined],
  ['soon', undefined],
  [ARRIVAL + 0.9, ARRIVAL],
  [-1.5, -2],
  [8.64e15, 8.64e15],
  [8.64e15 + 2, undefined],
  [Number.NaN, undefined],
  [null, undefined],
  [true, undefined],
])('the timestamp %j is read as %s', (value, expected) => {
  expect(readTimestamp(value)).toBe(expected);
});
