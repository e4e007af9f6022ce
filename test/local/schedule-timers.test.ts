/** Timers through the SDK's client at the scheduler's engine. */
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, expect, test } from 'vitest';
import { EventBridgeScheduleTimers } from '#shared/aws/eventbridge-schedule-timers.ts';
import { clientSettings, startTestEngines } from './support/engine.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start() {
  const { scheduler, listener } = await startTestEngines();
  scheduler.ensureGroup('shoal');
  const client = new SchedulerClient(clientSettings(listener.url));
  open.push(async () => {
    client.destroy();
    await listener.close();
  });
  const target = {
    group: 'shoal',
    functionArn: 'arn:aws:sqs:us-east-1:000000000000:work',
    roleArn: 'arn:aws:iam::000000000000:role/scheduler',
  };
  return { client, timers: new EventBridgeScheduleTimers(target, client) };
}

const timer = (more: object = {}) => ({
  ...{ name: 't1', cron: '0/5 * * * ? *', timeZone: 'Asia/Seoul', isActive: true, input: { scheduleId: 't1' } },
  ...more,
});

test('a timer is made, changed and taken away, and says the instant that it was due', async () => {
  const { client, timers } = await start();
  const find = () => client.send(new GetScheduleCommand({ Name: 't1', GroupName: 'shoal' }));

  await timers.put(timer());
  const made = await find();
  expect(made).toMatchObject({
    ScheduleExpression: 'cron(0/5 * * * ? *)',
    ScheduleExpressionTimezone: 'Asia/Seoul',
    State: 'ENABLED',
  });
  expect(JSON.parse(made.Target?.Input ?? '')).toEqual({
    scheduleId: 't1',
    scheduledTime: '<aws.scheduler.scheduled-time>',
  });

  await timers.put(timer({ isActive: false, cron: '0 3 ? * 2-6 *' }));
  expect(await find()).toMatchObject({ ScheduleExpression: 'cron(0 3 ? * 2-6 *)', State: 'DISABLED' });

  await timers.remove('t1');
  await timers.remove('t1');
  expect((await client.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
});
