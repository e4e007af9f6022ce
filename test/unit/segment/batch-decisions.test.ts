/** Memberships that batch decides, and conditions over what it scored: from the item beside the state to the change. */
import { expect, test } from 'vitest';
import { type BatchResults, NO_BATCH_RESULTS, type PropensityScore } from '#shared/profile/batch-results.ts';
import { addBatchResults } from '#shared/profile/batch-results-store.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { decodeChanges } from '#shared/segment/change-codec.ts';
import { ProfileWorld, purchase, START } from '#test/support/profile-world.ts';

const MINUTE = 60_000;

/** A person with one purchase. */
async function worldOf(...definitions: readonly Parameters<ProfileWorld['define']>[]): Promise<ProfileWorld> {
  const world = new ProfileWorld();
  for (const definition of definitions) world.define(...definition);
  world.put(JSON.stringify(purchase('e1')));
  await world.process();
  return world;
}

async function told(world: ProfileWorld, results: Partial<BatchResults>): Promise<void> {
  await addBatchResults([{ key: world.key, results: { ...NO_BATCH_RESULTS, ...results } }], world.profiles.batch);
  world.put(wakeUpRecord('batch', world.key));
  await world.process();
}

const decided = (world: ProfileWorld, ordinal: number, qualifies: boolean, at = world.now) => {
  const { rulesVersion } = world.artifact;
  return { segments: new Map([[ordinal, { qualifies, at, rulesVersion }]]) };
};

const uploaded = (ordinal: number, at: number, validUntil: number) => ({
  external: new Map([[ordinal, { at, validUntil }]]),
});

const scored = (score: number, scoredAt: number) => {
  const bucket = score >= 75 ? 'high' : 'medium';
  const entry: PropensityScore = { score, probability: score / 100, percentile: 90, bucket, scoredAt, factors: [] };
  return { scores: new Map([['churn', entry]]) };
};

const changesIn = (world: ProfileWorld, from = 0) =>
  world.profiles.log
    .slice(from)
    .flatMap(({ changes }) => (changes ? decodeChanges(changes) : []))
    .map(({ segmentOrdinal, status, cause, time }) => [segmentOrdinal, status, cause, time - START]);

test('a scheduled definition follows what jobs decide and nothing else, and so do those that ask about it', async () => {
  const world = await worldOf(['xEvent.count() >= 1', { kind: 'scheduled' }], ['inSegment("s1")']);
  expect(changesIn(world)).toEqual([]);

  world.now += MINUTE;
  await told(world, decided(world, 1, true, START + 1000));
  expect(changesIn(world)).toEqual([
    [1, 'realized', 'batch', 1000],
    [2, 'realized', 'batch', MINUTE],
  ]);

  world.now += MINUTE;
  world.put(JSON.stringify(purchase('e2', world.now)));
  await world.process();
  expect(changesIn(world)).toHaveLength(2);

  await told(world, decided(world, 1, false));
  expect(changesIn(world).slice(2)).toEqual([
    [1, 'exited', 'batch', 2 * MINUTE],
    [2, 'exited', 'batch', 2 * MINUTE],
  ]);
});

test('a scheduled definition keeps nothing of events', async () => {
  const world = await worldOf(['xEvent.count() >= 1', { kind: 'scheduled' }]);
  expect(world.artifact.leaves).toEqual([]);
});

test('whoever was in a definition that is taken off streaming stays until a job of the new rules decides', async () => {
  const world = await worldOf(['xEvent.count() >= 1']);
  expect(changesIn(world)).toEqual([[1, 'realized', 'event', 0]]);
  const before = decided(world, 1, false);
  world.define('xEvent.count() >= 1', { id: 's1', name: 's1', kind: 'scheduled' });

  world.now += MINUTE;
  await told(world, before);
  expect(changesIn(world)).toHaveLength(1);

  await told(world, decided(world, 1, false));
  expect(changesIn(world).slice(1)).toEqual([[1, 'exited', 'batch', MINUTE]]);
});

test('an external membership ends exactly when it says, by the timer, and so does what depends on it', async () => {
  const world = await worldOf(['', { kind: 'external' }], ['inSegment("s1") and xEvent.count() >= 1']);
  const end = START + 90 * MINUTE;
  world.now += MINUTE;
  await told(world, uploaded(1, START, end));
  expect(changesIn(world)).toEqual([
    [1, 'realized', 'batch', 0],
    [2, 'realized', 'batch', MINUTE],
  ]);
  expect((await world.stored()).dueAt).toBe(end);

  world.now = end + 7 * MINUTE;
  world.put(wakeUpRecord('timer', world.key));
  await world.process();
  expect(changesIn(world).slice(2)).toEqual([
    [1, 'exited', 'time', 90 * MINUTE],
    [2, 'exited', 'time', 90 * MINUTE],
  ]);
  expect((await world.stored()).dueAt).toBeGreaterThan(world.now);
});

