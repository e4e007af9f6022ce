import { expect, test } from 'vitest';
import { ATTEMPTS_MAX, BATCH_MAX } from '#functions/deliver-changes/deliver-lane.ts';
import { failed, refused } from '#shared/activation/delivery.ts';
import { destinationsService, membershipChange, webhook } from '#test/support/destinations.ts';

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
