import { expect, test } from 'vitest';
import { flowHistory, flowsOf, lastDays, sparkline } from '#console/src/segments/figures.ts';
import type { SegmentJobResource } from '#shared/api/segment-jobs.ts';

const NOW = Date.parse('2026-05-10T00:00:00Z');
const point = (countedAt: string, members: number) => ({ countedAt: `${countedAt}T00:00:00Z`, members });

const job = (creationTime: number, counts: Record<string, Record<string, number>>) =>
  ({
    status: 'SUCCEEDED',
    creationTime,
    metrics: { segmentedProfileByStatusCounter: counts, costByDefinition: { a: { nanosecondsPerProfile: 1500 } } },
  }) as unknown as SegmentJobResource;

test('a segment came and went by the newest job that counted it, whatever the order of the list', () => {
  const flows = flowsOf([
    job(1, { a: { realized: 9, existing: 0, exited: 9 }, b: { realized: 1, existing: 2, exited: 3 } }),
    job(2, { a: { realized: 4, existing: 5 } }),
  ]);

  expect(flows.get('a')).toEqual({ came: 4, stayed: 5, went: 0, microseconds: 1.5 });
  expect(flows.get('b')).toMatchObject({ came: 1, stayed: 2, went: 3 });
});

test('a segment’s comings and goings are dated, without the first count, which compares with nobody', () => {
  const history = flowHistory(
    [job(3, { a: { realized: 4, exited: 1 } }), job(1, { a: { realized: 90 } }), job(2, { b: { realized: 1 } })],
    'a',
  );

  expect(history).toEqual([{ at: 3, came: 4, went: 1 }]);
});

test('seven days begin with the count that held when they began', () => {
  const days = lastDays([point('2026-04-01', 5), point('2026-05-01', 7), point('2026-05-08', 9)], NOW);

  expect(days.map(({ members }) => members)).toEqual([7, 9]);
  expect(days[0]?.at).toBe(Date.parse('2026-05-03T00:00:00Z'));
});

test('one count draws no line, an unchanged one a line in the middle', () => {
  expect(sparkline(lastDays([point('2026-05-08', 9)], NOW), 10, 4)).toBe('');
  expect(sparkline(lastDays([point('2026-05-08', 9), point('2026-05-09', 9)], NOW), 10, 4)).toBe('M0.0 2.0L10.0 2.0');
});
