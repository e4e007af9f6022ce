/** EventBridge Scheduler through the SDK's client: what is kept, when it is due, and what its target is told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterEach, expect, test, vi } from 'vitest';
import type { Cloud } from '#local/cloud.ts';
import { occurrences } from '#local/engines/scheduler/occurrences.ts';
import { Scheduler } from '#local/engines/scheduler/scheduler.ts';
import { resourceTypes } from '#local/resources/resource-types.ts';
import { deploy } from '#local/template/deployment.ts';
import { clientSettings, startTestEngines } from './support/engine.ts';
import { eventually } from './support/eventually.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of open.splice(0)) await close();
});

async function start() {
  const engines = await startTestEngines();
  engines.scheduler.start();
  const client = new SchedulerClient(clientSettings(engines.listener.url));
  open.push(async () => {
    engines.scheduler.stop();
    client.destroy();
    await engines.listener.close();
  });
  const create = (input: Partial<CreateScheduleCommandInput>) =>
    client.send(new CreateScheduleCommand(schedule(input)));
  return { ...engines, client, create };
}

const schedule = (more: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  Name: 'nightly',
  ScheduleExpression: 'cron(0 3 * * ? *)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: 'arn:target', RoleArn: 'arn:role', Input: '{"a":1}' },
  ...more,
});

const local = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 19);

test.each([
  ['rate(5 minutes)', 'UTC', '2026-11-23T10:20:00Z', '2026-11-23T10:25:00Z'],
  ['rate(1 day)', 'UTC', '2026-11-25T00:00:00Z', '2026-11-26T00:00:00Z'],
  ['cron(0 12 * * ? *)', 'UTC', '2026-11-23T10:20:30Z', '2026-11-23T12:00:00Z'],
  ['cron(0 12 * * ? *)', 'Asia/Seoul', '2026-11-23T10:20:30Z', '2026-11-24T03:00:00Z'],
  ['cron(0/15 * * * ? *)', 'UTC', '2026-11-23T10:20:30Z', '2026-11-23T10:30:00Z'],
  ['cron(0 8 ? * 2-6 *)', 'UTC', '2026-11-27T09:00:00Z', '2026-11-30T08:00:00Z'],
  ['cron(0 8 ? * SUN *)', 'UTC', '2026-11-23T10:20:30Z', '2026-11-29T08:00:00Z'],
  ['cron(0 8 L * ? *)', 'UTC', '2026-11-23T10:20:30Z', '2026-11-30T08:00:00Z'],
  ['cron(0 8 ? * 6L *)', 'UTC', '2026-11-23T10:20:30Z', '2026-11-27T08:00:00Z'],
  ['cron(0 8 ? * 6#3 *)', 'UTC', '2026-11-23T10:20:30Z', '2026-12-18T08:00:00Z'],
  ['cron(0 8 15W * ? *)', 'UTC', '2026-08-14T00:00:00Z', '2026-08-14T08:00:00Z'],
  ['at(2026-12-24T18:00:00)', 'Europe/Berlin', '2026-11-23T10:20:30Z', '2026-12-24T17:00:00Z'],
  // A time that the change to summer time leaves out is skipped; of two at the change back, the first counts.
  ['cron(30 2 * * ? *)', 'America/New_York', '2026-03-07T12:00:00Z', '2026-03-09T06:30:00Z'],
  ['cron(30 1 * * ? *)', 'America/New_York', '2026-10-31T12:00:00Z', '2026-11-01T05:30:00Z'],
  ['cron(30 1 * * ? *)', 'America/New_York', '2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z'],
])('%s in %s is due after %s at %s', (expression, timezone, after, expected) => {
  const next = occurrences({ expression, timezone, base: Date.parse('2026-11-20T00:00:00Z') });

  expect(new Date(next(Date.parse(after)) ?? 0).toISOString()).toBe(expected.replace('Z', '.000Z'));
});

test('nothing is due before the start or after the end, and once is once', () => {
  const [base, end] = [Date.parse('2026-11-23T00:00:00Z'), Date.parse('2026-11-23T02:00:00Z')];
  const hourly = occurrences({ expression: 'rate(1 hour)', timezone: 'UTC', base, start: base, end });
  const once = occurrences({ expression: 'at(2026-11-23T01:00:00)', timezone: 'UTC', base });
  const past = occurrences({ expression: 'cron(0 8 * * ? 2020)', timezone: 'UTC', base });

  expect([hourly(0), hourly(base), hourly(end - 1), hourly(end)]).toEqual([base, base + 3_600_000, end, undefined]);
  expect(once(once(base) ?? 0)).toBeUndefined();
  expect(past(base)).toBeUndefined();
});

test('a schedule is kept as it was given, with the defaults of the service', async () => {
  const { client, create } = await start();

  const { ScheduleArn } = await create({ Description: 'every night', StartDate: new Date('2026-01-01T00:00:00Z') });

  expect(ScheduleArn).toBe('arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly');
  expect(await client.send(new GetScheduleCommand({ Name: 'nightly' }))).toMatchObject({
    Arn: ScheduleArn,
    Name: 'nightly',
    GroupName: 'default',
    State: 'ENABLED',
    ScheduleExpression: 'cron(0 3 * * ? *)',
    ScheduleExpressionTimezone: 'UTC',
    ActionAfterCompletion: 'NONE',
    Description: 'every night',
    StartDate: new Date('2026-01-01T00:00:00Z'),
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: 'arn:target', RoleArn: 'arn:role', Input: '{"a":1}' },
  });
});

test('an update replaces everything, and what is deleted is gone', async () => {
  const { client, create } = await start();
  await create({ Description: 'old' });

  await client.send(new UpdateScheduleCommand(schedule({ State: 'DISABLED', ScheduleExpression: 'rate(1 hour)' })));

  const updated = await client.send(new GetScheduleCommand({ Name: 'nightly' }));
  expect(updated).toMatchObject({ State: 'DISABLED', ScheduleExpression: 'rate(1 hour)' });
  expect(updated.Description).toBeUndefined();
  await client.send(new DeleteScheduleCommand({ Name: 'nightly' }));
  const gone = client.send(new GetScheduleCommand({ Name: 'nightly' }));
  await expect(gone).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('schedules are listed by group, state, prefix and page', async () => {
  const { client, create } = await start();
  await client.send(new CreateScheduleGroupCommand({ Name: 'jobs' }));
  for (const Name of ['a-1', 'a-2', 'b-1']) await create({ Name, GroupName: 'jobs' });
  await create({ Name: 'other', State: 'DISABLED' });
  const names = async (input: object) =>
    (await client.send(new ListSchedulesCommand(input))).Schedules?.map(({ Name }) => Name);

  expect(await names({})).toEqual(['other', 'a-1', 'a-2', 'b-1']);
  expect(await names({ GroupName: 'jobs', NamePrefix: 'a-' })).toEqual(['a-1', 'a-2']);
  expect(await names({ State: 'DISABLED' })).toEqual(['other']);
  const first = await client.send(new ListSchedulesCommand({ GroupName: 'jobs', MaxResults: 2 }));
  expect(await names({ GroupName: 'jobs', MaxResults: 2, NextToken: first.NextToken })).toEqual(['b-1']);
});

test('a group is deleted with what is in it', async () => {
  const { client, create } = await start();
  await client.send(new CreateScheduleGroupCommand({ Name: 'jobs' }));
  await create({ GroupName: 'jobs' });
  expect(await client.send(new GetScheduleGroupCommand({ Name: 'jobs' }))).toMatchObject({ State: 'ACTIVE' });

  await client.send(new DeleteScheduleGroupCommand({ Name: 'jobs' }));

  const { ScheduleGroups } = await client.send(new ListScheduleGroupsCommand({}));
  expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default']);
  expect((await client.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
});

test.each<[string, Partial<CreateScheduleCommandInput>, string]>([
  ['an expression', { ScheduleExpression: 'cron(0 3 * * *)' }, 'ValidationException'],
  ['two days', { ScheduleExpression: 'cron(0 3 * * * *)' }, 'ValidationException'],
  ['a zone', { ScheduleExpressionTimezone: 'Mars/Base' }, 'ValidationException'],
  ['a name', { Name: 'a b' }, 'ValidationException'],
  ['a target', { Target: { Arn: 'arn:nobody', RoleArn: 'arn:role' } }, 'ValidationException'],
  [
    'a parameter',
    { Target: { Arn: 'a', RoleArn: 'r', EcsParameters: { TaskDefinitionArn: 'x' } } },
    'ValidationException',
  ],
  ['a group', { GroupName: 'nowhere' }, 'ResourceNotFoundException'],
])('%s that can not be taken is refused', async (_, more, name) => {
  const { create } = await start();

  await expect(create(more)).rejects.toMatchObject({ name });
});

test('a name is taken once, except by the same request', async () => {
  const { create } = await start();
  await create({ ClientToken: 'one' });

  await create({ ClientToken: 'one' });
  await expect(create({ ClientToken: 'two' })).rejects.toMatchObject({ name: 'ConflictException' });
});

test('an operation that it lacks is refused by name', async () => {
  const { client } = await start();

  const listing = client.send(new ListTagsForResourceCommand({ ResourceArn: 'arn:x' }));

  await expect(listing).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('what is due is delivered once, with the service telling of the invocation, and deleted if it is to be', async () => {
  const { client, create, deliveries } = await start();
  const due = Math.ceil(Date.now() / 1000) * 1000 + 1_000;
  const Input = '{"arn":"<aws.scheduler.schedule-arn>","time":"<aws.scheduler.scheduled-time>"}';
  const Target = { Arn: 'arn:target', RoleArn: 'arn:role', Input };

  const { ScheduleArn } = await create({
    ScheduleExpression: `at(${local(due)})`,
    Target,
    ActionAfterCompletion: 'DELETE',
  });
  await eventually(
    async () => deliveries.length,
    (count) => count > 0,
  );

  expect(deliveries).toHaveLength(1);
  expect(deliveries[0]?.at).toBeGreaterThanOrEqual(due);
  expect(JSON.parse(deliveries[0]?.input ?? '')).toEqual({ arn: ScheduleArn, time: `${local(due)}Z` });
  expect((await client.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
});

test('a rate begins at once, a disabled schedule never, and a target without input gets the event of the service', async () => {
  const { create, deliveries } = await start();

  await create({ Name: 'off', State: 'DISABLED', ScheduleExpression: 'rate(1 minute)' });
  await create({ Name: 'on', ScheduleExpression: 'rate(1 minute)', Target: { Arn: 'arn:on', RoleArn: 'arn:role' } });
  await eventually(
    async () => deliveries.length,
    (count) => count > 0,
  );

  expect(deliveries.map(({ arn }) => arn)).toEqual(['arn:on']);
  expect(JSON.parse(deliveries[0]?.input ?? '')).toMatchObject({
    source: 'aws.scheduler',
    'detail-type': 'Scheduled Event',
  });
});

test('over days, a daily schedule is due each day, also past what a timer can hold', async () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-23T00:00:00Z') });
  const due: string[] = [];
  const deliver = async () => void due.push(new Date().toISOString().slice(0, 16));
  const scheduler = new Scheduler({ now: () => Date.now(), checkTarget: () => {}, deliver, onError: () => {} });
  scheduler.start();
  const target = { Arn: 'arn:x', RoleArn: 'arn:y' };
  const given = { FlexibleTimeWindow: { Mode: 'OFF' }, Target: target };
  scheduler.create('daily', { ...given, ScheduleExpression: 'cron(0 3 24-26 11 ? *)' });
  scheduler.create('far', { ...given, ScheduleExpression: 'at(2026-12-31T12:00:00)' });

  await vi.advanceTimersByTimeAsync(60 * 86_400_000);
  scheduler.stop();

  expect(due).toEqual(['2026-11-24T03:00', '2026-11-25T03:00', '2026-11-26T03:00', '2026-12-31T12:00']);
});

test('schedules outlive a restart: what was due once meanwhile is made up for, what is due again and again is not', async () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-23T00:00:00Z') });
  const folder = mkdtempSync(join(tmpdir(), 'shoal-schedules-'));
  open.push(async () => rmSync(folder, { recursive: true }));
  const due: string[] = [];
  const newScheduler = () => {
    const deliver = async ({ Arn }: { Arn: string }) =>
      void due.push(`${Arn} ${new Date().toISOString().slice(0, 13)}`);
    const ports = { now: () => Date.now(), checkTarget: () => {}, deliver, onError: () => {} };
    return new Scheduler(ports, join(folder, 'schedules.json'));
  };
  const first = newScheduler();
  first.start();
  for (const ScheduleExpression of [
    'at(2026-11-23T01:00:00)',
    'at(2026-11-23T05:00:00)',
    'cron(0 4 * * ? *)',
    'rate(1 day)',
  ]) {
    const Target = { Arn: ScheduleExpression.slice(0, 15), RoleArn: 'arn:role' };
    first.create(ScheduleExpression.replaceAll(/[^a-z0-9]/g, '-'), {
      ScheduleExpression,
      Target,
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
  }
  await vi.advanceTimersByTimeAsync(2 * 3_600_000);
  first.stop();
  const before = due.splice(0);

  vi.setSystemTime(Date.parse('2026-11-23T06:00:00Z'));
  const second = newScheduler();
  second.start();
  await vi.advanceTimersByTimeAsync(24 * 3_600_000 - 1);
  second.stop();

  expect(before.toSorted()).toEqual(['at(2026-11-23T0 2026-11-23T01', 'rate(1 day) 2026-11-23T00']);
  expect(due).toEqual(['at(2026-11-23T0 2026-11-23T06', 'rate(1 day) 2026-11-24T00', 'cron(0 4 * * ?  2026-11-24T04']);
});

test('groups and schedules of a template are made, and made anew at each start', async () => {
  const { listener: _, ...engines } = await start();
  const cloud = { surroundings: { engines: { ...engines, dynamoDb: { call: () => undefined } } } } as unknown as Cloud;
  const Resources = {
    Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'jobs' } },
    Nightly: { Type: 'AWS::Scheduler::Schedule', Properties: { ...schedule(), GroupName: { Ref: 'Group' } } },
  };
  const stacks = [{ name: 'stack', template: { Resources } }];

  for (let n = 0; n < 2; n++) await deploy({ stacks, assets: new Map() }, resourceTypes(cloud), () => '');

  expect(engines.scheduler.find('nightly', 'jobs')).toMatchObject({ State: 'ENABLED' });
});
