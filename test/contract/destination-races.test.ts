/** Who delivers a definition and who takes it away, at once: against the real engine's conditions and transactions. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { destinationsApi } from '#functions/destinations-api/destinations-api.ts';
import { profileSettingsApi } from '#functions/profile-settings-api/profile-settings-api.ts';
import { BASE_PATH } from '#shared/api/operation.ts';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoDestinationStore } from '#shared/aws/dynamodb-destination-store.ts';
import { DynamoGraphRebuilds } from '#shared/aws/dynamodb-graph-rebuilds.ts';
import { DynamoRulesResources } from '#shared/aws/dynamodb-rules-resources.ts';
import type { SegmentId } from '#shared/kernel/brand.ts';
import { MemoryRulesArtifactStore } from '#shared/memory/memory-segment-store.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import type { ComputedAttribute } from '#shared/segment/computed-attribute.ts';
import type { MergePolicy } from '#shared/segment/merge-policy-resource.ts';
import { memoryGuard } from '#test/support/change-guards.ts';
import { destinationsService } from '#test/support/destinations.ts';
import { startTables, type TestTables } from '#test/support/dynamodb-table.ts';
import { httpRequest } from '#test/support/http-requests.ts';
import { segmentBody, segmentsService } from '#test/support/segments-service.ts';

const ROUNDS = 6;

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.stop());

/** Two functions over one table, as they are deployed. */
async function open() {
  const table = await tables.create('S');
  const segments = new DynamoControlStore(table, tables.client);
  const destinations = new DynamoDestinationStore(table, tables.client);
  const artifacts = new MemoryRulesArtifactStore();
  const authors = segmentsService({ segments, artifacts, destinations, newId: () => randomUUID() as SegmentId });
  const rules = new CachedRulesStore(segments, artifacts);
  const ports = { ...destinationsService().ports, destinations, rules, newId: () => randomUUID() };
  const api = destinationsApi(ports, memoryGuard());
  const send = (method: string, body: unknown, id?: string) =>
    api(
      httpRequest({
        roles: ['publisher'],
        routeKey: `${method} ${BASE_PATH}/destinations${id === undefined ? '' : '/{id}'}`,
        body,
        ...(id !== undefined && { pathParameters: { id } }),
      }),
    );
  return { authors, destinations, send, policies: policiesOf(table, { ...authors.ports, destinations }) };
}

function policiesOf(table: string, ports: ReturnType<typeof segmentsService>['ports']) {
  const policies = new DynamoRulesResources<MergePolicy>(table, 'POLICY#', tables.client);
  const attributes = new DynamoRulesResources<ComputedAttribute>(table, 'CA#', tables.client);
  const api = profileSettingsApi(
    { ...ports, policies, attributes, newJobId: randomUUID, rebuilds: new DynamoGraphRebuilds(table, tables.client) },
    memoryGuard(),
  );
  const ask = (method: string, parts: object) => {
    const path = method === 'DELETE' ? '/{id}' : '';
    return api(
      httpRequest({ roles: ['publisher'], routeKey: `${method} ${BASE_PATH}/config/mergePolicies${path}`, ...parts }),
    );
  };
  const body = { name: 'CRM first', attributeMerge: { type: 'dataSetPrecedence', order: ['crm'] } };
  return {
    create: async () => ((await ask('POST', { body })).body as { id: string }).id,
    remove: (id: string) => ask('DELETE', { pathParameters: { id } }),
  };
}

const files = (name: string, segments: unknown) => ({ name, target: { kind: 'files' }, segments });

const codesOf = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : outcome.reason.code));

test('a definition is deleted or begins to be delivered, never both', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { authors, destinations, send } = await open();
    const { id } = await authors.create(segmentBody('Adults'));

    const outcomes = await Promise.allSettled([authors.remove(id), send('POST', files('CRM', [id]))]);

    const live = (await authors.rules())?.definitions.map((definition) => definition.id);
    const delivered = (await destinations.list('prod')).flatMap(({ segments }) => segments);
    expect([live, delivered], codesOf(outcomes).join()).toSatisfy(
      ([definitions, named]: string[][]) => definitions?.join() === named?.join(),
    );
    expect([
      ['done', 'invalid-request'],
      ['in-use', 'done'],
    ]).toContainEqual(codesOf(outcomes));
  }
});

test('a definition is withdrawn or begins to be delivered by a change of a destination, never both', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { authors, destinations, send } = await open();
    const [first, second] = [await authors.create(segmentBody('A')), await authors.create(segmentBody('B'))];
    await send('POST', files('CRM', [first.id]));
    const [{ id } = { id: '' }] = await destinations.list('prod');

    await Promise.allSettled([
      authors.patch(second.id, { lifecycleState: 'inactive' }),
      send('PATCH', { segments: [second.id] }, id),
    ]);

    const live = new Set((await authors.rules())?.definitions.map((definition) => definition.id));
    const named = (await destinations.list('prod')).flatMap(({ segments }) => segments);
    expect(named.filter((segment) => !live.has(segment))).toEqual([]);
  }
});

test('a merge policy is deleted or begins to be used by a destination, never both', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { authors, destinations, send, policies } = await open();
    const { id } = await authors.create(segmentBody('Adults'));
    const mergePolicyId = await policies.create();

    await Promise.allSettled([policies.remove(mergePolicyId), send('POST', { ...files('CRM', [id]), mergePolicyId })]);

    const [destination] = await destinations.list('prod');
    const isThere = (await authors.rules())?.mergePolicies?.some((policy) => policy.id === mergePolicyId) ?? false;
    expect(isThere).toBe(destination !== undefined);
  }
});

test('of many destinations that take one name at once one is made and the others get 422', async () => {
  const { authors, destinations, send } = await open();
  const { id } = await authors.create(segmentBody('Adults'));

  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => send('POST', files('CRM', [id]))));

  expect(codesOf(outcomes).sort()).toEqual(['done', ...Array(4).fill('name-in-use')]);
  expect(await destinations.list('prod')).toHaveLength(1);
});

test('of two destinations that are renamed alike at once one keeps its own name', async () => {
  const { authors, destinations, send } = await open();
  const { id } = await authors.create(segmentBody('Adults'));
  for (const name of ['A', 'B']) await send('POST', files(name, [id]));
  const all = await destinations.list('prod');

  const outcomes = await Promise.allSettled(all.map((each) => send('PATCH', { name: 'C' }, each.id)));

  expect(codesOf(outcomes).sort()).toEqual(['done', 'name-in-use']);
  expect(new Set((await destinations.list('prod')).map(({ name }) => name)).size).toBe(2);
});

test('destinations that are made while authors publish are all made', async () => {
  const { authors, destinations, send } = await open();
  const { id } = await authors.create(segmentBody('Adults'));

  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 3 }, (_, index) => send('POST', files(`D${index}`, [id]))),
    ...Array.from({ length: 3 }, (_, index) => authors.create(segmentBody(`S${index}`))),
  ]);

  expect(codesOf(outcomes)).toEqual(Array(6).fill('done'));
  expect(await destinations.list('prod')).toHaveLength(3);
});
