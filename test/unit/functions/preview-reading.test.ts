/** Previews of tables that are too large to be read whole: who reads on, how far, and what stays the same. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { PreviewPorts } from '#functions/preview-api/ports.ts';
import type { StoredProfile } from '#shared/profile/profile-store.ts';
import { madeSegments } from '#test/support/made-table.ts';
import { populate, previewWorld } from '#test/support/preview-world.ts';
import { problemOf } from '#test/support/segments-service.ts';

const ROWS = 120_000;
const AGES = 100;
const HALF = 'person.age < 50';

/** One profile of each age; row n is a copy of the one of age n % 100. */
let copies: readonly StoredProfile[];
beforeAll(async () => {
  const world = previewWorld();
  await populate(world, AGES, (age) => ({ attributes: { person: { age } } }));
  copies = world.path.profiles.all().map(([, stored]) => stored);
});

function largeWorld(changed: Partial<PreviewPorts> = {}, others = 0) {
  const segments = madeSegments(ROWS, (row) => copies[row % AGES] as StoredProfile, others);
  return { ...previewWorld({ segments, ...changed }), segments };
}

async function finished(world: ReturnType<typeof largeWorld>, body: Record<string, unknown>) {
  const { previewId, estimate } = await world.ask(body);
  const answers = [estimate];
  while (answers.at(-1)?.state === 'RUNNING') answers.push(await world.estimate(previewId));
  return { previewId, answers, last: answers.at(-1) as typeof estimate };
}

test('the first answer comes from a few hundred profiles, and each look refines it until it is good enough', async () => {
  const world = largeWorld({ now: ticking(2000) });

  const { answers, last } = await finished(world, { predicateExpression: HALF, seed: 'looks' });

  expect(answers[0]).toMatchObject({ state: 'RUNNING', exact: false });
  expect(answers[0]?.profilesReadSoFar).toBeLessThan(1000);
  const read = answers.map(({ profilesReadSoFar }) => profilesReadSoFar);
  expect(read).toEqual([...read].sort((left, right) => left - right));
  expect(last).toMatchObject({ state: 'RESULT_READY', exact: false, numRowsToRead: last.profilesReadSoFar });
  expect(last.profilesReadSoFar).toBeLessThan(20_000);
  expect(last.low).toBeLessThanOrEqual(ROWS / 2);
  expect(last.high).toBeGreaterThanOrEqual(ROWS / 2);
  expect(last.high - last.low).toBeLessThan(ROWS * 0.06);
});

/** Every look at the clock costs a while: no request does more than one look at the profiles. */
function ticking(stepMs: number): () => number {
  let now = Date.UTC(2026, 4, 10, 12);
  return () => {
    now += stepMs;
    return now;
  };
}

test('a request reads on for as long as a page waits, not until the end', async () => {
  const hasty = largeWorld({ now: ticking(1) });
  const { previewId } = await hasty.ask({ predicateExpression: HALF, seed: 'quick' });

  const answer = await hasty.estimate(previewId);

  expect(answer.state).toBe('RESULT_READY');
});

describe('a seed', () => {
  test('reads the same profiles for one expression and for another', async () => {
    const world = largeWorld();
    const one = await finished(world, { predicateExpression: HALF, seed: 'edit', clauses: true });
    const other = await finished(world, { predicateExpression: 'not (person.age >= 50)', seed: 'edit' });

    expect(other.last).toMatchObject({
      profilesReadSoFar: one.last.profilesReadSoFar,
      profilesMatchedSoFar: one.last.profilesMatchedSoFar,
      totalRows: one.last.totalRows,
      estimatedSize: one.last.estimatedSize,
    });
    expect((await world.page(other.previewId)).results).toEqual((await world.page(one.previewId)).results);
  });

  test('that is another reads others', async () => {
    const world = largeWorld();
    const one = await finished(world, { predicateExpression: HALF, seed: 1 });
    const other = await finished(world, { predicateExpression: HALF, seed: 2 });

    expect(other.last.profilesMatchedSoFar).not.toBe(one.last.profilesMatchedSoFar);
  });

  test('is made up where none is given, and said', async () => {
    const world = largeWorld();
    const { estimate } = await world.ask({ predicateExpression: HALF });
    const again = await world.ask({ predicateExpression: HALF, seed: estimate.seed });

    expect(again.estimate.profilesMatchedSoFar).toBe(estimate.profilesMatchedSoFar);
  });
});

