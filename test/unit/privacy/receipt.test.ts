import { expect, test } from 'vitest';
import { systemJob } from '#shared/api/system-jobs.ts';
import { agesOut, KEPT } from '#shared/privacy/receipt.ts';

const DAY = 86_400_000;
const at = Date.parse('2026-05-10T09:00:00.000Z');

test('a receipt names the day on which each copy is gone, by the settings of the stage', () => {
  const untils = (kept: Parameters<typeof agesOut>[1]) =>
    Object.fromEntries(agesOut(at, kept).map(({ where, until }) => [where, (Date.parse(until) - at) / DAY]));

  const short = untils({ streamRetentionHours: 24, logRetentionDays: 7 });
  const long = untils({ streamRetentionHours: 168, logRetentionDays: 90 });

  expect(short).toMatchObject({ 'event stream': 1, logs: 7, 'point-in-time recovery of the tables': 35 });
  expect(long).toMatchObject({ 'event stream': 7, logs: 90, 'bucket, exports/': 7, 'bucket, deliveries/': 90 });
});

test('it has the form in which it is published', () => {
  const { receipt } = systemJob.shape;
  const value = {
    completedAt: new Date(at).toISOString(),
    profiles: 1,
    removed: { history: 2 },
    kept: KEPT.map((place) => ({ ...place })),
    agesOut: agesOut(at, { streamRetentionHours: 24, logRetentionDays: 7 }),
  };

  expect(receipt.parse(value)).toEqual(value);
});
