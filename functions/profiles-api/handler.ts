import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoIdentityStore } from '#shared/aws/dynamodb-identity-store.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { secretReader } from '#shared/aws/secret.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import type { ProfilePorts } from './ports.ts';
import { profilesApi } from './profiles-api.ts';

const values = readEnv(env);
const retentionMs = values.RETENTION_DAYS * 86_400_000;

const control = new DynamoControlStore(values.CONTROL_TABLE);

const ports: ProfilePorts = {
  profiles: new DynamoProfileStore(values.PROFILES_TABLE),
  history: new DynamoHistoryStore(values.HISTORY_TABLE, retentionMs),
  identities: new DynamoIdentityStore(values.IDENTITIES_TABLE, secretReader(values.IDENTITY_KEY_SECRET)),
  rules: new CachedRulesStore(control, new S3RulesArtifactStore(values.BUCKET_NAME)),
  definitions: control,
  retentionMs,
  now: () => Date.now(),
};

export const handler = httpHandler(profilesApi(ports), {
  telemetry: createTelemetry('profiles-api'),
});
