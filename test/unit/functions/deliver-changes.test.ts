import { expect, test } from 'vitest';
import { ATTEMPTS_MAX, BATCH_MAX } from '#functions/deliver-changes/deliver-lane.ts';
import { optOutsReader } from '#functions/deliver-changes/readers.ts';
import { failed, refused } from '#shared/activation/delivery.ts';
import type { ConsentPurpose } from '#shared/profile/consent.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { destinationsService, membershipChange, webhook } from '#test/support/destinations.ts';
import { view, WritePath } from '#test/support/write-path.ts';

const created = async (service: ReturnType<typeof destinationsService>, more: object = {}) => {
  const { body } = await service.send('POST ', { body: webhook(more) });
  await service.run();
  return (body as { id: string }).id;
};
const at = (id: string, more: object = {}) => ({ pathParameters: { id }, ...more });
const changes = (count: number, from = 1) => Array.from({ length: count }, (_, n) => membershipChange(from + n));

test('what is published after a destination was made reaches it once, in the order of the feed', async () => {
  const service = destinationsService();
  service.publish(0, membershipChange(1));
  await created(service);
  service.publish(0, ...changes(BATCH_MAX + 5, 2));
  await service.wake(0);
  await service.wake(0);
  await service.run();

  expect(service.ids()).toEqual(changes(BATCH_MAX + 5, 2).map(({ id }) => id));
});

test('from the oldest on, it is told of what the feed still holds', async () => {
  const service = destinationsService();
  service.publish(1, ...changes(3));
  await created(service, { deliverFrom: 'oldest' });

  expect(service.ids()).toEqual(['p1-1-0', 'p1-2-0', 'p1-3-0']);
});

test('a destination hears of its segments, by the namespaces and attributes that it names, and of nothing else', async () => {
  const service = destinationsService();
  await created(service, { attributes: ['person.age', 'person.name'] });
  service.publish(0, membershipChange(1), membershipChange(2, { segmentId: 'other' }));
  await service.wake(0);
  await service.run();

  const [event, ...others] = service.received.flatMap(({ events }) => events);
  expect(others).toEqual([]);
  expect(event).toMatchObject({ specversion: '1.0', id: 'p1-1-0', source: 'shoal/prod', subject: 'p1' });
  const data = event?.data as Record<string, unknown>;
  expect(data).toMatchObject({ segmentId: 's1', status: 'realized', version: 1, index: 0, cause: 'event' });
  expect(data.identityMap).toEqual({ CRMID: [{ id: 'c1' }] });
  expect(data.attributes).toEqual({ 'person.age': 7 });
  expect(JSON.stringify(event)).not.toContain('a@example.com');
});

test('while it fails it is tried again, later each time, and is told of everything once it answers', async () => {
  const service = destinationsService();
  await created(service);
  let failures = 0;
  service.world.answer = () => (++failures <= 3 ? failed('answered 503') : { ok: true, value: {} });
  service.publish(0, ...changes(2));
  await service.wake(0);
  await service.run(2);
  const delays: number[] = [];
  for (let n = 0; n < 3; n++) {
    delays.push(service.queue.sent[0]?.delaySeconds ?? 0);
    service.publish(0, membershipChange(10 + n));
    await service.wake(0); // a wake-up does not shorten the pause
    await service.queue.send([service.queue.sent[0]?.message as never], 0); // nor does a retry that comes twice
    await service.run(5);
  }
  await service.run();

  expect(delays[0]).toBeGreaterThan(0);
  expect(service.ids()).toEqual(['p1-1-0', 'p1-2-0', 'p1-10-0', 'p1-11-0', 'p1-12-0']);
  expect(service.observed.failed).toHaveLength(3);
});

