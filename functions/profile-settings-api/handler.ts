import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoDestinationStore } from '#shared/aws/dynamodb-destination-store.ts';
import { DynamoGraphRebuilds } from '#shared/aws/dynamodb-graph-rebuilds.ts';
import { DynamoRulesResources } from '#shared/aws/dynamodb-rules-resources.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import type { Instant } from '#shared/kernel/brand.ts';
import { controlGuard } from '#shared/lambda/control-guard.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { profileIdAt } from '#shared/profile/identity-graph.ts';
import { env } from './env.ts';
import type { ProfileSettingsPorts } from './ports.ts';
import { profileSettingsApi } from './profile-settings-api.ts';

const { CONTROL_TABLE, BUCKET_NAME, RETENTION_DAYS } = readEnv(env);
const PAUSE_MS = 25;

const ports: ProfileSettingsPorts = {
  policies: new DynamoRulesResources(CONTROL_TABLE, 'POLICY#'),
  attributes: new DynamoRulesResources(CONTROL_TABLE, 'CA#'),
  segments: new DynamoControlStore(CONTROL_TABLE),
  destinations: new DynamoDestinationStore(CONTROL_TABLE),
  schemas: new DynamoSchemaStore(CONTROL_TABLE),
  artifacts: new S3RulesArtifactStore(BUCKET_NAME),
  retentionMs: RETENTION_DAYS * 86_400_000,
  now: () => Date.now() as Instant,
  newId: randomUUID,
  newJobId: () => profileIdAt(Date.now(), randomBytes(7)),
  rebuilds: new DynamoGraphRebuilds(CONTROL_TABLE),
  pause: (attempt) => setTimeout(Math.random() * PAUSE_MS * 2 ** Math.min(attempt, 6)),
};

export const handler = httpHandler(profileSettingsApi(ports, controlGuard(CONTROL_TABLE)), {
  telemetry: createTelemetry('profile-settings-api'),
});
