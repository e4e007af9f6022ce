import { beforeAll, describe, expect, test } from 'vitest';
import { scoreChangedProfiles } from '#functions/score-changed-profiles/score-changed-profiles.ts';
import {
  type PropensityInsights,
  propensityDataCheck,
  propensityFactor,
  propensityInsights,
  propensityInstance,
  propensityRun,
} from '#shared/api/propensity.ts';
import { decodeBatchResults } from '#shared/profile/batch-results.ts';
import type { PropensityRun } from '#shared/propensity/run.ts';
import { carryOut, type PropensityWorld, populateShoppers, propensityWorld } from '#test/support/propensity-world.ts';

const goal = { occurrence: 'will', conditions: ['eventType = "commerce.purchases"'], windowDays: 30 };
const instance = { id: 'buys', displayName: 'Buys within a month', type: 'conversion', goal };
const at = (id: string, runId?: string) => ({ pathParameters: { id, ...(runId && { runId }) } });

async function withInstance(people: number): Promise<PropensityWorld> {
  const world = propensityWorld();
  await populateShoppers(world, people);
  expect((await world.ask('POST /instances', { body: instance })).status).toBe(201);
  return world;
}

async function train(world: PropensityWorld, twice = false): Promise<PropensityRun> {
  await world.ask('POST /instances/{id}/runs', { ...at('buys'), body: { kind: 'train' } });
  const started = world.started.at(-1);
  if (started === undefined) throw new Error('no execution was started');
  await carryOut(world, started, twice);
  return (await world.store.findRun(started)) as PropensityRun;
}

async function score(world: PropensityWorld, twice = false): Promise<void> {
  await world.ask('POST /instances/{id}/runs', { ...at('buys'), body: { kind: 'score' } });
  await carryOut(world, world.started.at(-1) as PropensityRun, twice);
}

describe('a trained instance', () => {
  let world: PropensityWorld;
  let run: PropensityRun;
  let insights: PropensityInsights;

  beforeAll(async () => {
    world = await withInstance(1300);
    run = await train(world);
    insights = propensityInsights.parse((await world.ask('GET /instances/{id}/insights', at('buys'))).body);
  }, 60_000);

  test('has judged its model on a later time and put it into use', async () => {
    expect(run).toMatchObject({ status: 'SUCCEEDED', model: { promoted: true, evaluationKind: 'out of time' } });
    expect(run.model?.areaUnderCurve).toBeGreaterThan(0.75);
    const { body } = await world.ask('GET /instances/{id}', at('buys'));
    expect(propensityInstance.parse(body).modelRunId).toBe(run.runId);
  });

  test('has left a score with its factors beside every profile with an event', () => {
    const results = world.path.people().map(({ key }) => world.path.profiles.batch.bytesOf(key));
    const scores = results.flatMap((bytes) => (bytes ? [decodeBatchResults(bytes.data).scores.get('buys')] : []));

    expect(scores).toHaveLength(1300);
    for (const score of scores) {
      expect(score?.factors.length).toBeGreaterThan(0);
      expect(score?.scoredAt).toBe(world.path.now);
    }
  });

  test('counts everybody once in its distribution and in its buckets', () => {
    const { low, medium, high } = insights.buckets;
    const total = insights.distribution.reduce((sum, people) => sum + people, 0);

    expect(total).toBe(1300);
    expect(low.people + medium.people + high.people).toBe(1300);
    expect(run.scores).toMatchObject({ people: 1300, low: low.people, high: high.people });
    expect(high.expected / high.people).toBeGreaterThan(low.expected / low.people);
    expect(high.topFactors[0]?.people).toBeGreaterThan(0);
  });

  test('tells what its model foretold and what then happened', () => {
    const [judged] = insights.history;
    expect(insights.history).toHaveLength(1);
    expect(Math.abs((judged?.expectedRate ?? 0) - (judged?.actualRate ?? 1))).toBeLessThan(0.1);
    expect(insights.evaluation.gains.at(-1)).toEqual({ share: 1, gain: 1, lift: 1 });
  });

  test('comes to the same when every step is repeated', async () => {
    const again = await withInstance(1300);
    const repeated = await train(again, true);
    const { body } = await again.ask('GET /instances/{id}/insights', at('buys'));

    expect(repeated.model).toEqual(run.model);
    expect(propensityInsights.parse(body).distribution).toEqual(insights.distribution);
  });

  test('keeps its model against one that foretells no better than chance, and goes back to any earlier one', async () => {
    const first = run.runId;
    const second = await train(world);
    expect(second.model?.reason).toContain('that of the one in use');
    const back = await world.ask('POST /instances/{id}/runs/{runId}/promote', at('buys', first));

    expect(propensityInstance.parse(back.body).modelRunId).toBe(first);
  });

  test('is not deleted while a definition reads its scores', async () => {
    world.path.define('likely', 'propensity.buys.score >= 75');
    await expect(world.ask('DELETE /instances/{id}', at('buys'))).rejects.toMatchObject({ code: 'in-use' });
  });

  test('tells the profiles whose scores a definition reads', async () => {
    world.path.define('likely', 'propensity.buys.score >= 75');
    await world.ask('POST /instances/{id}/runs', { ...at('buys'), body: { kind: 'score' } });
    const before = world.woken.length;
    await carryOut(world, world.started.at(-1) as PropensityRun);

    expect(world.woken.length - before).toBe(1300);
  });
});

