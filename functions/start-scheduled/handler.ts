import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { DynamoScheduleStore } from '#shared/aws/dynamodb-schedule-store.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { EventBridgeScheduleTimers } from '#shared/aws/eventbridge-schedule-timers.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { StateMachineJobs } from '#shared/aws/state-machine-jobs.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import { type ScheduledInput, type ScheduledOutcome, type ScheduledPorts, startScheduled } from './start-scheduled.ts';

const { CONTROL_TABLE, BUCKET_NAME, JOB_STATE_MACHINE, SCHEDULE_GROUP, SCHEDULE_ROLE } = readEnv(env);
const now = () => Date.now();
const telemetry = createTelemetry('start-scheduled');

const ports: Omit<ScheduledPorts, 'timers'> = {
  schedules: new DynamoScheduleStore(CONTROL_TABLE),
  jobs: new DynamoJobStore(CONTROL_TABLE, now),
  rules: new CachedRulesStore(new DynamoControlStore(CONTROL_TABLE), new S3RulesArtifactStore(BUCKET_NAME)),
  schemas: new DynamoSchemaStore(CONTROL_TABLE),
  executions: new StateMachineJobs(JOB_STATE_MACHINE),
  now,
};

export const handler = middy<ScheduledInput, ScheduledOutcome>().handler(
  async (input: ScheduledInput, { invokedFunctionArn: functionArn }: Context) => {
    // A function can't be named in its own environment.
    const timers = new EventBridgeScheduleTimers({ group: SCHEDULE_GROUP, functionArn, roleArn: SCHEDULE_ROLE });
    const outcome = await startScheduled(input, { ...ports, timers });
    const { sandboxName, scheduleId, scheduledTime } = input;
    telemetry.logger.info('schedule due', { sandboxName, scheduleId, scheduledTime, outcome });
    return outcome;
  },
);
