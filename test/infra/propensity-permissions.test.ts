/** What each function of propensity may do, in full: see permissions.test.ts. */
import { expect, test } from 'vitest';
import { BUCKET, logs, permissionsOf, tracing } from './role-permissions.ts';
import { templatesOf } from './stage.ts';

const { service } = templatesOf();

test.each([
  [
    'PlanPropensity',
    {
      ...tracing,
      ...logs('PropensityPlanPropensity'),
      ProfileStoreProfiles: ['dynamodb:Scan'],
      ProfileStoreHistory: ['dynamodb:Query'],
      ControlTableControl: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/models/*`]: ['s3:GetObject', 's3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
    },
  ],
  [
    'CollectTrainingRows',
    {
      ...tracing,
      ...logs('PropensityCollectTrainingRows'),
      ProfileStoreProfiles: ['dynamodb:Scan'],
      ProfileStoreHistory: ['dynamodb:Query'],
      ControlTableControl: ['dynamodb:GetItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/models/*`]: ['s3:GetObject', 's3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
    },
  ],
  [
    'TrainPropensity',
    {
      ...tracing,
      ...logs('PropensityTrainPropensity'),
      ControlTableControl: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      [`${BUCKET}/models/*`]: ['s3:GetObject', 's3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
    },
  ],
  [
    'ScoreRange',
    {
      ...tracing,
      ...logs('PropensityScoreRange'),
      ProfileStoreProfiles: [
        'dynamodb:BatchGetItem',
        'dynamodb:PartiQLInsert',
        'dynamodb:PartiQLUpdate',
        'dynamodb:Scan',
      ],
      ProfileStoreHistory: ['dynamodb:Query'],
      ControlTableControl: ['dynamodb:GetItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/models/*`]: ['s3:GetObject', 's3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
      EventStreamEvents: ['kinesis:PutRecords'],
    },
  ],
  [
    'ScoreChangedProfiles',
    {
      ...tracing,
      ...logs('PropensityScoreChangedProfiles'),
      ProfileStoreProfiles: ['dynamodb:BatchGetItem', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate'],
      'ProfileStoreProfiles stream': [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      ProfileStoreHistory: ['dynamodb:Query'],
      ControlTableControl: ['dynamodb:GetItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/models/*`]: ['s3:GetObject'],
      [`${BUCKET}/aws/lambda/*`]: ['s3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
      EventStreamEvents: ['kinesis:PutRecords'],
    },
  ],
  [
    'FinishPropensity',
    {
      ...tracing,
      ...logs('PropensityFinishPropensity'),
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      [`${BUCKET}/models/*`]: ['s3:GetObject', 's3:PutObject'],
      [BUCKET]: ['s3:ListBucket'],
    },
  ],
  [
    'PropensityApi',
    {
      ...tracing,
      ...logs('PropensityPropensityApi'),
      ProfileStoreProfiles: ['dynamodb:Scan'],
      ProfileStoreHistory: ['dynamodb:Query'],
      ControlTableControl: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      [`${BUCKET}/rules/*`]: ['s3:GetObject'],
      [`${BUCKET}/models/*`]: ['s3:GetObject'],
      [BUCKET]: ['s3:ListBucket'],
      PropensityRunStateMachine: ['states:StartExecution'],
      'schedules of PropensityTimersGroup': [
        'scheduler:CreateSchedule',
        'scheduler:DeleteSchedule',
        'scheduler:UpdateSchedule',
      ],
      PropensityTimersRole: ['iam:PassRole'],
    },
  ],
  [
    'StartPropensity',
    {
      ...tracing,
      ...logs('PropensityStartPropensity'),
      ControlTableControl: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      PropensityRunStateMachine: ['states:StartExecution'],
      'schedules of PropensityTimersGroup': [
        'scheduler:CreateSchedule',
        'scheduler:DeleteSchedule',
        'scheduler:UpdateSchedule',
      ],
      PropensityTimersRole: ['iam:PassRole'],
    },
  ],
])('%s may do this and nothing else', (name, expected) => {
  expect(permissionsOf(service, name)).toEqual(expected);
});
