import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readSettings } from '#infra/config.ts';
import { ServiceFunction } from '#infra/constructs/service-function.ts';
import { templatesOf } from './stage.ts';

const settingsOf = (context: Readonly<Record<string, string>>) => readSettings((name) => context[name]);

describe('settings', () => {
  test('are development’s unless a stage is named', () => {
    expect(settingsOf({})).toMatchObject({ stage: 'dev', deletionProtection: false, oidc: undefined });
  });

  test('of a stage can be overridden one by one', () => {
    expect(settingsOf({ stage: 'prod', feedShards: '16' })).toMatchObject({ feedShards: 16, deletionProtection: true });
  });

  test('send no training to SageMaker unless they say so', () => {
    expect(settingsOf({ stage: 'prod' }).trainingJobs).toBeUndefined();
    expect(settingsOf({ trainingJobs: 'sagemaker', trainingRowsMin: '500000' }).trainingJobs).toEqual({
      instanceType: 'ml.m5.2xlarge',
      rowsMin: 500_000,
    });
  });

  test.each([
    [{ stage: 'test' }, /-c stage: /],
    [{ feedShards: '0' }, /-c feedShards: /],
    [{ retentionDays: 'three years' }, /-c retentionDays: /],
    [{ eventsParallelization: '11', dueShards: '-1' }, /-c eventsParallelization: .*-c dueShards: /],
    [{ oidcIssuer: 'https://login.example.com' }, /oidcIssuer and -c oidcAudience belong together/],
    [{ oidcAudience: 'shoal' }, /belong together/],
    [{ oidcIssuer: 'login.example.com', oidcAudience: 'shoal' }, /-c oidcIssuer: /],
    [{ eventAgeHoursMax: '24' }, /must be below streamRetentionHours/],
    [{ sandboxes: 'Prod' }, /-c sandboxes=Prod/],
    [{ destinationQueues: 'crm,arn:aws:sqs:*' }, /names with commas between them, not “arn:aws:sqs:\*”/],
    [{ stage: 'prod', localWebhooks: 'true' }, /-c localWebhooks is for development only/],
    [{ trainingJobs: 'true' }, /-c trainingJobs: /],
    [{ trainingJobs: 'sagemaker', trainingInstanceType: 'm5.large' }, /an instance type of SageMaker/],
    [{ alarmTopicArn: 'oncall' }, /-c alarmTopicArn: /],
  ])('%j fail by name', (context, message) => {
    expect(() => settingsOf(context as unknown as Record<string, string>)).toThrow(message);
  });
});

test('without a shard count the stream scales by itself', () => {
  templatesOf({ stage: 'prod' }).data.hasResourceProperties('AWS::Kinesis::Stream', {
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  });
});

test('a value that the function would refuse at its first start fails synthesis', () => {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Wrong');
  new ServiceFunction(stack, 'SweepDue', {
    name: 'sweep-due',
    settings: settingsOf({}),
    env: { DUE_SHARDS: z.coerce.number().int().positive() },
    environment: { DUE_SHARDS: 'many' },
    timeout: Duration.seconds(1),
    memorySize: 128,
  });

  expect(() => Template.fromStack(stack)).toThrow(/sweep-due: DUE_SHARDS=many/);
});
