/** A score is of those who are of the population of an instance that there is; from everybody else it goes, in PQL too. */
import { beforeEach, describe, expect, test } from 'vitest';
import { finishPropensity } from '#functions/finish-propensity/finish-propensity.ts';
import { planPropensity } from '#functions/plan-propensity/plan-propensity.ts';
import { scoreChangedProfiles } from '#functions/score-changed-profiles/score-changed-profiles.ts';
import { scoreRange } from '#functions/score-range/score-range.ts';
import { decodeBatchResults, NO_BATCH_RESULTS, type PropensityScore } from '#shared/profile/batch-results.ts';
import { addBatchResults } from '#shared/profile/batch-results-store.ts';
import { type ProfileKey, profileKeyText } from '#shared/profile/profile-store.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { runFile } from '#shared/propensity/propensity-store.ts';
import type { RunKey } from '#shared/propensity/run.ts';
import {
  CLEARING_WAIT_MS,
  carryOut,
  type PropensityWorld,
  populateShoppers,
  propensityWorld,
} from '#test/support/propensity-world.ts';

const PEOPLE = 1400;
const DAY = 86_400_000;
const at = { pathParameters: { id: 'buys' } };
const instance = {
  ...{ id: 'buys', displayName: 'Buys within a month', type: 'conversion', state: 'active' },
  goal: { occurrence: 'will', conditions: ['eventType = "commerce.purchases"'], windowDays: 30 },
  // Whoever has not bought for long is of no interest, and loses the score by time alone.
  eligiblePopulation:
    'xEvent[eventType = "commerce.purchases" and timestamp occurs <= 120 days before now].count() >= 1',
};

let world: PropensityWorld;

const keys = () => world.path.people().map(({ key }) => key);
const resultsOf = (key: ProfileKey) => {
  const bytes = world.path.profiles.batch.bytesOf(key);
  return bytes && decodeBatchResults(bytes.data);
};
const scoreOf = (key: ProfileKey | undefined) => (key && resultsOf(key)?.scores.get('buys')) as PropensityScore;
const scored = () => keys().filter((key) => resultsOf(key)?.scores.has('buys'));
/** Members of the one segment that there is, by what was published. */
function realized(): number {
  const last = new Map(world.path.changes().map(([profileId, status]) => [profileId, status]));
  return [...last.values()].filter((status) => status === 'realized').length;
}

async function run(kind: 'train' | 'score'): Promise<void> {
  await world.ask('POST /instances/{id}/runs', { ...at, body: { kind } });
  await carryOut(world, world.started.at(-1) as RunKey);
}

/** What `batch` wake-ups make of everybody who was told of. */
async function wake(): Promise<void> {
  const woken = world.woken.splice(0);
  const distinct = [...new Map(woken.map((key) => [profileKeyText(key), key])).values()];
  await world.path.process(distinct.map((key) => world.path.record(wakeUpRecord('batch', key))));
}

beforeEach(async () => {
  world = propensityWorld();
  await populateShoppers(world, PEOPLE);
  world.path.define('scored', 'propensity.buys.score >= 0');
  await world.ask('POST /instances', { body: instance });
  await run('train');
  await wake();
}, 60_000);

test('whoever leaves the population loses the score with the next scoring, and the segment that reads it', async () => {
  const before = scored().length;
  expect(before).toBeGreaterThan(500);
  expect(realized()).toBe(before);
  world.path.now += 40 * DAY;

  await run('score');
  await wake();

  expect(scored().length).toBeLessThan(before);
  expect(realized()).toBe(scored().length);
  const [lost] = keys().filter((key) => resultsOf(key)?.unscored.has('buys'));
  expect(lost && resultsOf(lost)?.unscored.get('buys')).toBe(world.path.now);
});

test('whoever has none is not told of', async () => {
  world.path.now += 40 * DAY;
  await run('score');
  const known = new Set(
    keys()
      .filter((key) => resultsOf(key) !== undefined)
      .map(profileKeyText),
  );

  expect(world.woken.every((key) => known.has(profileKeyText(key)))).toBe(true);
  expect(known.size).toBeLessThan(PEOPLE);
});