test('what is turned away for good is set aside, the rest goes on, and a redrive sends it again', async () => {
  const service = destinationsService();
  const id = await created(service);
  service.world.answer = () => refused('answered 400');
  service.publish(0, ...changes(2));
  await service.wake(0);
  await service.run();
  service.world.answer = () => ({ ok: true, value: {} });
  service.publish(0, membershipChange(3));
  await service.wake(0);
  await service.run();
  expect(service.ids()).toEqual(['p1-3-0']);
  const { body } = await service.send('GET /{id}/deliveries', at(id));
  expect(body).toMatchObject({ refused: [{ shard: 0, from: 1, through: 2, changes: 2, reason: 'answered 400' }] });

  expect((await service.send('POST /{id}/redrive', at(id, { body: {} }))).body).toEqual({ batches: 1, hasMore: false });
  await service.run();

  expect(service.ids()).toEqual(['p1-3-0', 'p1-1-0', 'p1-2-0']);
  expect((await service.send('GET /{id}/deliveries', at(id))).body).toMatchObject({ refused: [] });
});

test('a redrive that fails again keeps what was set aside', async () => {
  const service = destinationsService();
  const id = await created(service);
  service.world.answer = () => refused('answered 400');
  service.publish(0, membershipChange(1));
  await service.wake(0);
  await service.run();
  service.world.answer = () => refused('answered 410');
  await service.send('POST /{id}/redrive', at(id, { body: {} }));
  await service.run();

  const { body } = await service.send('GET /{id}/deliveries', at(id));
  expect(body).toMatchObject({ refused: [{ reason: 'answered 410', changes: 1 }] });
});

test('a batch that fails at every attempt is set aside after the last', async () => {
  const service = destinationsService();
  await created(service);
  service.world.answer = () => failed('answered 500');
  service.publish(0, membershipChange(1));
  await service.wake(0);
  await service.run(1000);

  expect(service.observed.refused).toEqual(['answered 500']);
  expect(service.observed.failed).toHaveLength(ATTEMPTS_MAX - 1);
});

test('a stream, which keeps the order of each profile, waits however often it fails', async () => {
  const service = destinationsService();
  const id = await created(service, { target: { kind: 'kinesis', streamName: 'allowed' } });
  let attempts = 0;
  service.world.answer = () => (++attempts <= ATTEMPTS_MAX + 5 ? refused('AccessDenied') : { ok: true, value: {} });
  service.publish(0, ...changes(2));
  await service.wake(0);
  await service.run(1000);

  expect(service.ids()).toEqual(['p1-1-0', 'p1-2-0']);
  expect(await service.lanes.listRefused('prod', id, 10)).toEqual([]);
});

test('a destination that is paused is told nothing, and of everything when it is resumed', async () => {
  const service = destinationsService();
  const id = await created(service);
  await service.send('PATCH /{id}', at(id, { body: { state: 'paused' } }));
  service.publish(0, ...changes(3));
  service.publish(1, membershipChange(1, { id: 'p2-1-0', profileId: 'p2' }));
  await service.wake(0, 1);
  await service.run();
  expect(service.ids()).toEqual([]);
  await service.send('PATCH /{id}', at(id, { body: { state: 'active' } }));
  await service.run();

  expect(service.ids().toSorted()).toEqual(['p1-1-0', 'p1-2-0', 'p1-3-0', 'p2-1-0']);
});

test('pausing takes hold between two batches', async () => {
  const service = destinationsService();
  const id = await created(service);
  service.publish(0, ...changes(BATCH_MAX * 3));
  const found = service.destinations.find.bind(service.destinations);
  service.world.answer = () => {
    service.destinations.find = async (...asked) => {
      const one = await found(...asked);
      return one && { ...one, state: 'paused' };
    };
    return { ok: true, value: {} };
  };
  await service.wake(0);
  await service.run();
  expect(service.ids()).toHaveLength(BATCH_MAX);

  service.destinations.find = found;
  service.world.answer = () => ({ ok: true, value: {} });
  await service.send('PATCH /{id}', at(id, { body: { state: 'active' } }));
  await service.run();
  expect(service.ids()).toEqual(changes(BATCH_MAX * 3).map((change) => change.id));
});

test('a wake-up that finds its lane held is not lost: whoever holds it looks again', async () => {
  const service = destinationsService();
  const id = await created(service);
  service.publish(0, membershipChange(1));
  const lane = { kind: 'lane', sandboxName: 'prod', destinationId: id, shard: 0, attempt: 0 } as const;
  const read = service.feed.read;
  let looks = 0;
  service.delivering.feed.read = async (...asked) => {
    const rows = await read(...asked);
    looks += 1;
    if (looks === 2) {
      service.publish(0, membershipChange(2)); // after the look that found nothing more
      await service.queue.send([lane]);
      await service.run(1);
    }
    return rows;
  };
  await service.queue.send([lane]);
  await service.run();

  expect(service.ids()).toEqual(['p1-1-0', 'p1-2-0']);
});

