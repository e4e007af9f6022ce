import { expect, test } from 'vitest';
import type { Segment } from '#console/src/segments/find-segments.ts';
import { isStuck, problemsOf } from '#console/src/segments/problems.ts';
import type { DestinationDeliveries } from '#shared/api/destinations.ts';
import type { SegmentJobResource } from '#shared/api/segment-jobs.ts';

const HOUR_MS = 3_600_000;
const NOW = 10 * HOUR_MS;

const segment = (id: string, given: object = {}) =>
  ({
    id,
    lifecycleState: 'published',
    updateTime: NOW,
    evaluationInfo: { continuous: { state: 'active' } },
    ...given,
  }) as unknown as Segment;
const job = (creationTime: number, status: string, segmentId: string) =>
  ({ creationTime, status, segments: [{ segmentId }] }) as unknown as SegmentJobResource;
const nothing = { jobs: [], undelivered: new Set<string>() };

test('a live segment that nobody is in is a problem, a draft is none', () => {
  const size = { members: 0 };
  const problems = problemsOf([segment('a', { size }), segment('b', { size, lifecycleState: 'draft' })], nothing, NOW);

  expect([...problems]).toEqual([['a', ['empty']]]);
});

test('activating is a problem after an hour', () => {
  const evaluationInfo = { continuous: { state: 'activating' } };
  const since = (updateTime: number) => problemsOf([segment('a', { evaluationInfo, updateTime })], nothing, NOW);

  expect(since(NOW - HOUR_MS).size).toBe(0);
  expect(since(NOW - HOUR_MS - 1).get('a')).toEqual(['activating']);
});

test('a failed job is a problem until a newer one is done', () => {
  const failed = job(1, 'FAILED', 'a');
  const told = (jobs: readonly SegmentJobResource[]) => problemsOf([segment('a')], { ...nothing, jobs }, NOW).get('a');

  expect(told([failed])).toEqual(['failed']);
  expect(told([failed, job(2, 'PROCESSING', 'a')])).toEqual(['failed']);
  expect(told([failed, job(2, 'SUCCEEDED', 'a')])).toBeUndefined();
});

test('a destination of all segments concerns each of them', () => {
  const problems = problemsOf([segment('a'), segment('b')], { jobs: [], undelivered: new Set(['all']) }, NOW);

  expect([...problems.keys()]).toEqual(['a', 'b']);
});

test('a destination is stuck while one of its lanes fails, or something was set aside', () => {
  const lane = { shard: 0, position: 1, head: 1, failures: 0, delivered: 1, lost: 0, withheld: 0 };
  const well: DestinationDeliveries = { state: 'active', blockedBy: [], lanes: [lane], refused: [] };

  expect(isStuck(well)).toBe(false);
  expect(isStuck({ ...well, lanes: [lane, { ...lane, failures: 1 }] })).toBe(true);
  expect(isStuck({ ...well, blockedBy: ['C2'] })).toBe(true);
});
