/**
 * What each function may do, in full. A new permission is a line here that somebody reads; the local runner enforces
 * none of it, so this is the only place where one too few or too many shows.
 */
import { expect, test } from 'vitest';
import { BUCKET, logs, permissionsOf, type Statement, tracing } from './role-permissions.ts';
import { resourcesOf, templatesOf } from './stage.ts';

const { service } = templatesOf();

test.each([
  [
    'ProcessEvents',
    {
      ...tracing,
      ...logs('StreamingEvaluationProcessEvents'),
      ProfileStoreProfiles: [
        'dynamodb:BatchGetItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PartiQLInsert',
        'dynamodb:PartiQLUpdate',
        'dynamodb:PutItem',
      ],
      ProfileStoreHistory: ['dynamodb:PutItem', 'dynamodb:Query'],
      ProfileStoreIdentities: ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
      ControlTableControl: ['dynamodb:GetItem'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/quarantine/*`]: ['s3:PutObject'],
      [`${BUCKET}/parked/*`]: ['s3:PutObject'],
      [`${BUCKET}/refused-links/*`]: ['s3:PutObject'],
      [`${BUCKET}/aws/lambda/*`]: ['s3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
      ProfileStoreIdentityKey: ['secretsmanager:GetSecretValue'],
      EventStreamEvents: [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamConsumer',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
        'kinesis:ListStreams',
        'kinesis:SubscribeToShard',
      ],
    },
  ],
  [
    'SweepDue',
    {
      ...tracing,
      ...logs('DueSweeperSweepDue'),
      'ProfileStoreProfiles/index/due': ['dynamodb:Query'],
      ControlTableControl: ['dynamodb:PutItem'],
      EventStreamEvents: ['kinesis:PutRecords'],
    },
  ],
  [
    'PublishChanges',
    {
      ...tracing,
      ...logs('ActivationPublishChanges'),
      ProfileStoreProfiles: ['dynamodb:BatchGetItem', 'dynamodb:GetItem'],
      'ProfileStoreProfiles stream': [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      ChangeFeedChanges: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      ControlTableControl: ['dynamodb:GetItem'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/aws/lambda/*`]: ['s3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
      ActivationChanges: ['events:PutEvents'],
      DeliveryQueuesQueue: ['sqs:SendMessage'],
    },
  ],
  [
    'UploadsApi',
    {
      ...tracing,
      ...logs('UploadsUploadsApi'),
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/jobs/*`]: ['s3:GetObject', 's3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
      BatchJobsJobStateMachine: ['states:StartExecution'],
    },
  ],
  [
    'SchedulesApi',
    {
      ...tracing,
      ...logs('SchedulesSchedulesApi'),
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      'schedules of SchedulesTimersGroup': [
        'scheduler:CreateSchedule',
        'scheduler:DeleteSchedule',
        'scheduler:UpdateSchedule',
      ],
      SchedulesTimersRole: ['iam:PassRole'],
    },
  ],
  [
    'StartScheduled',
    {
      ...tracing,
      ...logs('SchedulesStartScheduled'),
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      BatchJobsJobStateMachine: ['states:StartExecution'],
      'schedules of SchedulesTimersGroup': [
        'scheduler:CreateSchedule',
        'scheduler:DeleteSchedule',
        'scheduler:UpdateSchedule',
      ],
      SchedulesTimersRole: ['iam:PassRole'],
    },
  ],
  [
    'SegmentsApi',
    {
      ...tracing,
      ...logs('SegmentApiSegmentsApi'),
      ControlTableControl: [
        'dynamodb:BatchGetItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
      ],
      [`${BUCKET}/rules/*`]: ['s3:GetObject', 's3:PutObject'],
    },
  ],
  [
    'ProfilesApi',
    {
      ...tracing,
      ...logs('SegmentApiProfilesApi'),
      ProfileStoreProfiles: ['dynamodb:BatchGetItem'],
      ProfileStoreHistory: ['dynamodb:Query'],
      ProfileStoreIdentities: ['dynamodb:BatchGetItem'],
      ControlTableControl: ['dynamodb:GetItem'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      ProfileStoreIdentityKey: ['secretsmanager:GetSecretValue'],
    },
  ],
  [
    'MembersApi',
    {
      ...tracing,
      ...logs('MembersMembersApi'),
      ProfileStoreProfiles: ['dynamodb:BatchGetItem'],
      ProfileStoreHistory: ['dynamodb:Query'],
      ControlTableControl: ['dynamodb:GetItem', 'dynamodb:Query'],
      ChangeFeedChanges: ['dynamodb:GetItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/jobs/*`]: ['s3:GetObject'],
      [BUCKET]: ['s3:ListBucket'],
    },
  ],
  [
    'OperationsApi',
    {
      ...tracing,
      ...logs('OperationsOperationsApi'),
      ProfileStoreProfiles: ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:Scan'],
      ProfileStoreHistory: ['dynamodb:PutItem', 'dynamodb:Query'],
      ProfileStoreIdentities: ['dynamodb:UpdateItem'],
      ProfileStoreIdentityKey: ['secretsmanager:GetSecretValue'],
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/refused-links/*`]: ['s3:GetObject'],
      [`${BUCKET}/parked/*`]: ['s3:DeleteObject', 's3:GetObject'],
      [`${BUCKET}/quarantine/*`]: ['s3:DeleteObject', 's3:GetObject'],
      [`${BUCKET}/aws/lambda/*`]: ['s3:DeleteObject', 's3:GetObject'],
      [BUCKET]: ['s3:ListBucket'],
      EventStreamEvents: ['kinesis:PutRecords'],
    },
  ],
  [
    'PreviewApi',
    {
      ...tracing,
      ...logs('PreviewPreviewApi'),
      ProfileStoreProfiles: ['dynamodb:BatchGetItem', 'dynamodb:Scan'],
      ProfileStoreHistory: ['dynamodb:Query'],
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
    },
  ],
  [
    'ChangesApi',
    { ...tracing, ...logs('SegmentApiChangesApi'), ChangeFeedChanges: ['dynamodb:GetItem', 'dynamodb:Query'] },
  ],
  [
    'TrackApi',
    {
      ...tracing,
      ...logs('TrackingTrackApi'),
      ControlTableControl: ['dynamodb:GetItem'],
      EventStreamEvents: ['kinesis:PutRecords'],
    },
  ],
  [
    'ProfileSettingsApi',
    {
      ...tracing,
      ...logs('ProfileSettingsProfileSettingsApi'),
      ControlTableControl: [
        'dynamodb:BatchGetItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
      ],
      [`${BUCKET}/rules/*`]: ['s3:GetObject', 's3:PutObject'],
    },
  ],
  [
    'WriteKeysApi',
    {
      ...tracing,
      ...logs('TrackingWriteKeysApi'),
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    },
  ],
  ['GovernanceApi', { ...tracing, ...logs('GovernanceGovernanceApi'), ControlTableControl: ['dynamodb:Query'] }],
  [
    'DeployConsole',
    {
      ...tracing,
      ...logs('ConsoleDeployConsole'),
      ConsoleSite: ['s3:ListBucket'],
      'ConsoleSite/*': ['s3:DeleteObject', 's3:PutObject'],
      'one asset of the deployment': ['s3:GetObject'],
    },
  ],
  ['DescribeApi', { ...tracing, ...logs('GovernanceDescribeApi') }],
  [
    'AuditProfiles',
    {
      ...tracing,
      ...logs('AuditorAuditProfiles'),
      ProfileStoreProfiles: ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable', 'dynamodb:Scan'],
      ProfileStoreHistory: ['dynamodb:Query'],
      ControlTableControl: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/audits/*`]: ['s3:PutObject'],
    },
  ],
  [
    'PlanRanges',
    {
      ...tracing,
      ...logs('BatchJobsPlanRanges'),
      ProfileStoreProfiles: ['dynamodb:DescribeTable'],
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/jobs/*`]: ['s3:GetObject', 's3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
    },
  ],
  [
    'EvaluateRange',
    {
      ...tracing,
      ...logs('BatchJobsEvaluateRange'),
      ProfileStoreProfiles: [
        'dynamodb:BatchGetItem',
        'dynamodb:PartiQLInsert',
        'dynamodb:PartiQLUpdate',
        'dynamodb:Scan',
      ],
      ProfileStoreHistory: ['dynamodb:Query'],
      ControlTableControl: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/jobs/*`]: ['s3:GetObject', 's3:PutObject'],
      [`${BUCKET}/exports/*`]: ['s3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
      EventStreamEvents: ['kinesis:PutRecords'],
    },
  ],
  [
    'FinishJob',
    {
      ...tracing,
      ...logs('BatchJobsFinishJob'),
      ControlTableControl: ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/jobs/*`]: ['s3:GetObject', 's3:PutObject'],
      [`${BUCKET}/exports/*`]: ['s3:DeleteObject', 's3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
    },
  ],
  [
    'SegmentJobsApi',
    {
      ...tracing,
      ...logs('BatchJobsSegmentJobsApi'),
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/jobs/*`]: ['s3:GetObject'],
      [BUCKET]: ['s3:ListBucket'],
      BatchJobsJobStateMachine: ['states:StartExecution'],
    },
  ],
  [
    'StartJobs',
    {
      ...tracing,
      ...logs('BatchJobsStartJobs'),
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      BatchJobsJobStateMachine: ['states:StartExecution'],
      'executions of BatchJobsJobStateMachine': ['states:DescribeExecution'],
    },
  ],
  [
    'SchemasApi',
    {
      ...tracing,
      ...logs('SchemasSchemasApi'),
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    },
  ],
  [
    'ObserveFields',
    {
      ...tracing,
      ...logs('SchemasObserveFields'),
      ControlTableControl: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      EventStreamEvents: [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamConsumer',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
        'kinesis:ListStreams',
        'kinesis:SubscribeToShard',
      ],
    },
  ],
  ['CollectEvents', { ...tracing, ...logs('SegmentApiCollectEvents'), EventStreamEvents: ['kinesis:PutRecords'] }],
])('%s may do this and nothing else', (name, expected) => {
  expect(permissionsOf(service, name)).toEqual(expected);
});

test('no role has a managed policy, which would grant more than is written here', () => {
  const managed = resourcesOf(service, 'AWS::IAM::Role').filter(([, role]) => role.ManagedPolicyArns !== undefined);
  expect(managed).toEqual([]);
});

/** What a state machine needs to deliver its log and its traces: permissions of an account, as tracing is. */
const OF_STATE_MACHINES = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
];

test('every resource is named, but for tracing and the logs of state machines, which know none', () => {
  const wide = resourcesOf(service, 'AWS::IAM::Policy')
    .flatMap(([, { PolicyDocument }]) => (PolicyDocument as { Statement: Statement[] }).Statement)
    .filter(({ Resource }) => [Resource].flat().includes('*'))
    .flatMap(({ Action }) => Action);
  expect(new Set(wide)).toEqual(new Set([...tracing['*'], ...OF_STATE_MACHINES]));
});

test('no action is a wildcard', () => {
  expect(JSON.stringify(resourcesOf(service, 'AWS::IAM::Policy'))).not.toMatch(/"[a-z0-9]+:[A-Za-z]*\*"/);
});
