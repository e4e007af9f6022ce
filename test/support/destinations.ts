/** Destinations in memory: the API and the one who delivers over the same stores, a feed of rows, and a receiver. */
import { deliverChanges } from '#functions/deliver-changes/deliver-changes.ts';
import type { DeliverPorts, FeedRow } from '#functions/deliver-changes/ports.ts';
import { restrictionsReader } from '#functions/deliver-changes/readers.ts';
import { destinationsApi } from '#functions/destinations-api/destinations-api.ts';
import type { DestinationPorts } from '#functions/destinations-api/ports.ts';
import { type Delivery, type DeliveryResult, delivered } from '#shared/activation/delivery.ts';
import { BASE_PATH } from '#shared/api/operation.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import {
  MemoryDeliveryLanes,
  MemoryDeliveryQueue,
  MemoryDestinationStore,
} from '#shared/memory/memory-destinations.ts';
import { MemorySchemaStore } from '#shared/memory/memory-schema-stores.ts';
import type { ConsentPurpose } from '#shared/profile/consent.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import type { PublishedChange } from '#shared/segment/membership-change.ts';
import { buildRules, type RulesArtifact } from '#shared/segment/rules.ts';
import { memoryGuard } from './change-guards.ts';
import { httpRequest } from './http-requests.ts';

export const FEED_SHARDS = 2;
const PATH = `${BASE_PATH}/destinations`;

export const publishedRules = (definitions: Readonly<Record<string, string>>): RulesArtifact | undefined =>
  Object.entries(definitions).reduce<RulesArtifact | undefined>(
    (rules, [id, expression]) =>
      buildRules(rules, { kind: 'put', definition: { id, name: `The ${id}`, version: 1, expression, publishedAt: 0 } }),
    undefined,
  );

export function membershipChange(n: number, more: Partial<PublishedChange> = {}): PublishedChange {
  return {
    ...{ id: `p1-${n}-0`, sandboxName: 'prod', profileId: 'p1', segmentId: 's1', segmentName: 'The s1' },
    ...{ status: 'realized', time: new Date(1_000_000).toISOString(), cause: 'event', version: n, index: 0 },
    identities: [
      { namespace: 'Email', id: 'a@example.com', primary: true },
      { namespace: 'CRMID', id: 'c1', primary: false },
    ],
    ...more,
  };
}

interface World {
  now: number;
  /** What people refuse by now; undefined where they are gone. */
  readonly optOuts: Map<string, readonly ConsentPurpose[] | undefined>;
  ids: number;
  answer: (delivery: Delivery) => DeliveryResult;
}

function memoryFeed() {
  const rows = new Map<number, FeedRow[]>();
  const of = (shard: number) => rows.get(shard) ?? [];
  const feed = {
    head: async (_: SandboxName, shard: number) => of(shard).at(-1)?.sequence ?? 0,
    read: async ({ shard, after }: { shard: number; after: number }, limit: number) =>
      of(shard)
        .filter(({ sequence }) => sequence > after)
        .slice(0, limit),
  };
  const publish = (shard: number, ...changes: readonly PublishedChange[]) => {
    const first = (of(shard).at(-1)?.sequence ?? 0) + 1;
    rows.set(shard, [...of(shard), ...changes.map((change, index) => ({ sequence: first + index, change }))]);
  };
  return { rows, feed, publish };
}

function receiver(world: World) {
  const received: Delivery[] = [];
  const deliver = async (delivery: Delivery) => {
    const result = world.answer(delivery);
    if (result.ok) received.push(delivery);
    return result;
  };
  return { received, deliver, ids: () => received.flatMap(({ events }) => events.map(({ id }) => id)) };
}

function observer() {
  const observed = { failed: [] as string[], refused: [] as string[], lost: 0, delivered: 0, withheld: 0 };
  const observe: DeliverPorts['observe'] = {
    delivered: (changes) => {
      observed.delivered += changes;
    },
    failed: (_, reason) => void observed.failed.push(reason),
    refused: (_, reason) => void observed.refused.push(reason),
    lost: (_, changes) => {
      observed.lost += changes;
    },
    withheld: (changes) => {
      observed.withheld += changes;
    },
  };
  return { observed, observe };
}

const attributes: DeliverPorts['attributes'] = async (_, changes) =>
  new Map(changes.map(({ profileId }) => [profileId, (path: string) => (path === 'person.age' ? 7 : undefined)]));

export function destinationsService(definitions: Readonly<Record<string, string>> = { s1: 'person.age > 1' }) {
  const [lanes, queue, schemas] = [new MemoryDeliveryLanes(), new MemoryDeliveryQueue(), new MemorySchemaStore()];
  const destinations = new MemoryDestinationStore();
  const rules = { current: async () => compileRules(publishedRules(definitions) as RulesArtifact) };
  const world: World = { now: 2_000_000, ids: 0, optOuts: new Map(), answer: () => delivered(200) };
  const { rows, feed, publish } = memoryFeed();
  const { received, deliver, ids } = receiver(world);
  const { observed, observe } = observer();
  const shared = { destinations, lanes, queue, feed, deliver, now: () => world.now };
  const ports: DestinationPorts = {
    ...shared,
    ...{ feedShards: FEED_SHARDS, rules, schemas, streams: ['allowed'], queues: ['allowed'] },
    webhooks: { allowsLocalhost: false },
    seal: { seal: async (secret, owner) => `sealed ${owner} ${secret.length}` },
    newId: () => `id-${++world.ids}`,
    newSecret: () => 'a-secret-that-nobody-guesses',
  };
  const restrictions = restrictionsReader({ rules, schemas });
  const optOuts = async () => world.optOuts;
  const delivering: DeliverPorts = { ...shared, optOuts, attributes, restrictions, observe, chance: () => 0 };
  const guard = memoryGuard();
  const api = destinationsApi(ports, guard);
  const send = (route: string, more: Partial<HttpRequest> = {}) => {
    const [method, path = ''] = route.split(' ');
    return api(httpRequest({ roles: ['publisher', 'operator'], routeKey: `${method} ${PATH}${path}`, ...more }));
  };
  const wake = (...shards: number[]) => queue.send([{ kind: 'wake', sandboxName: 'prod', shards }]);
  /** Handles messages, those with the shortest delay first, until none is left or so many were. */
  const run = async (max = 200) => {
    for (let handled = 0; handled < max; handled++) {
      const message = queue.take();
      if (message === undefined) return;
      await deliverChanges(message, delivering);
    }
  };
  return {
    ...shared,
    ports,
    world,
    rows,
    schemas,
    delivering,
    observed,
    received,
    guard,
    send,
    publish,
    wake,
    run,
    ids,
  };
}

export const webhook = (more: object = {}) => ({
  name: 'CRM',
  target: { kind: 'webhook', url: 'https://example.com/changes' },
  segments: ['s1'],
  identityNamespaces: ['CRMID'],
  ...more,
});
