/** People by the stream, instances by the API, runs step by step as the state machine takes them: over memory stores. */
import { collectTrainingRows } from '#functions/collect-training-rows/collect-training-rows.ts';
import { finishPropensity } from '#functions/finish-propensity/finish-propensity.ts';
import { planPropensity } from '#functions/plan-propensity/plan-propensity.ts';
import type { PropensityPorts } from '#functions/propensity-api/ports.ts';
import { propensityApi } from '#functions/propensity-api/propensity-api.ts';
import { readyModels } from '#functions/score-changed-profiles/ready-models.ts';
import { scoreRange } from '#functions/score-range/score-range.ts';
import { trainPropensity } from '#functions/train-propensity/train-propensity.ts';
import { seededRandom } from '#shared/kernel/seeded-random.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { MemoryProfileSegments } from '#shared/memory/memory-profile-segments.ts';
import { MemoryPropensityFiles, MemoryPropensityStore } from '#shared/memory/memory-propensity-store.ts';
import { MemoryScheduleTimers } from '#shared/memory/memory-schedules.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import { BLEND_DEFAULTS } from '#shared/propensity/blend.ts';
import { BOOSTING_DEFAULTS } from '#shared/propensity/gradient-boosting.ts';
import type { RunKey } from '#shared/propensity/run.ts';
import { TRAIN_DEFAULTS } from '#shared/propensity/train-model.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import { memoryGuard } from './change-guards.ts';
import { httpRequest } from './http-requests.ts';
import { RETENTION_MS, START, WritePath } from './write-path.ts';

const BASE = '/data/core/ups/propensity';
const DAY = 86_400_000;

/** Fewer trees than a real model has: enough to tell who buys again. */
const QUICK = {
  ...TRAIN_DEFAULTS,
  blend: { ...BLEND_DEFAULTS, boosting: { ...BOOSTING_DEFAULTS, rounds: 25 }, folds: 2 },
};

export function propensityWorld(extensions: SchemaExtensions = {}) {
  const path = new WritePath();
  const store = new MemoryPropensityStore();
  const files = new MemoryPropensityFiles();
  const started: RunKey[] = [];
  const woken: ProfileKey[] = [];
  const unreadable: string[] = [];
  let ids = 0;
  const ports: PropensityPorts = {
    store,
    files,
    segments: new MemoryProfileSegments(path.profiles),
    history: path.history,
    rules: { current: async () => path.rules },
    schemas: { extensions: async () => extensions },
    executions: {
      start: async (run) => {
        started.push(run);
      },
    },
    timers: new MemoryScheduleTimers(),
    retentionMs: RETENTION_MS,
    now: () => path.now,
    newId: () => `run-${++ids}`,
  };
  const scorePorts = {
    ...ports,
    results: path.profiles.batch,
    wakeUps: { send: async (_: string, keys: readonly ProfileKey[]) => void woken.push(...keys) },
  };
  const ask = (operation: string, request: Partial<HttpRequest> = {}) =>
    propensityApi(
      ports,
      memoryGuard(),
    )(httpRequest({ roles: ['publisher'], ...request, routeKey: operation.replace(' /', ` ${BASE}/`) }));
  const trainPorts = { ...ports, training: QUICK };
  const rescorePorts = () => ({
    ...scorePorts,
    profiles: path.profiles,
    models: readyModels({ ...ports, onUnreadable: (error) => unreadable.push(error.message) }),
  });
  return { path, store, files, ports, scorePorts, rescorePorts, trainPorts, started, woken, unreadable, ask };
}

export type PropensityWorld = ReturnType<typeof propensityWorld>;

const keyOf = ({ sandboxName, instanceId, runId }: RunKey): RunKey => ({ sandboxName, instanceId, runId });

export const CLEARING_WAIT_MS = 120_000;

/** Every step of a run; `twice` repeats each of them, as retries do. */
export async function carryOut(world: PropensityWorld, run: RunKey, twice = false): Promise<void> {
  const { ports, scorePorts } = world;
  const key = keyOf(run);
  const step = async <Output>(work: () => Promise<Output>) => {
    const output = await work();
    return twice ? work() : output;
  };
  const { kind, ranges } = await step(() =>
    planPropensity(key, { ...ports, peopleMax: 150_000, clearingWaitMs: CLEARING_WAIT_MS }),
  );
  if (kind === 'clear') world.path.now += CLEARING_WAIT_MS;
  if (kind === 'train') {
    for (const range of ranges) await step(() => collectTrainingRows({ ...key, ...range }, ports));
    const { scores } = await step(() => trainPropensity(key, world.trainPorts));
    if (!scores) return void (await step(() => finishPropensity(key, ports)));
  }
  for (const range of ranges) await step(() => scoreRange({ ...key, ...range }, scorePorts));
  await step(() => finishPropensity(key, ports));
}

/** Some buy every few days, some have nearly stopped: who bought lately and often buys again. */
export async function populateShoppers({ path }: PropensityWorld, people: number, seed = 1): Promise<void> {
  const random = seededRandom(seed);
  const records: unknown[] = [];
  for (let person = 0; person < people; person++) {
    const pace = 3 + random.next() * 60;
    const stops = random.next() < 0.4 ? START - random.next() * 150 * DAY : START;
    const identityMap = { CRMID: [{ id: `c${person}`, primary: true }] };
    for (let at = START - 170 * DAY + random.next() * 20 * DAY, n = 0; at < stops; n++) {
      const order = { priceTotal: Math.round(5 + random.next() * 100) };
      const event = { _id: `${person}-${n}`, timestamp: at, eventType: 'commerce.purchases', commerce: { order } };
      records.push({ ...event, identityMap });
      at += (0.3 + random.next() * 1.4) * pace * DAY;
    }
  }
  for (let start = 0; start < records.length; start += 2000) {
    await path.process(records.slice(start, start + 2000).map((record) => path.record(record)));
  }
}