test('one who changes and is of the population no longer loses the score at once', async () => {
  const [key] = scored();
  world.path.now += 200 * DAY;

  expect(await scoreChangedProfiles([key as ProfileKey], world.rescorePorts())).toBe(1);

  expect(resultsOf(key as ProfileKey)?.scores.has('buys')).toBe(false);
  expect(await scoreChangedProfiles([key as ProfileKey], world.rescorePorts())).toBe(0);
});

describe('an instance that is deleted', () => {
  beforeEach(async () => {
    world.path.undefine('scored');
    await world.ask('DELETE /instances/{id}', at);
  });

  const clearing = () => world.started.at(-1) as RunKey;

  test('takes every score away, and leaves nothing behind', async () => {
    await carryOut(world, clearing(), true);

    expect(scored()).toEqual([]);
    expect(await world.store.listRuns('prod', 'buys', 10)).toEqual([]);
    expect(await world.store.latestRun('prod', 'buys')).toBeUndefined();
  });

  test('is scored by nobody who still had it in mind', async () => {
    const [key] = scored();
    const ports = world.rescorePorts();
    const { ranges } = await planPropensity(clearing(), {
      ...world.ports,
      peopleMax: 1,
      clearingWaitMs: CLEARING_WAIT_MS,
    });
    world.path.now += 50_000;
    const late = { ...NO_BATCH_RESULTS, scores: new Map([['buys', { ...scoreOf(key), scoredAt: world.path.now }]]) };
    world.path.now += CLEARING_WAIT_MS;
    for (const range of ranges) await scoreRange({ ...clearing(), ...range }, world.scorePorts);

    await addBatchResults([{ key: key as ProfileKey, results: late }], ports.results);

    expect(scored()).toEqual([]);
  });

  test('leaves its id to another only when that is done', async () => {
    await expect(world.ask('POST /instances', { body: instance })).rejects.toMatchObject({ code: 'conflict' });
    await carryOut(world, clearing());

    expect((await world.ask('POST /instances', { body: instance })).status).toBe(201);
  });

  test('keeps its scores if it is there after all', async () => {
    const before = scored().length;
    const { ranges } = await planPropensity(clearing(), {
      ...world.ports,
      peopleMax: 1,
      clearingWaitMs: CLEARING_WAIT_MS,
    });
    await world.store.putInstance(undefined, { ...instance, sandboxName: 'prod', version: 1 } as never);
    for (const range of ranges) await scoreRange({ ...clearing(), ...range }, world.scorePorts);

    expect(scored()).toHaveLength(before);
  });
});

test('a run under way is cancelled by the deletion of its instance', async () => {
  world.path.undefine('scored');
  await world.ask('POST /instances/{id}/runs', { ...at, body: { kind: 'score' } });
  const open = world.started.at(-1) as RunKey;
  await world.ask('DELETE /instances/{id}', at);

  expect(world.started.at(-1)).toMatchObject({ kind: 'clear' });
  expect(await finishPropensity(open, world.ports)).toEqual({ status: 'GONE' });
  await expect(world.ask('GET /instances/{id}', at)).rejects.toMatchObject({ code: 'not-found' });
});

test('a draft that was never trained has no scores to take away', async () => {
  const begun = world.started.length;
  await world.ask('POST /instances', { body: { ...instance, id: 'other', state: 'draft' } });
  await world.ask('DELETE /instances/{id}', { pathParameters: { id: 'other' } });

  expect(world.started).toHaveLength(begun);
});

test('a model that cannot be read fails the run that scores by it, and holds up no other instance', async () => {
  const found = await world.store.findInstance('prod', 'buys');
  const model = { sandboxName: 'prod', instanceId: 'buys', runId: found?.modelRunId ?? '' };
  await world.files.put(runFile.model(model), { format: 7 });
  const refused = /prod\/buys\/\S+\/model\.json can't be used: its format is 7, and this version reads 1/;

  await expect(run('score')).rejects.toThrow(refused);
  expect(await scoreChangedProfiles(keys().slice(0, 1), world.rescorePorts())).toBe(0);
  expect(world.unreadable).toEqual([expect.stringMatching(refused)]);
});
