import { randomUUID } from 'node:crypto';
import { DynamoPropensityStore } from '#shared/aws/dynamodb-propensity-store.ts';
import { EventBridgeScheduleTimers } from '#shared/aws/eventbridge-schedule-timers.ts';
import { S3PropensityFiles } from '#shared/aws/s3-propensity-files.ts';
import { StateMachineRuns } from '#shared/aws/state-machine-runs.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { peoplePorts } from '#shared/lambda/people-ports.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import type { PropensityPorts } from './ports.ts';
import { propensityApi } from './propensity-api.ts';

const values = readEnv(env);

const ports: PropensityPorts = {
  ...peoplePorts(values),
  store: new DynamoPropensityStore(values.CONTROL_TABLE),
  files: new S3PropensityFiles(values.BUCKET_NAME),
  executions: new StateMachineRuns(values.PROPENSITY_STATE_MACHINE),
  timers: new EventBridgeScheduleTimers({
    group: values.SCHEDULE_GROUP,
    functionArn: values.START_PROPENSITY,
    roleArn: values.SCHEDULE_ROLE,
  }),
  now: () => Date.now(),
  newId: () => randomUUID(),
};

export const handler = httpHandler(propensityApi(ports, controlGuard(values.CONTROL_TABLE)), {
  telemetry: createTelemetry('propensity-api'),
});
