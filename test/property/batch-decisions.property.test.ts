/**
 * Jobs and uploads at any time, wake-ups lost or not, events and timers between: whenever anybody looks, a profile is in what
 * batch decides exactly as the newest of it says, and so are those that depend on it; ends bear the instant that was said.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BatchResults, NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { addBatchResults } from '#shared/profile/batch-results-store.ts';
import { decodeState } from '#shared/profile/profile-state.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { decodeChanges } from '#shared/segment/change-codec.ts';
import { ProfileWorld, purchase, START } from '#test/support/profile-world.ts';

const OPTIONS = { seed: 20_260_304, numRuns: 150 };
const MINUTE = 60_000;

const step = fc.record({
  passes: fc.integer({ min: 1, max: 12 }).map((minutes) => minutes * MINUTE),
  upload: fc.option(fc.integer({ min: -5, max: 20 }).map((minutes) => minutes * MINUTE)),
  /** Results of a job that began so long ago, perhaps before one that has told its own already. */
  job: fc.option(fc.record({ qualifies: fc.boolean(), ago: fc.integer({ min: 0, max: 15 * MINUTE }) })),
  score: fc.option(fc.constantFrom(20, 80)),
  look: fc.constantFrom('batch', 'timer', 'event', 'nobody'),
});

/** What the newest of each kind says, kept apart from the code under test. */
class Told {
  validUntil = Number.NEGATIVE_INFINITY;
  job = { qualifies: false, at: 0 };
  score = 0;
  events = 1;
  readonly ends = new Set<number>();

  members(now: number): number[] {
    const isExternal = this.validUntil > now;
    const isIn = [
      isExternal,
      this.job.qualifies,
      isExternal && this.events >= 3,
      this.score >= 50 || this.job.qualifies,
    ];
    return isIn.flatMap((is, index) => (is ? [index + 1] : []));
  }
}

async function begin(): Promise<ProfileWorld> {
  const world = new ProfileWorld();
  world.define('', { kind: 'external' });
  world.define('xEvent.count() >= 1', { kind: 'scheduled' });
  world.define('inSegment("s1") and xEvent.count() >= 3');
  world.define('propensity.p.score >= 50 or inSegment("s2")');
  world.put(JSON.stringify(purchase('e0')));
  await world.process();
  return world;
}

function findingsOf({ upload, job, score }: Pick<Step, 'upload' | 'job' | 'score'>, world: ProfileWorld, told: Told) {
  const { now } = world;
  const { rulesVersion } = world.artifact;
  if (upload !== null) {
    told.validUntil = now + upload;
    told.ends.add(told.validUntil);
  }
  if (job !== null && now - job.ago > told.job.at) told.job = { qualifies: job.qualifies, at: now - job.ago };
  if (score !== null) told.score = score;
  const results: BatchResults = {
    ...NO_BATCH_RESULTS,
    external: new Map(upload === null ? [] : [[1, { at: now, validUntil: now + upload }]]),
    segments: new Map(job === null ? [] : [[2, { qualifies: job.qualifies, at: now - job.ago, rulesVersion }]]),
    scores: new Map(
      score === null
        ? []
        : [['p', { score, probability: 0.5, percentile: 50, bucket: 'medium', scoredAt: now, factors: [] }]],
    ),
  };
  return results;
}

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function take(world: ProfileWorld, told: Told, { passes, look, ...found }: Step): Promise<void> {
  world.now += passes;
  await addBatchResults([{ key: world.key, results: findingsOf(found, world, told) }], world.profiles.batch);
  if (look === 'nobody') return;
  if (look === 'event') told.events += 1;
  world.put(look === 'event' ? JSON.stringify(purchase(`e${told.events}`, world.now)) : wakeUpRecord(look, world.key));
  const before = world.profiles.log.length;
  await world.process();

  const { memberships } = decodeState((await world.stored()).state);
  const members = [...memberships].flatMap(([ordinal, { status }]) => (status === 'realized' ? [ordinal] : []));
  expect(members.sort()).toEqual(told.members(world.now));
  const written = world.profiles.log.slice(before).flatMap(({ changes }) => (changes ? decodeChanges(changes) : []));
  for (const { cause, time } of written) {
    expect(time).toBeLessThanOrEqual(world.now);
    if (cause === 'time') expect(told.ends).toContain(time);
  }
}

test('a profile is in what batch decides as the newest of it says, whoever looks and whatever was lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const [world, told] = [await begin(), new Told()];
      expect(world.now).toBe(START);
      for (const each of steps) await take(world, told, each);
    }),
    OPTIONS,
  );
});
