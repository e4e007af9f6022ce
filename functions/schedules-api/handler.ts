import { randomUUID } from 'node:crypto';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoScheduleStore } from '#shared/aws/dynamodb-schedule-store.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { EventBridgeScheduleTimers } from '#shared/aws/eventbridge-schedule-timers.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import type { SchedulePorts } from './ports.ts';
import { schedulesApi } from './schedules-api.ts';

const { CONTROL_TABLE, BUCKET_NAME, SCHEDULE_GROUP, SCHEDULE_ROLE, START_SCHEDULED } = readEnv(env);
const target = { group: SCHEDULE_GROUP, functionArn: START_SCHEDULED, roleArn: SCHEDULE_ROLE };

const ports: SchedulePorts = {
  schedules: new DynamoScheduleStore(CONTROL_TABLE),
  timers: new EventBridgeScheduleTimers(target),
  rules: new CachedRulesStore(new DynamoControlStore(CONTROL_TABLE), new S3RulesArtifactStore(BUCKET_NAME)),
  schemas: new DynamoSchemaStore(CONTROL_TABLE),
  newId: () => randomUUID(),
  now: () => Date.now(),
};

export const handler = httpHandler(schedulesApi(ports, controlGuard(CONTROL_TABLE)), {
  telemetry: createTelemetry('schedules-api'),
});