test('a worker that died lets its lane be taken when its time is over, and what it may have sent is sent again', async () => {
  const service = destinationsService();
  const id = await created(service);
  const key = { sandboxName: 'prod', destinationId: id, shard: 0 };
  await service.lanes.take(key, { now: service.world.now, heldUntil: service.world.now + 90_000, attempt: 0 });
  service.publish(0, membershipChange(1));
  await service.queue.send([{ kind: 'lane', ...key, attempt: 0 }]);
  await service.run();
  expect(service.ids()).toEqual([]);
  service.world.now += 90_001;
  await service.queue.send([{ kind: 'lane', ...key, attempt: 0 }]);
  await service.run();

  expect(service.ids()).toEqual(['p1-1-0']);
});

test('changes that left the feed before they were told are counted', async () => {
  const service = destinationsService();
  const id = await created(service);
  service.publish(0, ...changes(5));
  service.rows.set(0, (service.rows.get(0) ?? []).slice(3));
  await service.wake(0);
  await service.run();

  expect(service.ids()).toEqual(['p1-4-0', 'p1-5-0']);
  expect(service.observed.lost).toBe(3);
  expect((await service.lanes.list('prod', id))[0]).toMatchObject({ lost: 3, delivered: 2, position: 5 });
});

test('a label that comes later blocks the destination until it is gone or no longer concerns it', async () => {
  const service = destinationsService();
  const id = await created(service);
  const labelled = { properties: { person: { properties: { age: { 'meta:labels': ['C2'] } } } } };
  await service.schemas.put('prod' as never, { name: 'profile', version: 1, extension: labelled, updateTime: 0 });
  service.publish(0, membershipChange(1));
  await service.wake(0);
  await service.run(6);
  expect(service.ids()).toEqual([]);
  expect((await service.send('GET /{id}/deliveries', at(id))).body).toMatchObject({
    blockedBy: [expect.stringMatching(/The s1.*person\.age.*C2/)],
  });

  await service.schemas.put('prod' as never, { name: 'profile', version: 2, extension: {}, updateTime: 0 });
  await service.run();
  expect(service.ids()).toEqual(['p1-1-0']);
});

const refusing = (before: readonly ConsentPurpose[], now: readonly ConsentPurpose[]) => ({
  optOuts: { before, now, time: new Date(1_500_000).toISOString() },
});
const told = (service: ReturnType<typeof destinationsService>) =>
  service.received.flatMap(({ events }) => events.map(({ data }) => data as Record<string, unknown>));

test('whoever refuses the purpose of a destination enters and leaves without its being told', async () => {
  const service = destinationsService();
  const id = await created(service, { consentPurpose: 'marketing.email' });
  const refused = refusing(['marketing.email'], ['marketing.email']);
  service.publish(0, membershipChange(1, refused), membershipChange(2, { ...refused, status: 'exited' }));
  service.publish(0, membershipChange(3, { profileId: 'p2', ...refusing(['marketing.sms'], ['marketing.sms']) }));
  await service.wake(0);
  await service.run();

  expect(told(service)).toMatchObject([{ profileId: 'p2', status: 'realized' }]);
  expect(service.observed.withheld).toBe(2);
  const { body } = await service.send('GET /{id}/deliveries', at(id));
  expect(body).toMatchObject({ lanes: [{ shard: 0, delivered: 1, withheld: 2 }, { shard: 1 }] });
});

