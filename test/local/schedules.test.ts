/** Schedules through the HTTP API of the service as it is started: the scheduler's engine, the function that it calls, jobs. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import type { ScheduleResource } from '#shared/api/schedules.ts';
import type { SegmentJobList } from '#shared/api/segment-jobs.ts';
import { eventually } from './support/eventually.ts';

let runner: ChildRunner;
let client: ShoalClient;

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  client = new ShoalClient(runner.local);
});
afterAll(async () => {
  client?.close();
  await runner?.stop();
});

const everyMinute = {
  ...{ name: 'every minute', type: 'batch_segmentation', properties: { segments: ['*'] } },
  ...{ schedule: '0 * * * * ?', timeZone: 'Asia/Seoul', state: 'active' },
};

const read = (id: string) => client.request<ScheduleResource>('GET', `/config/schedules/${id}`);

test('a schedule starts a job when it is due, until it is made inactive', { timeout: 300_000 }, async () => {
  const { id } = await client.request<ScheduleResource>('POST', '/config/schedules', everyMinute);

  const { lastRun } = await eventually(
    () => read(id),
    (schedule) => schedule.lastRun !== undefined,
    150_000,
  );
  expect(lastRun).toMatchObject({ outcome: 'started', jobId: expect.stringContaining(id) });
  const { children } = await client.request<SegmentJobList>('GET', '/segment/jobs');
  expect(children).toMatchObject([{ id: lastRun?.jobId, source: 'scheduler', properties: { scheduleId: id } }]);

  await client.request('PATCH', `/config/schedules/${id}`, [{ op: 'add', path: '/state', value: 'inactive' }]);
  expect(await read(id)).toMatchObject({ state: 'inactive', nextRun: null });
});
