import { beforeEach, expect, test } from 'vitest';
import { DUE_PER_PAGE_MAX, type DueProfile, SentTimers, sweepDue } from '#functions/sweep-due/sweep-due.ts';

const SHARDS = 2;
const due = (profileId: string, dueAt: number): DueProfile => ({ key: { sandboxName: 'prod', profileId }, dueAt });

let index: DueProfile[];
let sent: SentTimers;
let timers: string[];
let isStreamDown: boolean;
beforeEach(() => {
  index = [];
  sent = new SentTimers();
  timers = [];
  isStreamDown = false;
});

const sweep = (now: number) =>
  sweepDue(SHARDS, sent, {
    findDue: async (shard, at, limit, after) => {
      const overdue = shard === 0 ? index.filter(({ dueAt }) => dueAt <= at) : [];
      const from = after === undefined ? 0 : overdue.indexOf(after) + 1;
      return overdue.slice(from, from + limit);
    },
    sendTimers: async (keys) => {
      if (isStreamDown) throw new Error('the stream is down');
      timers.push(...keys.map(({ profileId }) => profileId));
    },
    now: () => now,
  });

test('who is due is sent once, however often is looked, and again only after a minute', async () => {
  index = [due('p1', 1000), due('p2', 90_000)];

  for (let now = 2000; now < 62_000; now += 5000) await sweep(now);
  expect(timers).toEqual(['p1']);

  await sweep(62_000);
  expect(timers).toEqual(['p1', 'p1']);
});

test('a new due time of the same profile is sent at once', async () => {
  index = [due('p1', 1000)];
  await sweep(2000);
  index = [due('p1', 3000)];
  await sweep(4000);

  expect(timers).toEqual(['p1', 'p1']);
});

test('what could not be sent is sent by the next sweep', async () => {
  index = [due('p1', 1000)];
  isStreamDown = true;
  await expect(sweep(2000)).rejects.toThrow('the stream is down');
  isStreamDown = false;
  await sweep(7000);

  expect(timers).toEqual(['p1']);
});

test('lateness is that of the entry overdue longest, and none where nobody is due', async () => {
  expect(await sweep(5000)).toEqual({ sent: 0, latenessMs: 0 });
  index = [due('p1', 1000), due('p2', 4000)];

  expect(await sweep(5000)).toEqual({ sent: 2, latenessMs: 4000 });
});

test('an entry that stays due is sent ever more seldom, for the stream may lag', async () => {
  index = [due('p1', 1000)];

  const instants: number[] = [];
  for (let now = 0; now <= 600_000; now += 5000) {
    await sweep(now + 2000);
    if (timers.length > instants.length) instants.push(now);
  }

  expect(instants).toEqual([0, 60_000, 180_000, 420_000]);
});

test('entries that were sent already do not hide those behind them', async () => {
  index = Array.from({ length: DUE_PER_PAGE_MAX }, (_, place) => due(`p${place}`, place));
  await sweep(10_000);
  index.push(due('last', 9000));
  timers = [];
  await sweep(15_000);

  expect(timers).toEqual(['last']);
});

test('a midnight at which everybody is due is worked off over several sweeps', async () => {
  index = Array.from({ length: 3 * DUE_PER_PAGE_MAX }, (_, place) => due(`p${place}`, 1000));

  const counts: number[] = [];
  for (let now = 5000; now <= 25_000; now += 5000) counts.push((await sweep(now)).sent);

  expect(counts).toEqual([DUE_PER_PAGE_MAX, DUE_PER_PAGE_MAX, DUE_PER_PAGE_MAX, 0, 0]);
  expect(new Set(timers).size).toBe(3 * DUE_PER_PAGE_MAX);
});
