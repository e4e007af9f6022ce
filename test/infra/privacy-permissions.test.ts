/** What the functions that erase people may do, in full, as in permissions.test.ts. */
import { expect, test } from 'vitest';
import { permissionsOf } from './role-permissions.ts';
import { templatesOf } from './stage.ts';

const { service } = templatesOf();

const tracing = { '*': ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] };
const BUCKET = 'ArtifactBucketArtifacts';
const logs = (construct: string) => ({ [`${construct}Log`]: ['logs:CreateLogStream', 'logs:PutLogEvents'] });

test.each([
  [
    'PrivacyApi',
    {
      ...tracing,
      ...logs('PrivacyPrivacyApi'),
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    },
  ],
  [
    'EraseProfiles',
    {
      ...tracing,
      ...logs('PrivacyEraseProfiles'),
      ProfileStoreProfiles: ['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      ProfileStoreHistory: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      ProfileStoreIdentities: ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
      ProfileStoreIdentityKey: ['secretsmanager:GetSecretValue'],
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      ChangeFeedChanges: ['dynamodb:Query', 'dynamodb:UpdateItem'],
      [`${BUCKET}/parked/*`]: ['s3:DeleteObject'],
      [`${BUCKET}/audits/*`]: ['s3:DeleteObject'],
      [`${BUCKET}/quarantine/*`]: ['s3:DeleteObject', 's3:GetObject'],
      [`${BUCKET}/aws/lambda/*`]: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      [`${BUCKET}/deliveries/*`]: ['s3:GetObject', 's3:PutObject'],
      [`${BUCKET}/jobs/*/upload/*`]: ['s3:GetObject', 's3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
      EventStreamEvents: ['kinesis:PutRecords'],
    },
  ],
])('%s may do exactly what it does', (name, expected) => {
  expect(permissionsOf(service, name)).toEqual(expected);
});
