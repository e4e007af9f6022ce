/** Schedules through the HTTP API of the service as it is started: the scheduler's engine, the function that it calls, jobs. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import type { ExportJobResource } from '#shared/api/exports.ts';
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

test('a schedule of exports writes a manifest when it is due', { timeout: 300_000 }, async () => {
  const properties = { segments: ['*'], export: { destination: { format: 'csv', prefix: 'crm' } } };
  const body = { ...everyMinute, name: 'for the CRM', type: 'export', properties };
  const { id } = await client.request<ScheduleResource>('POST', '/config/schedules', body);

  const { lastRun } = await eventually(
    () => read(id),
    (schedule) => schedule.lastRun !== undefined,
    150_000,
  );
  expect(lastRun).toMatchObject({ outcome: 'started', jobId: expect.stringMatching(/^\d+$/) });
  const done = await eventually(
    () => client.request<ExportJobResource>('GET', `/export/jobs/${lastRun?.jobId}`),
    ({ status }) => status === 'SUCCEEDED' || status === 'FAILED',
    100_000,
  );
  expect(done).toMatchObject({ status: 'SUCCEEDED', scheduleId: id, destination: { format: 'csv', prefix: 'crm' } });
  const manifest = await client.request<object>('GET', `/export/jobs/${lastRun?.jobId}/files`);
  expect(manifest).toMatchObject({ format: 'csv', files: [] });
  await client.request('DELETE', `/config/schedules/${id}`);
});
