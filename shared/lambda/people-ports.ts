/** What a function needs that looks at whole people: where they are read, by which rules and which schema. */
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoProfileSegments } from '#shared/aws/dynamodb-profile-segments.ts';
import { DynamoSchemaStore } from '#shared/aws/dynamodb-schema-store.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';

interface Values {
  readonly PROFILES_TABLE: string;
  readonly HISTORY_TABLE: string;
  readonly CONTROL_TABLE: string;
  readonly BUCKET_NAME: string;
  readonly RETENTION_DAYS: number;
}

export function peoplePorts({ PROFILES_TABLE, HISTORY_TABLE, CONTROL_TABLE, BUCKET_NAME, RETENTION_DAYS }: Values) {
  const retentionMs = RETENTION_DAYS * 86_400_000;
  const control = new DynamoControlStore(CONTROL_TABLE);
  return {
    segments: new DynamoProfileSegments(PROFILES_TABLE),
    history: new DynamoHistoryStore(HISTORY_TABLE, retentionMs),
    rules: new CachedRulesStore(control, new S3RulesArtifactStore(BUCKET_NAME)),
    schemas: schemaReader(CONTROL_TABLE),
    retentionMs,
  };
}

export function schemaReader(controlTable: string) {
  const store = new DynamoSchemaStore(controlTable);
  return { extensions: async (sandboxName: string) => extensionsOf(await store.find(sandboxName as SandboxName)) };
}
