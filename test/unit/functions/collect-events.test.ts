import { describe, expect, test } from 'vitest';
import { collectEvents } from '#functions/collect-events/collect-events.ts';
import type { StreamRecord } from '#functions/collect-events/event-writer.ts';
import { collectedEvents } from '#shared/api/events.ts';
import { RECORD_BYTES_MAX } from '#shared/aws/stream-records.ts';
import { httpRequest } from '#test/support/http-requests.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');

const event = (id: string, email = 'ann@example.com', more: Record<string, unknown> = {}) => ({
  _id: id,
  timestamp: '2026-02-01T00:00:00Z',
  eventType: 'commerce.purchases',
  identityMap: { Email: [{ id: email, primary: true }] },
  ...more,
});

async function collect(body: unknown, refuses: (record: StreamRecord) => boolean = () => false) {
  const records: StreamRecord[] = [];
  const writer = {
    write: async (batch: readonly StreamRecord[]) => {
      records.push(...batch);
      return batch.map((record) => !refuses(record));
    },
  };
  const response = await collectEvents({ writer, now: () => NOW })(
    httpRequest({ routeKey: 'POST /data/core/ups/events', roles: ['author'], body }),
  );
  const sent = records.map(({ data }) => {
    const lines = new TextDecoder().decode(data).split('\n');
    return lines.map((line) => JSON.parse(line) as { _id: string; sandboxName: string });
  });
  return { status: response.status, ...collectedEvents.parse(response.body), records, sent };
}

test('one event is taken without a list around it', async () => {
  const { status, accepted, results } = await collect(event('e1'));

  expect({ status, accepted, results }).toEqual({ status: 202, accepted: 1, results: [{ _id: 'e1', status: 202 }] });
});

test('an event goes into the stream as it came, with the sandbox of the request', async () => {
  const { sent } = await collect(event('e1', undefined, { commerce: { order: { priceTotal: 10 } } }));

  expect(sent).toEqual([[{ ...event('e1'), commerce: { order: { priceTotal: 10 } }, sandboxName: 'prod' }]]);
});

test('events of one person travel in one record, in their order', async () => {
  const { sent } = await collect([event('e1'), event('e2', 'bob@example.com'), event('e3')]);

  expect(sent.map((items) => items.map(({ _id }) => _id))).toEqual([['e1', 'e3'], ['e2']]);
});

test('a person’s identity is not readable from the partition key', async () => {
  const { records } = await collect([event('e1'), event('e2', `${'x'.repeat(500)}@example.com`)]);

  for (const { partitionKey } of records) expect(partitionKey).toMatch(/^[\w-]{43}$/);
});

test('a record stays below its size', async () => {
  const text = 'x'.repeat(50_000);
  const { records, sent } = await collect(Array.from({ length: 12 }, (_, n) => event(`e${n}`, undefined, { text })));

  expect(sent.flat()).toHaveLength(12);
  expect(records.length).toBeGreaterThan(1);
  for (const { data } of records) expect(data.length).toBeLessThanOrEqual(RECORD_BYTES_MAX);
});

describe('an event that is refused', () => {
  test('leaves the others of its call untouched', async () => {
    const { status, accepted, rejected, results, sent } = await collect([event('e1'), { _id: 'e2' }, 7, event('e3')]);

    expect({ status, accepted, rejected }).toEqual({ status: 207, accepted: 2, rejected: 2 });
    expect(results.map((result) => result.status)).toEqual([202, 400, 400, 202]);
    expect(results[1]?.reason).toMatch(/timestamp/);
    expect(sent.flat().map(({ _id }) => _id)).toEqual(['e1', 'e3']);
  });

  test('names another sandbox than the request', async () => {
    const { results, sent } = await collect([event('e1', undefined, { sandboxName: 'dev' })]);

    expect(results).toMatchObject([{ _id: 'e1', status: 403 }]);
    expect(sent).toEqual([]);
  });

  test('is one of the stream’s own records', async () => {
    const { results } = await collect([{ recordType: 'timer', profileId: '01JABCDEFGH' }]);
    expect(results).toMatchObject([{ status: 400, reason: expect.stringContaining('recordType') }]);
  });

  test('is a list within the list', async () => {
    expect((await collect([[event('e1')]])).results).toMatchObject([{ status: 400 }]);
  });

  test('finds the stream without room, and may be sent again', async () => {
    const body = [event('e1'), event('e2', 'bob@example.com'), event('e3')];
    const isAnns = ({ data }: StreamRecord) => new TextDecoder().decode(data).includes('ann@');
    const { results, rejected } = await collect(body, isAnns);

    expect(rejected).toBe(2);
    expect(results.map(({ status }) => status)).toEqual([503, 202, 503]);
  });
});

test('a profile record is taken like an event', async () => {
  const record = {
    recordType: 'profile',
    datasetId: 'crm',
    timestamp: '2026-02-01T00:00:00Z',
    identityMap: { Email: [{ id: 'ann@example.com' }] },
    attributes: { person: { age: 30 } },
  };
  expect((await collect(record)).results).toEqual([{ status: 202 }]);
});

test.each([
  [500, 202],
  [501, 400],
  [0, 400],
])('a call of %i events is %i', async (length, status) => {
  const call = collect(Array.from({ length }, (_, n) => event(`e${n}`)));

  if (status === 202) expect((await call).status).toBe(202);
  else await expect(call).rejects.toMatchObject({ status });
});
