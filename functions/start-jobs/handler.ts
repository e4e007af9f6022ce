import { randomUUID } from 'node:crypto';
import middy from '@middy/core';
import { DynamoBackfillStore } from '#shared/aws/dynamodb-backfill-store.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { DynamoPublishedSandboxes } from '#shared/aws/dynamodb-published-sandboxes.ts';
import { StateMachineJobs } from '#shared/aws/state-machine-jobs.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { env } from './env.ts';
import { type StartPorts, startJobs } from './start-jobs.ts';

const { CONTROL_TABLE, JOB_STATE_MACHINE } = readEnv(env);
const now = () => Date.now();

const ports: StartPorts = {
  jobs: new DynamoJobStore(CONTROL_TABLE, now),
  backfills: new DynamoBackfillStore(CONTROL_TABLE),
  sandboxes: new DynamoPublishedSandboxes(CONTROL_TABLE),
  executions: new StateMachineJobs(JOB_STATE_MACHINE),
  newId: () => randomUUID(),
  now,
};

export const handler = middy<unknown, void>().handler(() => startJobs(ports));
