/** What a read shows besides the data sets' attributes: computed attributes, scores, what batch decided, and by which policy. */
import { expect, test } from 'vitest';
import { profilesApi } from '#functions/profiles-api/profiles-api.ts';
import type { ProfileView } from '#shared/api/entities.ts';
import { NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { addBatchResults } from '#shared/profile/batch-results-store.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { buildRules, type RulesChange } from '#shared/segment/rules.ts';
import { definition } from '#test/support/definitions.ts';
import { httpRequest } from '#test/support/http-requests.ts';
import { problemOf } from '#test/support/segments-service.ts';
import { START, view, WritePath } from '#test/support/write-path.ts';

const MINUTE = 60_000;

const readWith =
  (path: WritePath) =>
  async (more: Record<string, string> = {}) => {
    const definitions = { find: async () => undefined, findVersion: async () => undefined };
    const ports = { ...path.ports(), definitions, retentionMs: 1096 * 86_400_000 };
    const query = { entityId: 'c1', entityIdNS: 'CRMID', ...more };
    const request = httpRequest({ routeKey: 'GET /data/core/ups/access/entities', query });
    return (await profilesApi(ports)(request)).body as ProfileView;
  };

function publish(path: WritePath, ...changes: readonly RulesChange[]): void {
  for (const change of changes) path.artifact = buildRules(path.artifact, change);
  path.rules = compileRules(path.artifact as NonNullable<typeof path.artifact>);
}

const attribute = (name: string, expression: string): RulesChange => ({
  kind: 'put-computed',
  attribute: { id: name, name, version: 1, expression },
  changedAt: START,
});

test('computed attributes are shown as of the instant of the read, also when nothing happened since', async () => {
  const path = new WritePath();
  publish(
    path,
    attribute('lately', 'xEvent[timestamp occurs < 10 minutes before now].count()'),
    attribute('last', 'xEvent.max(timestamp)'),
    attribute('often', 'computed.lately >= 2'),
    attribute('never', 'xEvent[eventType = "none"].max(timestamp)'),
  );
  await path.process([path.record(view('e1', START)), path.record(view('e2', START + MINUTE))]);
  const read = readWith(path);
  path.now = START + MINUTE;
  const last = new Date(START + MINUTE).toISOString();
  expect((await read()).computed).toEqual({ lately: 2, last, often: true, never: null });

  path.now = START + 10 * MINUTE;
  expect((await read()).computed).toEqual({ lately: 1, last, often: false, never: null });
  path.now = START + 11 * MINUTE;
  const shown = await read();
  expect(shown.computed).toEqual({ lately: 0, last, often: false, never: null });
  expect(shown.entity.computed).toEqual(shown.computed);
});

test('who reads a computed attribute leaves by time: the timer is set for it', async () => {
  const path = new WritePath();
  publish(path, attribute('lately', 'xEvent[timestamp occurs < 10 minutes before now].count()'));
  path.define('a', 'computed.lately >= 2');
  await path.process([path.record(view('e1', START)), path.record(view('e2', START))]);

  expect(path.changes()).toEqual([['profile-1', 'realized', 'event', 0]]);
  expect(path.first().dueAt).toBe(START + 10 * MINUTE);
});

test('a definition that reads a computed attribute is explained with what it stands for, and when it changes', async () => {
  const path = new WritePath();
  publish(path, attribute('lately', 'xEvent[timestamp occurs < 10 minutes before now].count()'));
  const expression = { type: 'PQL', format: 'pql/text', value: 'computed.lately >= 2' } as const;
  const definitions = { find: async () => definition({ expression }), findVersion: async () => undefined };
  await path.process([path.record(view('e1', START)), path.record(view('e2', START + MINUTE))]);
  path.now = START + MINUTE;

  const request = httpRequest({
    routeKey: 'GET /data/core/ups/segment/definitions/{id}/explain',
    pathParameters: { id: definition().id },
    query: { entityId: 'c1', entityIdNS: 'CRMID' },
  });
  const { body } = await profilesApi({ ...path.ports(), definitions, retentionMs: 1096 * 86_400_000 } as never)(
    request,
  );

  const nextFlip = new Date(START + 10 * MINUTE).toISOString();
  expect(body).toMatchObject({
    qualifies: true,
    nextFlip: { at: nextFlip, certain: true },
    definition: { expression: 'computed.lately >= 2' },
  });
});

test('what batch decided and scored is read before its record arrives, and an external membership ends on time', async () => {
  const path = new WritePath();
  const external = { id: 'x', name: 'x', version: 1, kind: 'external', expression: '' } as const;
  publish(path, { kind: 'put', definition: external });
  path.define('high', 'propensity.churn.score >= 75');
  path.define('low', 'propensity.churn.score < 25');
  path.define('seen', 'xEvent.count() >= 1');
  await path.process([path.record(view('e1', START))]);
  const read = readWith(path);
  expect(await read()).toMatchObject({ propensity: {}, segmentMembership: { ups: { seen: { status: 'realized' } } } });

  const score = { score: 80, probability: 0.8, percentile: 97, bucket: 'high', scoredAt: START, factors: [] } as const;
  const results = {
    ...NO_BATCH_RESULTS,
    external: new Map([[1, { at: START, validUntil: START + MINUTE }]]),
    scores: new Map([['churn', score]]),
  };
  await addBatchResults([{ key: path.first().key, results }], path.profiles.batch);
  const shown = await read();
  expect(shown.segmentMembership.ups).toMatchObject({ x: { status: 'realized' }, high: { status: 'realized' } });
  expect(shown.propensity).toEqual({ churn: score });
  // A membership by a score carries it; others carry nothing.
  const { high, seen, low } = shown.segmentMembership.ups;
  expect(high?.payload).toEqual({ payloadType: 'propensity', payloadPropensityValue: 0.8 });
  expect([seen?.payload, low]).toEqual([undefined, undefined]);

  path.now = START + MINUTE;
  expect((await read()).segmentMembership.ups).toMatchObject({ high: { status: 'realized' } });
  expect((await read()).segmentMembership.ups.x?.status).not.toBe('realized');
  expect(path.profiles.log).toHaveLength(1);
});

test('attributes are shown by the policy that is asked for; memberships go by their own, and an unknown one is named', async () => {
  const path = new WritePath();
  const crmFirst = { id: 'crm-first', attributeMerge: { type: 'dataSetPrecedence', order: ['crm'] } } as const;
  publish(path, { kind: 'merge-policies', mergePolicies: [crmFirst], changedAt: START });
  path.define('gold', 'tier = "gold"');
  const record = (datasetId: string, timestamp: number, tier: string) => ({
    recordType: 'profile',
    datasetId,
    timestamp,
    identityMap: { CRMID: [{ id: 'c1', primary: true }] },
    attributes: { tier, computed: 'mine', propensity: 'mine' },
  });
  await path.process([path.record(record('crm', START - 2, 'silver')), path.record(record('web', START - 1, 'gold'))]);
  const read = readWith(path);

  expect((await read()).attributes.tier).toBe('gold');
  const byCrm = await read({ mergePolicyId: 'crm-first' });
  expect(byCrm).toMatchObject({
    attributes: { tier: 'silver' },
    entity: { tier: 'silver', computed: {}, propensity: {} },
  });
  expect(byCrm.segmentMembership.ups).toMatchObject({ gold: { status: 'realized' } });
  expect(await problemOf(read({ mergePolicyId: 'nobody' }))).toMatchObject({
    status: 404,
    message: expect.stringContaining('nobody'),
  });
});