describe('how many profiles there are', () => {
  test('is known from what previews read anyway, ever better, and never by a scan', async () => {
    const world = largeWorld();
    const errors: number[] = [];
    for (let preview = 0; preview < 4; preview++) {
      const { last } = await finished(world, { predicateExpression: HALF, seed: `census ${preview}` });
      errors.push(Math.abs(last.totalRows - ROWS) / ROWS);
    }
    expect(Math.max(...errors)).toBeLessThan(0.04);
    expect(errors.at(-1)).toBeLessThan(0.02);
    expect(world.segments.reads()).toBeLessThan(ROWS);
  });

  test('is of the sandbox alone where it shares the table', async () => {
    const world = largeWorld({}, ROWS);

    const { last } = await finished(world, { predicateExpression: HALF, seed: 'shared' });

    expect(Math.abs(last.totalRows - ROWS) / ROWS).toBeLessThan(0.1);
    expect(last.low).toBeLessThanOrEqual(ROWS / 2);
    expect(last.high).toBeGreaterThanOrEqual(ROWS / 2);
  });

  test('is found anew after a while, so that a table that has grown is cut finer', async () => {
    const world = largeWorld();
    const first = await world.ask({ predicateExpression: HALF, seed: 'a' });
    const { totalSegments } = (await world.ports.previews.find('prod', first.previewQueryId, 0)) ?? {
      totalSegments: 0,
    };
    await world.ports.previews.putCensus('prod', {
      ...{ at: world.path.now - 3_600_000, totalSegments: 16, isExact: false, seeds: [] },
      ...{ share: 1, found: 1000, scanned: 1000 },
    });

    const second = await finished(world, { predicateExpression: HALF, seed: 'b' });

    expect(totalSegments).toBeGreaterThan(1000);
    expect(Math.abs(second.last.totalRows - ROWS) / ROWS).toBeLessThan(0.05);
  });
});

describe('of two requests that read on at once', () => {
  test('one stores what it found, and the other answers with that', async () => {
    const world = largeWorld({ now: ticking(2000) });
    const { previewId, previewQueryId } = await world.ask({ predicateExpression: HALF, seed: 'race' });

    const answers = await Promise.all([1, 2, 3].map(() => world.estimate(previewId)));

    expect(new Set(answers.map(({ profilesReadSoFar }) => profilesReadSoFar)).size).toBe(1);
    expect((await world.ports.previews.find('prod', previewQueryId, 0))?.revision).toBe(2);
  });

  test('none brings a preview back that was deleted meanwhile', async () => {
    const { segments, ...world } = largeWorld({ now: ticking(2000) });
    const { previewId } = await world.ask({ predicateExpression: HALF });
    const late = previewWorld({
      ...world.ports,
      segments: {
        read: async (...of) => {
          await world.ports.previews.remove('prod', Buffer.from(previewId, 'base64url').toString().split(':')[2] ?? '');
          return segments.read(...of);
        },
      },
    });

    expect((await problemOf(late.estimate(previewId))).status).toBe(404);
    expect((await problemOf(world.estimate(previewId))).status).toBe(404);
  });
});

test('what is rare is looked for longer than what is common', async () => {
  const world = largeWorld();
  const common = await finished(world, { predicateExpression: HALF, seed: 's' });
  const rare = await finished(world, { predicateExpression: 'person.age = 7', seed: 's' });

  expect(rare.last.profilesReadSoFar).toBeGreaterThan(common.last.profilesReadSoFar);
  expect(rare.last.high - rare.last.low).toBeLessThan(ROWS * 0.01 * 0.4);
});

test('figures of conditions come with their error, and all of a sample with the same', async () => {
  const world = largeWorld();
  const { last } = await finished(world, { predicateExpression: `${HALF} and person.age >= 25`, clauses: true });

  const [whole, first] = last.clauses ?? [];
  expect(whole?.remaining).toBe(last.estimatedSize);
  expect(whole?.error.alone).toBe(Math.max(last.high - last.estimatedSize, last.estimatedSize - last.low));
  expect(Math.abs((first?.alone ?? 0) - ROWS / 2)).toBeLessThanOrEqual((first?.error.alone ?? 0) * 2);
});
