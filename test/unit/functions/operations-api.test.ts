import { beforeEach, describe, expect, test } from 'vitest';
import { operationsApi } from '#functions/operations-api/operations-api.ts';
import type { OperationsPorts } from '#functions/operations-api/ports.ts';
import { recordWithPayload } from '#local/event-source/failure-destination.ts';
import {
  MemoryFailedBatches,
  MemoryParkedItems,
  MemoryProfileScan,
  MemoryRefusedLinksOfDay,
  MemoryRejectedRecords,
} from '#shared/memory/memory-set-aside.ts';
import { EMPTY_STATE, encodeState } from '#shared/profile/profile-state.ts';
import { memoryGuard } from '#test/support/change-guards.ts';
import { httpRequest } from '#test/support/http-requests.ts';
import { ProfileWorld, purchase, START } from '#test/support/profile-world.ts';

const BASE = '/data/core/ups/system';

interface Sent {
  readonly partitionKey: string;
  readonly text: string;
}

let world: ProfileWorld;
let sent: Sent[];
let hasRoom: boolean;
let failedBatches: MemoryFailedBatches;
let ports: OperationsPorts;

beforeEach(() => {
  world = new ProfileWorld();
  sent = [];
  hasRoom = true;
  failedBatches = new MemoryFailedBatches();
  const { profiles, history, joint, rules, parking, quarantine, refusedLinks, settings } = world;
  const write: OperationsPorts['stream']['write'] = async (records) =>
    records.map(({ partitionKey, data }) => {
      if (hasRoom) sent.push({ partitionKey, text: new TextDecoder().decode(data) });
      return hasRoom;
    });
  ports = {
    profiles,
    history,
    rules,
    joint,
    newProfileId: () => 'profile-new',
    refusedLinks: new MemoryRefusedLinksOfDay(refusedLinks),
    failedBatches,
    parked: new MemoryParkedItems(parking),
    rejected: new MemoryRejectedRecords(quarantine),
    scan: new MemoryProfileScan(profiles),
    stream: { write },
    now: () => world.now,
    ...settings,
  };
});

interface Call {
  readonly roles?: readonly string[];
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly pathParameters?: Record<string, string>;
}

// biome-ignore lint/suspicious/noExplicitAny: each test reads the fields that it is about.
async function call(route: string, { roles = ['admin'], ...parts }: Call = {}): Promise<any> {
  const [method, path] = route.split(' ');
  const { body } = await operationsApi(
    ports,
    memoryGuard(),
  )(httpRequest({ routeKey: `${method} ${BASE}${path}`, roles, ...parts }));
  return body;
}

const OPERATORS = ['GET /parked', 'POST /parked/{profileId}/redrive', 'POST /resync'];
const ADMINS = ['GET /quarantine', 'POST /quarantine/redrive', 'GET /failed-batches', 'POST /failed-batches/redrive'];

describe('who may call', () => {
  test.each([...OPERATORS, ...ADMINS])('%s is 403 for viewers, authors and publishers', async (route) => {
    const roles = ['viewer', 'author', 'publisher'];
    await expect(call(route, { roles })).rejects.toMatchObject({ status: 403, code: 'role-forbidden' });
  });

  test.each(OPERATORS)('%s is open to operators: it touches one sandbox', async (route) => {
    const answer = call(route, { roles: ['operator'], body: {} });
    await expect(answer.catch(({ code }) => code)).resolves.not.toBe('role-forbidden');
  });

  test.each(ADMINS)('%s is not: what it shows may be of any sandbox', async (route) => {
    await expect(call(route, { roles: ['operator'] })).rejects.toMatchObject({ status: 403 });
  });
});

