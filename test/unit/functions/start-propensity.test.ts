import { expect, test } from 'vitest';
import { startPropensity } from '#functions/start-propensity/start-propensity.ts';
import { propensityInstance, propensityRunList } from '#shared/api/propensity.ts';
import type { CalledKind, PropensityRun } from '#shared/propensity/run.ts';
import { type PropensityWorld, propensityWorld } from '#test/support/propensity-world.ts';
import { START } from '#test/support/write-path.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = { pathParameters: { id: 'buys' } };
const everyHour = { expression: '0 0 * * * ?', timeZone: 'Asia/Seoul' };
const body = {
  ...{ id: 'buys', displayName: 'Buys within a month', type: 'conversion', state: 'active' },
  goal: { occurrence: 'will', conditions: ['eventType = "commerce.purchases"'], windowDays: 30 },
};
/** A full hour after the world begins. */
const FIRST = Math.ceil(START / HOUR) * HOUR;

async function withSchedules(more: object = { schedule: everyHour }): Promise<PropensityWorld> {
  const world = propensityWorld();
  await world.ask('POST /instances', { body: { ...body, ...more } });
  return world;
}

const timersOf = ({ ports }: PropensityWorld) => (ports.timers as never as { timers: Map<string, object> }).timers;

async function due(world: PropensityWorld, kind: CalledKind, instant: number) {
  const found = await world.store.findInstance('prod', 'buys');
  const input = { sandboxName: 'prod', instanceId: 'buys', timerId: found?.timerId ?? 'gone', kind };
  return startPropensity({ ...input, scheduledTime: new Date(instant).toISOString() }, world.ports);
}

async function end(world: PropensityWorld): Promise<void> {
  const run = (await world.store.latestRun('prod', 'buys')) as PropensityRun;
  await world.store.putRun(run, { ...run, status: 'SUCCEEDED', revision: run.revision + 1 });
}

/** As if a model had been trained. */
async function withModel(world: PropensityWorld): Promise<void> {
  const found = await world.store.findInstance('prod', 'buys');
  if (found === undefined) throw new Error('there is no instance');
  await world.store.putInstance(found, { ...found, modelRunId: 'm', version: found.version + 1 });
}

const history = async (world: PropensityWorld) =>
  propensityRunList.parse((await world.ask('GET /instances/{id}/runs', { ...at })).body).children;

test('scoring and training have a timer each, by the clocks of their zones', async () => {
  const world = await withSchedules({ schedule: everyHour, trainingSchedule: { expression: '0 30 3 ? * SUN' } });

  expect([...timersOf(world).values()]).toMatchObject([
    { name: 'run-1-train', cron: '30 3 ? * 1 *', timeZone: 'UTC', isActive: true },
    { name: 'run-1-score', cron: '0 * * * ? *', timeZone: 'Asia/Seoul', isActive: true },
  ]);
  const { nextRuns } = propensityInstance.parse((await world.ask('GET /instances/{id}', at)).body);
  expect(nextRuns?.score).toBeGreaterThan(world.path.now);
  expect(new Date(nextRuns?.train ?? 0).toISOString()).toContain('T03:30:00');
});

test('the timers follow the record: changed, paused, taken away, deleted', async () => {
  const world = await withSchedules();
  const patch = (change: object) => world.ask('PATCH /instances/{id}', { ...at, body: change });

  await patch({ schedule: { expression: '0 15 * * * ?' } });
  expect(timersOf(world).get('run-1-score')).toMatchObject({ cron: '15 * * * ? *', timeZone: 'UTC' });
  await patch({ state: 'draft' });
  expect(timersOf(world).get('run-1-score')).toMatchObject({ isActive: false });
  await patch({ schedule: null, trainingSchedule: everyHour, state: 'active' });
  expect([...timersOf(world).keys()]).toEqual(['run-1-train']);
  await world.ask('DELETE /instances/{id}', at);
  expect([...timersOf(world).keys()]).toEqual([]);
});

test('a copy is a draft whose timers wait', async () => {
  const world = await withSchedules();
  await world.ask('POST /instances/{id}/clone', { ...at, body: { id: 'buys_2' } });

  expect(timersOf(world).get('run-2-score')).toMatchObject({ isActive: false, input: { instanceId: 'buys_2' } });
  expect(timersOf(world).get('run-1-score')).toMatchObject({ isActive: true, input: { instanceId: 'buys' } });
});

test('an instance that is due is scored, and its history says by what', async () => {
  const world = await withSchedules();
  await withModel(world);

  expect(await due(world, 'score', FIRST)).toBe('begun');

  expect(await history(world)).toMatchObject([{ kind: 'score', source: 'scheduler', scheduledTime: FIRST }]);
  expect(world.started).toHaveLength(1);
});

