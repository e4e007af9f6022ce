import { describe, expect, test } from 'vitest';
import { observeBatch } from '#functions/observe-fields/observe-batch.ts';
import type { ObservePorts, StreamRecord } from '#functions/observe-fields/ports.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { MemoryFieldStore, MemorySchemaStore } from '#shared/memory/memory-schema-stores.ts';
import { OBSERVED_EVENT_TYPES_MAX, OBSERVED_FIELDS_MAX, RECORDS_PER_BATCH_OBSERVED } from '#shared/schema/limits.ts';
import type { Subject } from '#shared/schema/observed/observe.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

function world() {
  const fields = new MemoryFieldStore();
  const schemas = new MemorySchemaStore();
  const ports: ObservePorts = { fields, schemas, now: () => NOW, pause: async () => {} };
  const at = async (subject: Subject, path: string, sandboxName = 'prod') =>
    (await fields.findMany([{ sandboxName, subject, path }]))[0]?.sketch;
  return { fields, schemas, ports, at };
}

let sent = 0;
const event = (more: object = {}) => ({
  _id: `e-${++sent}`,
  timestamp: '2026-03-01T11:59:00Z',
  eventType: 'commerce.purchases',
  identityMap: { CRM: [{ id: 'p-1', primary: true }] },
  ...more,
});

let sequence = 0;
const recordOf = (body: unknown, shardId = 'shard-1'): StreamRecord => ({
  shardId,
  sequenceNumber: String(++sequence),
  data: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  arrival: NOW,
});

describe('a batch', () => {
  test('is merged into what was observed before', async () => {
    const { ports, at } = world();
    await observeBatch([recordOf([event({ store: 'a' }), event({ store: 'b' })])], ports);
    const summary = await observeBatch([recordOf(event({ store: 'a' }))], ports);

    expect(summary).toMatchObject({ records: 1, sampledEvery: 1, leftOut: 0 });
    expect((await at('event', ''))?.records).toBe(3);
    expect((await at('event', 'store'))?.top?.list()).toMatchObject([{ value: '"a"', count: 2 }, { value: '"b"' }]);
    expect((await at('eventType', 'commerce.purchases'))?.records).toBe(3);
  });

  test('that is delivered again after it was observed changes nothing', async () => {
    const { ports, at } = world();
    const batch = [recordOf(event({ store: 'a' })), recordOf(event({ store: 'b' }))];
    await observeBatch(batch, ports);
    const before = (await at('event', 'store'))?.toBytes();
    const longer = await observeBatch([...batch, recordOf(event())], ports);

    expect(longer.records).toBe(1);
    expect((await at('event', 'store'))?.toBytes()).toEqual(before);
    expect((await at('event', ''))?.records).toBe(3);
  });

  test('counts an event once that it holds twice', async () => {
    const { ports, at } = world();
    const twice = event();
    await observeBatch([recordOf(twice), recordOf([twice, twice])], ports);
    expect((await at('event', ''))?.records).toBe(1);
  });

  test('that fails midway counts in part again, and no more often than it is delivered', async () => {
    const { ports, fields, at } = world();
    const batch = [recordOf(event({ store: 'a', till: 'b' }))];
    let writes = 0;
    const failing = new Proxy(fields, {
      get: (target, name: keyof MemoryFieldStore) => {
        if (name !== 'put') return target[name].bind(target);
        return (field: never) => (++writes > 3 ? Promise.reject(new Error('throttled')) : target.put(field));
      },
    });
    for (const _ of [1, 2]) await observeBatch(batch, { ...ports, fields: failing }).catch(() => {});
    await observeBatch(batch, ports);

    for (const path of ['', 'store', 'till']) {
      expect((await at('event', path))?.records).toBeGreaterThanOrEqual(1);
      expect((await at('event', path))?.records).toBeLessThanOrEqual(3);
    }
    expect((await at('event', 'store'))?.people.estimate()).toBe(1);
  });

  test('of which two are merged at once counts both', async () => {
    const { ports, at } = world();
    const batches = Array.from({ length: 6 }, (_, shard) => [recordOf(event({ store: 'a' }), `shard-${shard}`)]);
    await Promise.all(batches.map((batch) => observeBatch(batch, ports)));
    expect((await at('event', 'store'))?.records).toBe(6);
  });

  test('passes over what is no event and no profile record', async () => {
    const { ports, at } = world();
    const timer = { recordType: 'timer', sandboxName: 'prod', profileId: 'profile-0001' };
    await observeBatch([recordOf('no JSON'), recordOf(timer), recordOf({ _id: 'x' }), recordOf(event())], ports);
    expect((await at('event', ''))?.records).toBe(1);
  });

  test('is told apart by sandbox, each with its own schema', async () => {
    const { ports, schemas, at } = world();
    const extension = { properties: { store: { type: 'string', 'meta:labels': ['I1'] } } } as const;
    await schemas.put('dev' as SandboxName, { name: 'event', version: 1, extension, updateTime: 0 });
    await observeBatch([recordOf(event({ store: 'a' })), recordOf(event({ store: 'b', sandboxName: 'dev' }))], ports);

    expect((await at('event', 'store'))?.top?.list()).toHaveLength(1);
    expect((await at('event', 'store', 'dev'))?.top).toBeUndefined();
  });

  test('of very many is looked at in part, and its counts are those of the whole, nearly', async () => {
    const { ports, at } = world();
    const count = RECORDS_PER_BATCH_OBSERVED * 3;
    const records = Array.from({ length: count / 100 }, () => recordOf(Array.from({ length: 100 }, () => event())));
    const { sampledEvery } = await observeBatch(records, ports);
    const whole = await at('event', '');

    expect(sampledEvery).toBe(4);
    expect(whole?.looked).toBeLessThan(count / 3);
    expect(Math.abs((whole?.records ?? 0) - count)).toBeLessThan(count * 0.15);
  });
});

describe('the number of fields', () => {
  test('has a limit: those that came first stay observed, and when it was reached is kept', async () => {
    const { ports, fields, at } = world();
    const wide = (from: number) =>
      event(Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f${'abcdefghij'[n % 10]}${from + n}`, 'x'])));
    for (let from = 0; from < OBSERVED_FIELDS_MAX + 200; from += 200) await observeBatch([recordOf(wide(from))], ports);
    const full = await fields.findIndex('prod', 'event');
    await observeBatch([recordOf(wide(0)), recordOf(wide(9_000))], ports);

    expect(full.paths).toHaveLength(OBSERVED_FIELDS_MAX);
    expect(full.fullSince).toBe(NOW);
    expect(await fields.findIndex('prod', 'event')).toEqual(full);
    expect((await at('event', 'fa0'))?.records).toBe(2);
    expect(await at('event', 'fa9000')).toBeUndefined();
  });

  test('of event types has one of its own', async () => {
    const { ports, fields } = world();
    const types = Array.from({ length: OBSERVED_EVENT_TYPES_MAX + 5 }, (_, n) => event({ eventType: `type ${n}` }));
    await observeBatch([recordOf(types)], ports);
    expect((await fields.list('prod', 'eventType')).length).toBe(OBSERVED_EVENT_TYPES_MAX);
  });
});
