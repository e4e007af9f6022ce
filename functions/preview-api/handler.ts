import { randomUUID } from 'node:crypto';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoPreviewStore } from '#shared/aws/dynamodb-preview-store.ts';
import { DynamoProfileSegments } from '#shared/aws/dynamodb-profile-segments.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import type { PreviewPorts } from './ports.ts';
import { previewApi } from './preview-api.ts';

const values = readEnv(env);
const retentionMs = values.RETENTION_DAYS * 86_400_000;
const telemetry = createTelemetry('preview-api');

const control = new DynamoControlStore(values.CONTROL_TABLE);

const ports: PreviewPorts = {
  previews: new DynamoPreviewStore(values.CONTROL_TABLE),
  segments: new DynamoProfileSegments(values.PROFILES_TABLE),
  profiles: new DynamoProfileStore(values.PROFILES_TABLE),
  history: new DynamoHistoryStore(values.HISTORY_TABLE, retentionMs),
  rules: new CachedRulesStore(control, new S3RulesArtifactStore(values.BUCKET_NAME)),
  definitions: control,
  schemas: new DynamoSchemaStore(values.CONTROL_TABLE),
  retentionMs,
  now: () => Date.now(),
  newId: randomUUID,
  report: (error) => telemetry.logger.error('a preview could not be evaluated', { error: error as Error }),
};

export const handler = httpHandler(previewApi(ports), { telemetry });