describe('parked profiles', () => {
  const park = (profileId: string, id: string, reason: string, sandboxName = 'prod') =>
    world.parking.put({ key: { sandboxName, profileId }, id, reason, text: '{}', arrival: START });

  test('are listed with why, since when and how much waits, by page', async () => {
    for (const profileId of ['profile-a', 'profile-b', 'profile-c']) {
      await park(profileId, '1-0000', 'CorruptBytes: state of format 9; this version reads 1');
      await park(profileId, '2-0000', 'the profile is parked');
    }
    const key = { sandboxName: 'prod', profileId: 'profile-a' };
    await world.profiles.write([
      { key, expectedVersion: 0, rulesVersion: 0, state: encodeState(EMPTY_STATE), parked: true },
    ]);

    const first = await call('GET /parked', { query: { limit: '2' } });
    const second = await call('GET /parked', { query: { limit: '2', after: first.next } });

    const since = new Date(START).toISOString();
    const reason = 'CorruptBytes: state of format 9; this version reads 1';
    expect(first.profiles).toEqual([
      { profileId: 'profile-a', parked: true, reason, since, items: 2, hasMoreItems: false },
      { profileId: 'profile-b', parked: false, reason, since, items: 2, hasMoreItems: false },
    ]);
    expect(second).toMatchObject({ profiles: [{ profileId: 'profile-c' }], next: null });
  });

  test('of another sandbox are neither seen nor redriven', async () => {
    await park('profile-a', '1-0000', 'why', 'dev');

    expect((await call('GET /parked')).profiles).toEqual([]);
    await expect(
      call('POST /parked/{profileId}/redrive', { pathParameters: { profileId: 'profile-a' } }),
    ).rejects.toMatchObject({ status: 404 });
    expect(world.parking.parked.size).toBe(1);
  });

  test('keep their items while the stream has no room', async () => {
    await park('profile-a', '1-0000', 'why');
    hasRoom = false;

    const redrive = call('POST /parked/{profileId}/redrive', { pathParameters: { profileId: 'profile-a' } });

    await expect(redrive).rejects.toMatchObject({ status: 503 });
    expect(world.parking.parked.size).toBe(1);
  });

  test('get on though the stream takes only some of their items a call', async () => {
    const key = { sandboxName: 'prod', profileId: 'profile-a' };
    const text = JSON.stringify({ text: 'x'.repeat(60_000) });
    for (let n = 0; n < 10; n++) await world.parking.put({ key, id: `${n}`, reason: 'why', text, arrival: START });
    const { write } = ports.stream;
    let calls = 0;
    const takesEverySecond: typeof write = (records) => {
      hasRoom = calls++ % 2 === 0;
      return write(records);
    };
    ports = { ...ports, stream: { write: takesEverySecond } };

    const left: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const redrive = call('POST /parked/{profileId}/redrive', { pathParameters: { profileId: 'profile-a' } });
      await redrive.catch(({ status }) => expect(status).toBe(503));
      left.push(world.parking.parked.size);
    }

    expect(left).toEqual([6, 2, 0]);
    expect(sent.flatMap((record) => record.text.trim().split('\n')).filter((line) => line === text)).toHaveLength(10);
  });

  test('that can’t be read are answered 409 with what would be lost', async () => {
    const key = { sandboxName: 'prod', profileId: 'profile-a' };
    await world.profiles.write([
      { key, expectedVersion: 0, rulesVersion: 0, state: Uint8Array.of(9, 9), parked: true },
    ]);
    const pathParameters = { profileId: 'profile-a' };

    await expect(call('POST /parked/{profileId}/redrive', { pathParameters })).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/format 9.*Nothing was done.*discardState=true/),
    });
    const query = { discardState: 'true' };
    expect(await call('POST /parked/{profileId}/redrive', { pathParameters, query })).toMatchObject({
      state: 'rebuilt',
      tail: 'lost',
      items: 0,
    });
  });
});

describe('quarantined records', () => {
  beforeEach(async () => {
    world.put('no event');
    world.put(JSON.stringify({ _id: 'e1' }));
    await world.process();
  });

  test('are listed by the day of their arrival, with the reason', async () => {
    const today = await call('GET /quarantine');

    expect(today.records).toMatchObject([
      { id: '2026-03-01/00000001-0', reason: expect.stringContaining('not JSON'), record: 'no event', characters: 8 },
      { reason: expect.stringContaining('timestamp'), record: '{"_id":"e1"}' },
    ]);
    expect((await call('GET /quarantine', { query: { day: '2026-02-28' } })).records).toEqual([]);
  });

  test('go into the stream as they came, once, and are gone then', async () => {
    const body = { ids: ['2026-03-01/00000002-0'] };

    expect(await call('POST /quarantine/redrive', { body })).toEqual({
      results: [{ id: '2026-03-01/00000002-0', status: 202, records: 1 }],
    });
    expect(sent.map(({ text }) => text)).toEqual(['{"_id":"e1"}']);
    expect((await call('POST /quarantine/redrive', { body })).results).toMatchObject([{ status: 404 }]);
    expect(world.quarantine.rejected.size).toBe(1);
  });

  test('stay while the stream has no room', async () => {
    hasRoom = false;
    const redrive = call('POST /quarantine/redrive', { body: { ids: ['2026-03-01/00000002-0'] } });

    await expect(redrive).rejects.toMatchObject({ status: 503 });
    expect(world.quarantine.rejected.size).toBe(2);
  });
});