test('where no model is in use yet, what is due to be scored is trained', async () => {
  const world = await withSchedules();
  await due(world, 'score', FIRST);

  expect(await history(world)).toMatchObject([{ kind: 'train', status: 'NEW' }]);
});

test('however often and however late it is told of one instant, there is one run', async () => {
  const world = await withSchedules();
  await Promise.all([1, 2, 3].map(() => due(world, 'score', FIRST)));
  expect(new Set(world.started.map(({ runId }) => runId)).size).toBe(1);
  await end(world);
  const begun = world.started.length;

  expect(await due(world, 'score', FIRST)).toBe('begun');
  expect(world.started).toHaveLength(begun);
  expect(await history(world)).toHaveLength(1);
});

test('never two at once: what is due meanwhile is skipped, and the history says so', async () => {
  const world = await withSchedules();
  await due(world, 'score', FIRST);

  expect(await due(world, 'score', FIRST + HOUR)).toBe('skipped');
  expect(await due(world, 'score', FIRST + HOUR)).toBe('skipped');

  const [skipped, open] = await history(world);
  expect(skipped).toMatchObject({ status: 'SKIPPED', errorCode: 'PREVIOUS_UNDER_WAY', source: 'scheduler' });
  expect(skipped?.message).toContain(open?.id);
  expect(await history(world)).toHaveLength(2);
  const { lastRun } = propensityInstance.parse((await world.ask('GET /instances/{id}', at)).body);
  expect(lastRun?.id).toBe(open?.id);
  await expect(world.ask('POST /instances/{id}/runs', { ...at, body: {} })).rejects.toMatchObject({ code: 'conflict' });
  await end(world);
  expect(await due(world, 'score', FIRST + 2 * HOUR)).toBe('begun');
});

test('of callers at once one begins a run', async () => {
  const world = await withSchedules();
  const asked = await Promise.allSettled(
    [1, 2, 3].map(() => world.ask('POST /instances/{id}/runs', { ...at, body: {} })),
  );

  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await history(world)).toHaveLength(1);
});

test('a run of which nothing is heard for a day is cancelled by the next', async () => {
  const world = await withSchedules();
  await due(world, 'score', FIRST);
  world.path.now = FIRST + 2 * DAY;

  expect(await due(world, 'score', FIRST + 2 * DAY)).toBe('begun');
  expect(await history(world)).toMatchObject([{ status: 'NEW' }, { status: 'CANCELLED', errorCode: 'CANCELLED' }]);
});

test('where both are due at once, whoever trains scores everybody too', async () => {
  const world = await withSchedules({ schedule: everyHour, trainingSchedule: everyHour });
  await withModel(world);

  expect(await due(world, 'score', FIRST)).toBe('left-to-training');
  expect(await due(world, 'train', FIRST)).toBe('begun');
  expect(await history(world)).toMatchObject([{ kind: 'train' }]);
});

test('a timer of an older version begins nothing, and is put right', async () => {
  const world = await withSchedules();
  const old = timersOf(world).get('run-1-score') as object;
  await world.ask('PATCH /instances/{id}', { ...at, body: { schedule: { expression: '0 15 * * * ?' } } });
  const current = timersOf(world).get('run-1-score');
  timersOf(world).set('run-1-score', old);

  expect(await due(world, 'score', FIRST)).toBe('not-due');
  expect(timersOf(world).get('run-1-score')).toEqual(current);
  expect(world.started).toEqual([]);
});

test('nothing of a draft is due', async () => {
  const world = await withSchedules({ schedule: everyHour, state: 'draft' });

  expect(await due(world, 'score', FIRST)).toBe('not-due');
  expect(world.started).toEqual([]);
});

test('a timer of an instance that is gone takes itself away, also where another has its id', async () => {
  const world = await withSchedules();
  const input = { sandboxName: 'prod', instanceId: 'buys', timerId: 'old', kind: 'score' } as const;
  timersOf(world).set('old-score', {});

  const outcome = await startPropensity({ ...input, scheduledTime: new Date(FIRST).toISOString() }, world.ports);

  expect(outcome).toBe('no-instance');
  expect([...timersOf(world).keys()]).toEqual(['run-1-score']);
});

test.each([
  [{ schedule: { expression: '* * * * * ?' } }, '/schedule/expression'],
  [{ trainingSchedule: { expression: '0 0 0 1 1 ? 2001' } }, '/trainingSchedule/expression'],
  [{ schedule: { expression: '0 0 * * * ?', timeZone: '+09:00' } }, '/schedule/timeZone'],
])('%j is refused', async (change, pointer) => {
  await expect(withSchedules(change)).rejects.toMatchObject({
    code: 'invalid-request',
    details: { mistakes: [{ pointer }] },
  });
});
