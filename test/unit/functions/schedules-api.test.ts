import { expect, test } from 'vitest';
import { SCHEDULES_PER_SANDBOX_MAX, scheduleList, scheduleResource } from '#shared/api/schedules.ts';
import { SchedulesService } from '#test/support/schedules-service.ts';

const nightly = {
  name: 'nightly',
  type: 'batch_segmentation',
  properties: { segments: ['*'] },
  schedule: '0 30 1 * * ?',
  timeZone: 'Europe/Berlin',
  state: 'active',
};

async function created(service: SchedulesService, more: object = {}) {
  const { body } = await service.ask('POST', { body: { ...nightly, ...more } });
  return scheduleResource.parse(body);
}

const reading = async (service: SchedulesService, id: string) =>
  scheduleResource.parse((await service.ask('GET', { pathParameters: { id } })).body);

const patching = (service: SchedulesService, id: string, body: object, headers = {}) =>
  service.ask('PATCH', { pathParameters: { id }, body, headers });

test('a schedule says when it is due next, and has a timer that says the same', async () => {
  const service = new SchedulesService();

  const schedule = await created(service);

  expect(schedule).toMatchObject({ ...nightly, createEpoch: service.now / 1000, nextRun: '2026-01-02T00:30:00.000Z' });
  expect(service.timers.timers.get(schedule.id)).toEqual({
    name: schedule.id,
    cron: '30 1 * * ? *',
    timeZone: 'Europe/Berlin',
    isActive: true,
    input: { sandboxName: 'prod', scheduleId: schedule.id },
  });
});

test('a schedule is inactive and by UTC unless it says otherwise, and then due at no instant', async () => {
  const service = new SchedulesService();
  const { state: _, timeZone: __, ...rest } = nightly;
  const { body } = await service.ask('POST', { body: rest });

  expect(body).toMatchObject({ state: 'inactive', timeZone: 'UTC', nextRun: null });
});