test('a later upload moves the end, a membership taken away ends at once, and one that is over never begins', async () => {
  const world = await worldOf(['', { kind: 'external' }], ['', { kind: 'external' }]);
  await told(world, uploaded(1, START, START + 10 * MINUTE));
  await told(world, uploaded(1, START + 1, START + 20 * MINUTE));
  world.now += 12 * MINUTE;
  world.put(wakeUpRecord('timer', world.key));
  await world.process();
  expect((await world.stored()).dueAt).toBe(START + 20 * MINUTE);

  await told(world, uploaded(1, START + 11 * MINUTE, START + 11 * MINUTE));
  await told(world, uploaded(2, START, START + MINUTE));
  expect(changesIn(world)).toEqual([
    [1, 'realized', 'batch', 0],
    [1, 'exited', 'batch', 11 * MINUTE],
  ]);
});

test('factors are read by expressions: their names, directions, importance and values', async () => {
  const named = (more: string): [string] => [`exists f from propensity.churn.factors where f.name = "visits"${more}`];
  const world = await worldOf(
    named(''),
    named(' and f.direction = "raises" and f.importance = "high"'),
    named(' and f.contribution > 1'),
    ['propensity.churn.factors.count() = 2'],
    ['propensity.churn.percentile >= 90 and propensity.churn.probability > 0.5'],
  );
  const factor = { direction: 'raises', importance: 'high', contribution: 0.7, value: 3 } as const;
  const factors = [
    { ...factor, name: 'visits' },
    { ...factor, name: 'tier', direction: 'lowers', value: 'gold' } as const,
  ];
  const score = { score: 80, probability: 0.8, percentile: 97, bucket: 'high', scoredAt: world.now, factors } as const;
  await told(world, { scores: new Map([['churn', score]]) });

  expect(changesIn(world).map(([ordinal, status]) => [ordinal, status])).toEqual([
    [1, 'realized'],
    [2, 'realized'],
    [4, 'realized'],
    [5, 'realized'],
  ]);
});

test('a condition over a score is evaluated when the score is new, also where the wake-up is another', async () => {
  const world = await worldOf(
    ['propensity.churn.score >= 75 and xEvent.count() >= 1'],
    ['propensity.churn.bucket = "high" and propensity.churn.scoredAt occurs < 1 hours before now'],
  );
  world.now += MINUTE;
  await told(world, scored(80, world.now));
  expect(changesIn(world)).toEqual([
    [1, 'realized', 'batch', MINUTE],
    [2, 'realized', 'batch', MINUTE],
  ]);
  expect((await world.stored()).dueAt).toBe(START + 61 * MINUTE);

  world.now += MINUTE;
  const results = { ...NO_BATCH_RESULTS, ...scored(20, world.now) };
  await addBatchResults([{ key: world.key, results }], world.profiles.batch);
  world.put(wakeUpRecord('timer', world.key));
  await world.process();
  expect(changesIn(world).slice(2)).toEqual([
    [1, 'exited', 'batch', 2 * MINUTE],
    [2, 'exited', 'batch', 2 * MINUTE],
  ]);
});

test('batch results are read only where a definition asks for them', async () => {
  const asked: boolean[] = [];
  for (const kind of [undefined, 'external'] as const) {
    const world = new ProfileWorld();
    world.define('xEvent.count() >= 1', kind && { kind });
    world.put(JSON.stringify(purchase('e1')));
    const read: typeof world.profiles.read = (keys, options) => {
      asked.push(keys.some((key) => options?.withBatch?.(key)));
      return world.profiles.read(keys, options);
    };
    await world.process({ profiles: { read, write: world.profiles.write.bind(world.profiles) } });
  }
  expect(asked).toEqual([false, true]);
});

test('a lost wake-up is made up for by the next thing that happens', async () => {
  const world = await worldOf(['', { kind: 'external' }]);
  const results = { ...NO_BATCH_RESULTS, ...uploaded(1, START, START + MINUTE) };
  await addBatchResults([{ key: world.key, results }], world.profiles.batch);
  world.put(JSON.stringify(purchase('e2', START + 1)));
  await world.process();

  expect(changesIn(world)).toEqual([[1, 'realized', 'batch', 0]]);
});