test('who refuses while a member ends there at that instant, with nothing shown of them, and begins when they take it back', async () => {
  const service = destinationsService();
  await created(service, { attributes: ['person.age'] });
  service.publish(0, membershipChange(1));
  await service.wake(0);
  await service.run();
  service.world.optOuts.set('p1', ['share']);
  service.publish(0, membershipChange(2, { cause: 'batch', repeated: 'consent', ...refusing([], ['share']) }));
  await service.wake(0);
  await service.run();
  service.world.optOuts.set('p1', []);
  service.publish(0, membershipChange(3, { cause: 'batch', repeated: 'consent', ...refusing(['share'], []) }));
  await service.wake(0);
  await service.run();

  const time = new Date(1_500_000).toISOString();
  const identityMap = { CRMID: [{ id: 'c1' }] };
  expect(told(service)).toMatchObject([
    { version: 1, status: 'realized', attributes: { 'person.age': 7 } },
    { version: 2, status: 'exited', cause: 'event', time, attributes: {}, identityMap },
    { version: 3, status: 'realized', cause: 'event', time, attributes: { 'person.age': 7 } },
  ]);
  expect(JSON.stringify(service.received)).not.toMatch(/optOuts|repeated/);
});

test('a change of another purpose is nothing to it', async () => {
  const service = destinationsService();
  await created(service, { consentPurpose: 'marketing.sms' });
  service.publish(0, membershipChange(2, { repeated: 'consent', ...refusing([], ['marketing.email']) }));
  await service.wake(0);
  await service.run();

  expect(told(service)).toEqual([]);
});

test('what was published before somebody refused, or was erased, is not told when they have by the time of the delivery', async () => {
  const service = destinationsService();
  const id = await created(service);
  await service.send('PATCH /{id}', at(id, { body: { state: 'paused' } }));
  const one = (n: number, profileId: string) => membershipChange(n, { id: `${profileId}-${n}-0`, profileId });
  service.publish(0, one(1, 'refused'), one(1, 'gone'), one(1, 'parked'), one(1, 'other'));
  service.world.optOuts.set('refused', ['share', 'marketing.email']);
  service.world.optOuts.set('gone', undefined);
  service.world.optOuts.set('other', ['marketing.email']);
  await service.send('PATCH /{id}', at(id, { body: { state: 'active' } }));
  await service.run();

  expect(told(service).map(({ profileId }) => profileId)).toEqual(['parked', 'other']);
});

test('a resync ends whoever refuses, for nobody knows what the destination still holds', async () => {
  const service = destinationsService();
  await created(service);
  const again = { cause: 'batch', repeated: 'resync', ...refusing(['share'], ['share']) } as const;
  service.publish(0, membershipChange(4, again), membershipChange(4, { id: 'p1-4-1', status: 'exited', ...again }));
  await service.wake(0);
  await service.run();

  expect(told(service)).toMatchObject([
    { status: 'exited', cause: 'batch' },
    { status: 'exited', cause: 'batch' },
  ]);
});

test('what people refuse is read of who they are by now', async () => {
  const path = new WritePath();
  const say = (profile: string, val: string) =>
    path.record({
      ...{ recordType: 'profile', datasetId: 'crm', timestamp: path.now },
      ...{ identityMap: { CRMID: [{ id: profile }] }, attributes: { consents: { marketing: { email: { val } } } } },
    });
  await path.process([path.record(view('e1', path.now, { CRMID: 'a' })), say('b', 'y')]);
  const [a, b] = path.people().map(({ key }) => key.profileId) as [string, string];
  const optOuts = optOutsReader({ profiles: path.profiles });
  expect(await optOuts('prod', [a, b, 'nobody'])).toEqual(new Map([a, b].map((id) => [id, []])));

  path.now += 1000;
  const both = { CRMID: [{ id: 'a', primary: true }, { id: 'b' }] };
  await path.process([say('b', 'n'), path.record({ ...view('e2', path.now), identityMap: both })]);
  expect(await optOuts('prod', [a, b])).toEqual(new Map([a, b].map((id) => [id, ['marketing.email']])));

  const winner = path.people().find(({ stored }) => stored.leadsTo === undefined)?.key as ProfileKey;
  const identities = [{ namespace: 'CRMID', id: 'a', primary: false }];
  const order = { jobId: 'job', identities, requestedAt: path.now };
  await path.erasures.put(winner, order);
  await path.process([path.record(wakeUpRecord('erasure', winner))]);
  expect(await optOuts('prod', [a, b])).toEqual(new Map([a, b].map((id) => [id, undefined])));
});