test.each([
  [{ schedule: '0/10 * * * * ?' }, '/schedule'],
  [{ schedule: '0 0 0 1 1 ? 2020' }, '/schedule'],
  [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
  [{ timeZone: '+02:00' }, '/timeZone'],
  [{ type: 'weekly' }, '/type'],
  [{ properties: {} }, '/properties/segments'],
  [{ owner: 'me' }, '/owner'],
  [{ properties: { segments: ['*'], export: {} } }, '/properties/export'],
  [{ type: 'export', properties: { segments: ['nobody'] } }, '/properties/segments/0'],
  [{ type: 'export', properties: { segments: ['*'], export: { fields: 'a b' } } }, '/properties/export/fields'],
  [
    { type: 'export', properties: { segments: ['*'], export: { destination: { format: 'xml' } } } },
    '/properties/export/destination/format',
  ],
  [
    { type: 'export', properties: { segments: Array.from({ length: 101 }, (_, n) => `s${n}`) } },
    '/properties/segments',
  ],
])('%j is refused at %s', async (mistake, pointer) => {
  const service = new SchedulesService();

  await expect(service.ask('POST', { body: { ...nightly, ...mistake } })).rejects.toMatchObject({
    status: 400,
    details: { mistakes: [expect.objectContaining({ pointer })] },
  });
  expect(service.timers.timers.size).toBe(0);
});

test('a definition that nobody published can not be scheduled', async () => {
  const service = new SchedulesService();

  await expect(created(service, { properties: { segments: ['nobody'] } })).rejects.toMatchObject({ status: 404 });
});

test('a JSON Patch changes the schedule and its timer, and answers without a body', async () => {
  const service = new SchedulesService();
  const { id } = await created(service);
  const patch = [
    { op: 'test', path: '/state', value: 'active' },
    { op: 'add', path: '/state', value: 'inactive' },
    { op: 'replace', path: '/schedule', value: '0 0 * * * ?' },
  ];

  expect(await patching(service, id, patch)).toEqual({ status: 204, headers: { etag: '"2"' } });

  expect(await reading(service, id)).toMatchObject({ state: 'inactive', schedule: '0 0 * * * ?', nextRun: null });
  expect(service.timers.timers.get(id)).toMatchObject({ isActive: false, cron: '0 * * * ? *' });
});

test.each([
  [[{ op: 'replace', path: '/schedule', value: 'weekly' }], 400],
  [[{ op: 'remove', path: '/name' }], 400],
  [[{ op: 'replace', path: '/properties/none/deeper', value: 1 }], 400],
  [[{ op: 'add', path: '/id', value: 'other' }], 400],
  [[{ op: 'test', path: '/state', value: 'inactive' }], 409],
  [[{ op: 'add', path: '/__proto__/x', value: 1 }], 400],
  [[{ op: 'merge', path: '/state' }], 400],
  [[], 400],
])('the patch %j is refused whole with %i', async (patch, status) => {
  const service = new SchedulesService();
  const { id } = await created(service);
  const before = await reading(service, id);

  await expect(patching(service, id, patch)).rejects.toMatchObject({ status });

  expect(await reading(service, id)).toEqual(before);
});

test('who has read an older version changes and deletes nothing', async () => {
  const service = new SchedulesService();
  const { id } = await created(service);
  await patching(service, id, [{ op: 'replace', path: '/name', value: 'hourly' }]);
  const headers = { 'if-match': '"1"' };

  await expect(patching(service, id, [{ op: 'remove', path: '/timeZone' }], headers)).rejects.toMatchObject({
    status: 412,
  });
  await expect(service.ask('DELETE', { pathParameters: { id }, headers })).rejects.toMatchObject({ status: 412 });
});

test('of two that change a schedule at once one is told, and the timer is by the record that stands', async () => {
  const service = new SchedulesService();
  const { id } = await created(service);
  const crons = ['0 0 1 * * ?', '0 0 2 * * ?', '0 0 3 * * ?'];

  const answers = await Promise.allSettled(
    crons.map((value) => patching(service, id, [{ op: 'replace', path: '/schedule', value }])),
  );

  expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  const { schedule } = await reading(service, id);
  expect(service.timers.timers.get(id)?.cron).toBe(`0 ${schedule.split(' ')[2]} * * ? *`);
});

test('a schedule that was deleted is gone with its timer', async () => {
  const service = new SchedulesService();
  const { id } = await created(service);

  expect(await service.ask('DELETE', { pathParameters: { id } })).toEqual({ status: 204 });

  expect(service.timers.timers.size).toBe(0);
  await expect(reading(service, id)).rejects.toMatchObject({ status: 404 });
});

test('schedules come a page at a time, the oldest first, and of no other sandbox', async () => {
  const service = new SchedulesService();
  for (const name of ['a', 'b', 'c']) await created(service, { name });

  const first = scheduleList.parse((await service.ask('GET', { query: { limit: '2' } })).body);
  const second = scheduleList.parse((await service.ask('GET', { query: { start: first._page.next as string } })).body);
  const elsewhere = scheduleList.parse((await service.ask('GET', { sandbox: 'dev' as never })).body);

  expect(first._page).toEqual({ totalCount: 3, pageSize: 2, next: '2' });
  expect([...first.children, ...second.children].map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(elsewhere._page).toEqual({ totalCount: 0, pageSize: 0 });
});

test('a sandbox has a limited number of schedules', async () => {
  const service = new SchedulesService();
  for (let count = 0; count < SCHEDULES_PER_SANDBOX_MAX; count++) await created(service);

  await expect(created(service)).rejects.toMatchObject({ status: 422 });
});

test('viewers and authors read schedules and change none; the audit trail says who did', async () => {
  const service = new SchedulesService();
  const { id } = await created(service);

  for (const role of ['viewer', 'author']) {
    expect((await service.ask('GET', { roles: [role] })).status).toBe(200);
    await expect(service.ask('POST', { roles: [role], body: nightly })).rejects.toMatchObject({ status: 403 });
  }
  const { events } = await service.guard.audit.list('prod' as never, { limit: 10 });
  expect(events[0]).toMatchObject({ operation: 'createSchedule', subject: 'somebody', target: { id } });
});