test('whoever buys again is scored again at once, and whoever does not is left alone', async () => {
  const world = await withInstance(1300);
  await train(world);
  await world.ask('PATCH /instances/{id}', { ...at('buys'), body: { state: 'active' } });
  world.path.now += 5 * 86_400_000;
  const scoreOf = (id: string) => {
    const bytes = world.path.profiles.batch.bytesOf({ sandboxName: 'prod', profileId: id });
    return bytes && decodeBatchResults(bytes.data).scores.get('buys');
  };
  const lapsed = world.path.people().find(({ key }) => scoreOf(key.profileId)?.bucket === 'low');
  const key = lapsed?.key as { sandboxName: string; profileId: string };
  const [identity] = lapsed?.attributes.identities ?? [];
  const identityMap = { CRMID: [{ id: identity?.id, primary: true }] };
  const purchases = [1, 2, 3, 4, 5].map((days) => ({
    _id: `back-${days}`,
    timestamp: world.path.now - days * 80_000_000,
    eventType: 'commerce.purchases',
    commerce: { order: { priceTotal: 90 } },
    identityMap,
  }));
  await world.path.process(purchases.map((purchase) => world.path.record(purchase)));
  const before = scoreOf(key.profileId)?.score ?? 0;

  expect(await scoreChangedProfiles([key, key], world.rescorePorts())).toBe(1);
  expect(scoreOf(key.profileId)?.score).toBeGreaterThan(before);
  expect(await scoreChangedProfiles([key], world.rescorePorts())).toBe(0);
});

test('too little to learn from fails the run with what is missing, and leaves no model', async () => {
  const world = await withInstance(300);
  const run = await train(world);

  expect(run).toMatchObject({ status: 'FAILED', errorCode: 'DATA_CHECK_FAILED' });
  expect(run.message).toMatch(/the outcome; 500 are needed/);
  expect(run.dataCheck?.canTrain).toBe(false);
  await expect(
    world.ask('POST /instances/{id}/runs', { ...at('buys'), body: { kind: 'score' } }),
  ).rejects.toMatchObject({ code: 'conflict' });
});

test('data can be checked before anything is saved', async () => {
  const world = propensityWorld();
  await populateShoppers(world, 400);
  const { body } = await world.ask('POST /dataCheck', { body: { goal } });
  const check = propensityDataCheck.parse(body);

  expect(check).toMatchObject({ isEstimate: false, profilesRead: 400, canTrain: false });
  expect(check.eligible).toBe(check.occurred + check.notOccurred);
  expect(await world.store.listInstances('prod')).toEqual([]);
});

test.each([
  [{ goal: { ...goal, conditions: ['eventType ='] } }, 'invalid-expression'],
  [{ goal: { ...goal, windowDays: 0 } }, 'invalid-request'],
  [{ id: '2buys' }, 'invalid-request'],
  [{ customEvents: [1, 2].map(() => ({ name: 'a', condition: 'eventType = "x"' })) }, 'invalid-request'],
])('%j is refused as %s', async (change, code) => {
  await expect(propensityWorld().ask('POST /instances', { body: { ...instance, ...change } })).rejects.toMatchObject({
    code,
  });
});

test('a field that is labelled so is kept out of attributes, amounts and conditions', async () => {
  const labelled = { type: 'string', 'meta:labels': ['notForDataScience'] } as const;
  const world = propensityWorld({
    profile: { type: 'object', properties: { religion: labelled } },
    event: { type: 'object', properties: { secret: labelled } },
  });
  const asked = {
    ...instance,
    profileAttributes: ['homeAddress.city', 'religion'],
    customEvents: [{ name: 'a', condition: 'secret = "x"' }],
  };

  await expect(world.ask('POST /instances', { body: asked })).rejects.toMatchObject({
    code: 'field-restricted',
    details: { mistakes: [{ pointer: '/profileAttributes/1' }, { pointer: '/customEvents/0/condition' }] },
  });
});

