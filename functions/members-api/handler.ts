import { DynamoBackfillStore } from '#shared/aws/dynamodb-backfill-store.ts';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { DynamoMemberFeed } from '#shared/aws/dynamodb-member-feed.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { S3JobFiles } from '#shared/aws/s3-job-files.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { httpHandler } from '#shared/lambda/http-middleware.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import { membersApi } from './members-api.ts';
import type { MemberPorts } from './ports.ts';

const values = readEnv(env);
const retentionMs = values.RETENTION_DAYS * 86_400_000;
const now = () => Date.now();
const control = new DynamoControlStore(values.CONTROL_TABLE);

const ports: MemberPorts = {
  definitions: control,
  backfills: new DynamoBackfillStore(values.CONTROL_TABLE),
  jobs: new DynamoJobStore(values.CONTROL_TABLE, now),
  files: new S3JobFiles(values.BUCKET_NAME),
  feed: new DynamoMemberFeed(values.CHANGES_TABLE, now),
  profiles: new DynamoProfileStore(values.PROFILES_TABLE),
  history: new DynamoHistoryStore(values.HISTORY_TABLE, retentionMs),
  rules: new CachedRulesStore(control, new S3RulesArtifactStore(values.BUCKET_NAME)),
  feedShards: values.FEED_SHARDS,
  retentionMs,
  now,
};

export const handler = httpHandler(membersApi(ports), { telemetry: createTelemetry('members-api') });
