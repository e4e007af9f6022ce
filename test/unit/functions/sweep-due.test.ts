import { beforeEach, expect, test } from 'vitest';
import { type DueProfile, SentTimers, sweepDue } from '#functions/sweep-due/sweep-due.ts';

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
    findDue: async (shard, at) => (shard === 0 ? index.filter(({ dueAt }) => dueAt <= at) : []),
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