test('settings change on condition of their version, and a copy is a draft without a model', async () => {
  const world = propensityWorld();
  const { headers } = await world.ask('POST /instances', {
    body: { ...instance, eligiblePopulation: 'homeAddress.city = "Seoul"' },
  });
  const patch = { body: { displayName: 'Other', eligiblePopulation: null }, headers: { 'if-match': headers?.etag } };
  const changed = propensityInstance.parse(
    (await world.ask('PATCH /instances/{id}', { ...at('buys'), ...patch })).body,
  );

  expect(changed).toMatchObject({ displayName: 'Other', version: 2 });
  expect(changed.eligiblePopulation).toBeUndefined();
  await expect(world.ask('PATCH /instances/{id}', { ...at('buys'), ...patch })).rejects.toMatchObject({
    code: 'precondition-failed',
  });
  const copy = await world.ask('POST /instances/{id}/clone', { ...at('buys'), body: { id: 'buys_2' } });
  expect(propensityInstance.parse(copy.body)).toMatchObject({
    id: 'buys_2',
    state: 'draft',
    displayName: 'Other (copy)',
  });
  await expect(world.ask('POST /instances', { body: instance })).rejects.toMatchObject({ code: 'name-in-use' });
});

test('a run that has not ended holds up another, and can be cancelled', async () => {
  const world = await withInstance(20);
  const started = await world.ask('POST /instances/{id}/runs', { ...at('buys'), body: { kind: 'train' } });
  const { id: runId } = propensityRun.parse(started.body);

  await expect(
    world.ask('POST /instances/{id}/runs', { ...at('buys'), body: { kind: 'train' } }),
  ).rejects.toMatchObject({ code: 'conflict' });
  expect((await world.ask('DELETE /instances/{id}/runs/{runId}', at('buys', runId))).status).toBe(204);
  await carryOut(world, world.started[0] as PropensityRun);
  expect(await world.store.findRun(world.started[0] as PropensityRun)).toMatchObject({ status: 'CANCELLED' });
});

describe('insights of a trained instance', () => {
  let world: PropensityWorld;
  let insights: PropensityInsights;
  const read = async () => propensityInsights.parse((await world.ask('GET /instances/{id}/insights', at('buys'))).body);
  const factorOf = async (bucket: string, name: string) =>
    propensityFactor.parse(
      (await world.ask('GET /instances/{id}/insights/factor', { ...at('buys'), query: { bucket, name } })).body,
    );

  beforeAll(async () => {
    world = await withInstance(1300);
    await train(world);
    insights = await read();
  }, 60_000);

  test('tell of a factor how strongly it counts in a bucket, and with which values', async () => {
    const top = insights.buckets.low.topFactors[0] as { name: string; people: number };
    const factor = await factorOf('low', top.name);

    expect(factor).toMatchObject({ name: top.name, people: top.people, bucketPeople: insights.buckets.low.people });
    expect(factor.raises + factor.lowers).toBe(factor.people);
    const { low, medium, high } = factor.importance;
    expect(low + medium + high).toBe(factor.people);
    expect(factor.values.reduce((sum, { people }) => sum + people, 0)).toBe(factor.people);
    const numbers = factor.values.flatMap(({ from, to }) =>
      from === undefined || to === undefined ? [] : [[from, to]],
    );
    expect(numbers.length).toBeGreaterThan(1);
    expect(numbers.map(([from]) => from)).toEqual(
      [...numbers.map(([from]) => from)].sort((a, b) => Number(a) - Number(b)),
    );
  });

  test('know that what makes a low score lowers it, and what makes a high one raises it', async () => {
    const [low, high] = [insights.buckets.low.topFactors[0], insights.buckets.high.topFactors[0]];

    expect((await factorOf('low', low?.name ?? '')).meanContribution).toBeLessThan(0);
    expect((await factorOf('high', high?.name ?? '')).meanContribution).toBeGreaterThan(0);
  });

  test('know no factor that nobody of the bucket has', async () => {
    await expect(factorOf('high', 'shoe size')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('tell what was foretold by the scores of a run, and what then happened, once its window is over', async () => {
    const first = (await world.store.latestRun('prod', 'buys')) as PropensityRun;
    world.path.now += 20 * 86_400_000;
    await score(world);
    expect((await read()).history).toHaveLength(1);
    world.path.now += 15 * 86_400_000;
    await score(world, true);

    const followed = (await world.store.findRun(first))?.scores?.followUp;
    expect(followed).toEqual({ people: 1300, occurred: 0, countedAt: world.path.now });
    expect((await read()).history.at(-1)).toMatchObject({
      runId: first.runId,
      kind: 'scored',
      judgedAt: first.asOf,
      people: 1300,
      actualRate: 0,
    });
    await score(world);
    expect((await world.store.findRun(first))?.scores?.followUp).toEqual(followed);
  });
});
