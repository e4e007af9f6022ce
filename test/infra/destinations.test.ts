/** What those who deliver may do, in full, beside test/infra/permissions.test.ts. */
import { expect, test } from 'vitest';
import { permissionsOf } from './role-permissions.ts';
import { resourcesOf, templatesOf } from './stage.ts';

const { service } = templatesOf();
const tracing = { '*': ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] };
const BUCKET = 'ArtifactBucketArtifacts';
const logs = (construct: string) => ({ [`${construct}Log`]: ['logs:CreateLogStream', 'logs:PutLogEvents'] });

test.each([
  [
    'DeliverChanges',
    {
      ...tracing,
      ...logs('DestinationsDeliverChanges'),
      ProfileStoreProfiles: ['dynamodb:BatchGetItem', 'dynamodb:GetItem'],
      ProfileStoreHistory: ['dynamodb:Query'],
      ChangeFeedChanges: ['dynamodb:GetItem', 'dynamodb:Query'],
      ControlTableControl: [
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/deliveries/*`]: ['s3:PutObject'],
      DestinationsSealingKey: ['secretsmanager:GetSecretValue'],
      DeliveryQueuesQueue: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
    },
  ],
  [
    'DestinationsApi',
    {
      ...tracing,
      ...logs('DestinationsDestinationsApi'),
      ChangeFeedChanges: ['dynamodb:GetItem', 'dynamodb:Query'],
      ControlTableControl: [
        'dynamodb:ConditionCheckItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/deliveries/*`]: ['s3:PutObject'],
      DestinationsSealingKey: ['secretsmanager:GetSecretValue'],
      DeliveryQueuesQueue: ['sqs:SendMessage'],
    },
  ],
  [
    'ExportsApi',
    {
      ...tracing,
      ...logs('ExportsExportsApi'),
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/jobs/*`]: ['s3:GetObject'],
      [`${BUCKET}/exports/*`]: ['s3:GetObject'],
      [BUCKET]: ['s3:ListBucket'],
      BatchJobsJobStateMachine: ['states:StartExecution'],
    },
  ],
])('%s may do this and nothing else', (name, expected) => {
  expect(permissionsOf(service, name)).toEqual(expected);
});

test('destinations may write to the streams and queues that the stage names, and to no other', () => {
  const named = templatesOf({ destinationStreams: 'crm,ads', destinationQueues: 'crm' });
  for (const name of ['DeliverChanges', 'DestinationsApi']) {
    const policies = resourcesOf(named.service, 'AWS::IAM::Policy').filter(([id]) => id.includes(`${name}Role`));
    const text = JSON.stringify(policies);
    for (const end of [':stream/crm"', ':stream/ads"', ':crm"']) expect(text).toContain(end);
  }
});
