import { expect, test } from 'vitest';
import { scheduleResource } from '#shared/api/schedules.ts';
import type { Job } from '#shared/batch/job.ts';
import { SchedulesService } from '#test/support/schedules-service.ts';

const MINUTE = 60_000;

async function withSchedule(more: object = {}) {
  const service = new SchedulesService();
  const body = {
    ...{ name: 'hourly', type: 'batch_segmentation', properties: { segments: ['*'] }, schedule: '0 0 * * * ?' },
    ...{ state: 'active', ...more },
  };
  const { id } = scheduleResource.parse((await service.ask('POST', { body })).body);
  const jobs = () => service.jobs.list('prod', 'segment');
  const end = async (job: Job) => service.jobs.update(job, { ...job, status: 'SUCCEEDED', revision: job.revision + 1 });
  return { service, id, jobs, end };
}

test('a schedule that is due starts its job, which says whose it is', async () => {
  const { service, id, jobs } = await withSchedule();

  expect(await service.due(id, service.now)).toBe('started');

  expect(await jobs()).toMatchObject([{ jobId: `${id}-202601011200`, segmentIds: '*', scheduleId: id }]);
  expect(service.started).toEqual([`${id}-202601011200-1`]);
  const { body } = await service.ask('GET', { pathParameters: { id } });
  expect(scheduleResource.parse(body).lastRun).toEqual({
    scheduledTime: '2026-01-01T12:00:00.000Z',
    outcome: 'started',
    jobId: `${id}-202601011200`,
  });
});

test('however often and however late it is told of one instant, it makes one job', async () => {
  const { service, id, jobs, end } = await withSchedule();
  const at = service.now;
  await Promise.all([service.due(id, at), service.due(id, at), service.due(id, at)]);
  service.now += 50 * MINUTE;
  await service.due(id, at);
  expect(await jobs()).toHaveLength(1);
  expect(new Set(service.started)).toEqual(new Set([`${id}-202601011200-1`]));

  await end((await jobs())[0] as Job);
  const before = service.started.length;
  await service.due(id, at);

  expect(await jobs()).toHaveLength(1);
  expect(service.started).toHaveLength(before);
});

test('while the job before is under way no other is started, and the schedule says so', async () => {
  const { service, id, jobs, end } = await withSchedule();
  await service.due(id, service.now);

  expect(await service.due(id, service.now + 60 * MINUTE)).toBe('previous-under-way');
  expect(await service.schedules.lastFiring('prod', id)).toMatchObject({ outcome: 'previous-under-way' });

  await end((await jobs())[0] as Job);
  expect(await service.due(id, service.now + 120 * MINUTE)).toBe('started');
  expect(await jobs()).toHaveLength(2);
});

test('a timer of an older version starts nothing, and is put right', async () => {
  const { service, id, jobs } = await withSchedule();
  const old = service.timers.timers.get(id);
  const patch = [{ op: 'replace', path: '/schedule', value: '0 30 * * * ?' }];
  await service.ask('PATCH', { pathParameters: { id }, body: patch });
  const current = service.timers.timers.get(id);
  service.timers.timers.set(id, old as never);

  expect(await service.due(id, service.now)).toBe('not-due');

  expect(await jobs()).toEqual([]);
  expect(service.timers.timers.get(id)).toEqual(current);
});

test('an inactive schedule starts nothing', async () => {
  const { service, id, jobs } = await withSchedule({ state: 'inactive' });

  expect(await service.due(id, service.now)).toBe('not-due');
  expect(await jobs()).toEqual([]);
});

test('a timer without a record starts nothing, and goes once the record can no longer be on its way', async () => {
  const service = new SchedulesService();
  const timer = { name: 'lost', cron: '* * * * ? *', timeZone: 'UTC', isActive: true, input: {} };
  await service.timers.put(timer);

  expect(await service.due('lost', service.now)).toBe('no-schedule');
  expect(service.timers.timers.has('lost')).toBe(true);
  service.now += 2 * MINUTE;
  expect(await service.due('lost', service.now - 2 * MINUTE)).toBe('no-schedule');
  expect(service.timers.timers.has('lost')).toBe(false);
});

const EXPORT = { fields: 'identityMap.Email', destination: { format: 'csv', prefix: 'crm/daily' } };
const exporting = (segments: readonly string[]) => ({ type: 'export', properties: { segments, export: EXPORT } });

async function withExport() {
  const service = new SchedulesService();
  service.publish('viewed', 'xEvent[eventType = "view"].count() >= 1');
  const body = { name: 'crm', schedule: '0 0 * * * ?', state: 'active', ...exporting(['viewed']) };
  const { id } = scheduleResource.parse((await service.ask('POST', { body })).body);
  return { service, id, exports: () => service.jobs.list('prod', 'export') };
}

test('a schedule of exports starts one each time, as it would be made by hand, and never two of one instant', async () => {
  const { service, id, exports } = await withExport();
  await Promise.all([service.due(id, service.now), service.due(id, service.now)]);

  const [job, ...others] = await exports();
  expect(others).toEqual([]);
  expect(job).toMatchObject({
    ...{ scheduleId: id, segmentIds: ['viewed'] },
    exported: { format: 'csv', folder: `prod/crm/daily/${job?.jobId}/`, segments: [{ segmentId: 'viewed' }] },
  });
  expect(Number(job?.jobId)).toBeLessThan(10 ** 15);
  expect(String(Number(job?.jobId))).toBe(job?.jobId);
  expect(new Set(service.started)).toEqual(new Set([`${job?.jobId}-1`]));
  expect(await service.jobs.list('prod', 'segment')).toEqual([]);
});

test('each instant and each schedule has an export of its own, and one that is under way is not overtaken', async () => {
  const { service, id, exports } = await withExport();
  await service.due(id, service.now);
  expect(await service.due(id, service.now + 60 * MINUTE)).toBe('previous-under-way');
  const [first] = await exports();
  await service.jobs.update(first as Job, { ...(first as Job), status: 'SUCCEEDED', revision: 1 });

  expect(await service.due(id, service.now + 120 * MINUTE)).toBe('started');

  expect(new Set((await exports()).map(({ jobId }) => jobId)).size).toBe(2);
});

test('an export of everybody has no filter', async () => {
  const { service, id, exports } = await withExport();
  const patch = [{ op: 'replace', path: '/properties/segments', value: ['*'] }];
  await service.ask('PATCH', { pathParameters: { id }, body: patch });

  await service.due(id, service.now);

  expect((await exports())[0]?.exported).toMatchObject({ request: { destination: { format: 'csv' } } });
  expect((await exports())[0]?.exported?.segments).toBeUndefined();
});

test('a schedule whose definition is gone starts nothing and says why; what it started before stays what it was', async () => {
  const { service, id, exports } = await withExport();
  await service.due(id, service.now);
  service.withdraw('viewed');
  expect(await service.due(id, service.now)).toBe('started');
  const [first] = await exports();
  await service.jobs.update(first as Job, { ...(first as Job), status: 'SUCCEEDED', revision: 1 });

  expect(await service.due(id, service.now + 60 * MINUTE)).toBe('refused');

  const { body } = await service.ask('GET', { pathParameters: { id } });
  expect(scheduleResource.parse(body).lastRun).toMatchObject({
    outcome: 'refused',
    reason: expect.stringContaining('/properties/segments/0'),
  });
  expect(await exports()).toHaveLength(1);
});