describe('failed batches', () => {
  const failed = (source: 'kinesis' | 'dynamodb', events: readonly object[]) =>
    recordWithPayload({
      records: events.map((event, n) => ({
        sequenceNumber: String(n),
        orderKey: '',
        arrivedAt: START,
        bytes: 0,
        event,
      })),
      condition: 'RetryAttemptsExhausted',
      invokeCount: 9,
      outcome: undefined,
      shardId: 'shardId-000000000000',
      streamArn: `arn:aws:${source}:eu-west-1:123456789012:stream`,
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:f',
      mappingUuid: 'm',
      time: START,
    });
  const kinesisEvent = (text: string) => ({
    kinesis: { partitionKey: 'ann', data: Buffer.from(text).toString('base64') },
  });
  const profileEvent = (profileId: string) => ({
    dynamodb: { Keys: { pk: { S: `dev#${profileId}` }, sk: { S: 'H' } } },
  });

  beforeEach(() => {
    failedBatches.batches.set('m1/a', failed('kinesis', [kinesisEvent('one'), kinesisEvent('two')]));
    failedBatches.batches.set('m2/b', failed('dynamodb', [profileEvent('p1'), profileEvent('p2'), profileEvent('p1')]));
    failedBatches.batches.set('m3/c', '{"version":"1.0"}');
  });

  test('are listed with what they hold and why they were given up', async () => {
    const { batches } = await call('GET /failed-batches');

    const condition = 'RetryAttemptsExhausted';
    expect(batches).toMatchObject([
      { id: 'm1/a', holds: 'events', records: 2, condition, failedAt: new Date(START).toISOString() },
      { id: 'm2/b', holds: 'changes', records: 2, condition },
      { id: 'm3/c', holds: 'unreadable', condition: expect.stringContaining('no payload') },
    ]);
  });

  test('of events go into the stream as they came, with their partition keys', async () => {
    const { results } = await call('POST /failed-batches/redrive', { body: { ids: ['m1/a'] } });

    expect(results).toEqual([{ id: 'm1/a', status: 202, records: 2 }]);
    expect(sent).toEqual([
      { partitionKey: 'ann', text: 'one' },
      { partitionKey: 'ann', text: 'two' },
    ]);
    expect(failedBatches.batches.has('m1/a')).toBe(false);
  });

  test('of changes make each of their profiles publish what it is now', async () => {
    await call('POST /failed-batches/redrive', { body: { ids: ['m2/b'] } });

    expect(sent.map(({ text }) => JSON.parse(text))).toEqual([
      { recordType: 'resync', sandboxName: 'dev', profileId: 'p1' },
      { recordType: 'resync', sandboxName: 'dev', profileId: 'p2' },
    ]);
  });

  test('that can’t be read are kept and named', async () => {
    const { results } = await call('POST /failed-batches/redrive', { body: { ids: ['m3/c', 'm4/d'] } });

    expect(results).toMatchObject([{ status: 422 }, { id: 'm4/d', status: 404 }]);
    expect(failedBatches.batches.has('m3/c')).toBe(true);
  });
});

describe('a resync', () => {
  beforeEach(async () => {
    for (const [sandboxName, count] of [
      ['prod', 5],
      ['dev', 2],
    ] as const) {
      for (let n = 0; n < count; n++) {
        const key = { sandboxName, profileId: `profile-${n}` };
        await world.profiles.write([{ key, expectedVersion: 0, rulesVersion: 0, state: encodeState(EMPTY_STATE) }]);
      }
    }
  });

  test('wakes every profile of the sandbox once, page by page, and none of another', async () => {
    let profiles = 0;
    let after: string | undefined;
    for (let page = await call('POST /resync', { body: { limit: 2 } }); ; ) {
      profiles += page.profiles;
      after = page.next ?? undefined;
      if (after === undefined) break;
      page = await call('POST /resync', { body: { limit: 2, after } });
    }

    const woken = sent.map(({ text }) => JSON.parse(text));
    expect(profiles).toBe(5);
    expect(new Set(woken.map(({ profileId }) => profileId)).size).toBe(5);
    expect(woken.every(({ recordType, sandboxName }) => recordType === 'resync' && sandboxName === 'prod')).toBe(true);
  });

  test('does not go past a page that the stream had no room for', async () => {
    hasRoom = false;
    await expect(call('POST /resync', { body: {} })).rejects.toMatchObject({ status: 503 });
  });

  test.each(['no cursor', Buffer.from('["dev","Hdev#x"]').toString('base64url')])('refuses %s', async (after) => {
    await expect(call('POST /resync', { body: { after } })).rejects.toMatchObject({ status: 400 });
  });
});

test('an event that waited is sent back as the JSON that it was', async () => {
  const key = { sandboxName: 'prod', profileId: 'profile-a' };
  const text = JSON.stringify(purchase('e1', START, { note: 'line\nbreak' }));
  await world.parking.put({ key, id: '1-0000', reason: 'why', text, arrival: START });

  await call('POST /parked/{profileId}/redrive', { pathParameters: { profileId: 'profile-a' } });

  const lines = sent.flatMap((record) => record.text.trim().split('\n'));
  expect(lines).toEqual([text, '{"recordType":"rebuild","sandboxName":"prod","profileId":"profile-a"}']);
});
