/** Loss, order and protection, as the templates declare them. */
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { functionNames, resourcesOf, templatesOf } from './stage.ts';

const dev = templatesOf();
const prod = templatesOf({ stage: 'prod' });
const TABLE = 'AWS::DynamoDB::GlobalTable';

describe('the mapping from events to process-events', () => {
  test('spells out what happens to a batch that fails', () => {
    dev.service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::ImportValue': Match.stringLikeRegexp('EventStreamEvents.*Arn') },
      Enabled: true,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 0,
      ParallelizationFactor: 4,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 8,
      MaximumRecordAgeInSeconds: 23 * 3600,
      MetricsConfig: { Metrics: ['EventCount'] },
      TumblingWindowInSeconds: Match.absent(),
      FilterCriteria: Match.absent(),
    });
  });
});

const mappings = resourcesOf(dev.service, 'AWS::Lambda::EventSourceMapping');

test('the mapping from events to observe-fields keeps the order of a shard and gives up soon', () => {
  dev.service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: { 'Fn::ImportValue': Match.stringLikeRegexp('EventStreamEvents.*Arn') },
    BatchSize: 10_000,
    MaximumBatchingWindowInSeconds: 2,
    ParallelizationFactor: 1,
    FunctionResponseTypes: Match.absent(),
    BisectBatchOnFunctionError: false,
    MaximumRetryAttempts: 3,
    MaximumRecordAgeInSeconds: 3600,
    DestinationConfig: Match.absent(),
  });
});

describe('the mapping from profiles to publish-changes', () => {
  test('spells out what happens to a batch that fails', () => {
    dev.service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::ImportValue': Match.stringLikeRegexp('ProfileStoreProfiles.*StreamArn') },
      Enabled: true,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 0,
      ParallelizationFactor: 4,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 23 * 3600,
      MetricsConfig: { Metrics: ['EventCount'] },
    });
  });

  test('lets only versions through that changed a membership', () => {
    const publishing = mappings.filter(([id]) => id.startsWith('Activation'));
    const patterns = publishing.flatMap(([, { FilterCriteria }]) =>
      ((FilterCriteria as { Filters: { Pattern: string }[] } | undefined)?.Filters ?? []).map(({ Pattern }) =>
        JSON.parse(Pattern),
      ),
    );
    expect(patterns).toEqual([
      { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { changes: { B: [{ exists: true }] } } } },
    ]);
  });
});

/** A queue has retries and a dead-letter queue of its own. */
const ofStream = ([, { StartingPosition }]: (typeof mappings)[number]) => StartingPosition !== undefined;
const isObserving = ([id]: readonly [string, unknown]) => id.startsWith('Schemas');

test('every mapping keeps the payload of what it gives up in the bucket, but for the one that only counts', () => {
  expect(mappings.filter(isObserving)).toHaveLength(1);
  for (const [, { DestinationConfig }] of mappings.filter((mapping) => ofStream(mapping) && !isObserving(mapping))) {
    expect(JSON.stringify(DestinationConfig)).toMatch(/ArtifactBucketArtifacts\w+Arn/);
  }
});

test('no mapping retries for ever: one poison record would stop its shard until it expires', () => {
  for (const [, mapping] of mappings.filter(ofStream)) {
    expect(mapping.MaximumRetryAttempts).toBeGreaterThan(0);
  }
});

describe('a table', () => {
  const replicas = (template: typeof dev.data) =>
    resourcesOf(template, TABLE).map(([, { Replicas }]) => (Replicas as Record<string, unknown>[])[0]);

  test('can be restored to any second, in every stage', () => {
    for (const replica of [...replicas(dev.data), ...replicas(prod.data)]) {
      expect(replica).toMatchObject({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
    }
    expect(replicas(dev.data)).toHaveLength(5);
  });

  test('of production cannot be deleted, nor does it go with its stack', () => {
    for (const replica of replicas(prod.data)) expect(replica).toMatchObject({ DeletionProtectionEnabled: true });
    prod.data.allResources(TABLE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('is paid by what is used', () => {
    prod.data.allResourcesProperties(TABLE, { BillingMode: 'PAY_PER_REQUEST' });
  });
});

test('profiles stream both images and are found by what is due', () => {
  dev.data.hasResourceProperties(TABLE, {
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    GlobalSecondaryIndexes: [
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'dueShard', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    TimeToLiveSpecification: Match.absent(),
  });
});

test('three tables let their items expire', () => {
  const expiring = resourcesOf(dev.data, TABLE).filter(([, table]) => table.TimeToLiveSpecification !== undefined);
  expect(expiring.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
    'ChangeFeedChanges',
    'ControlTableControl',
    'ProfileStoreHistory',
  ]);
});

test('the bucket takes TLS only, is closed to the public, and forgets what is set aside', () => {
  dev.data.hasResourceProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    LifecycleConfiguration: {
      Rules: Match.arrayWith([
        Match.objectLike({ Prefix: 'quarantine/', ExpirationInDays: 90 }),
        Match.objectLike({ Prefix: 'aws/lambda/', ExpirationInDays: 90 }),
      ]),
    },
  });
  dev.data.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    },
  });
});

test('rules never expire: a pointer may name an artifact of any age', () => {
  const [[, bucket]] = resourcesOf(dev.data, 'AWS::S3::Bucket') as [[string, Record<string, unknown>]];
  const { Rules } = bucket.LifecycleConfiguration as { Rules: { Prefix?: string; ExpirationInDays?: number }[] };
  const expiring = Rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined);
  expect(expiring.every(({ Prefix }) => Prefix !== undefined && !'rules/'.startsWith(Prefix))).toBe(true);
});

test('the key over identities is kept in every stage', () => {
  for (const { data } of [dev, prod]) data.allResources('AWS::SecretsManager::Secret', { DeletionPolicy: 'Retain' });
});

test('the sweeper starts every minute and outlives the minute', () => {
  dev.service.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  dev.service.hasResourceProperties('AWS::Lambda::Function', { Description: 'Shoal: sweep-due', Timeout: 70 });
});

test('every function runs on the same runtime, with a complete environment', () => {
  const functions = resourcesOf(dev.service, 'AWS::Lambda::Function');
  const declared = functions.map(([, { Description }]) => String(Description).replace('Shoal: ', ''));
  expect(declared.sort()).toEqual(functionNames);
  dev.service.allResourcesProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    TracingConfig: { Mode: 'Active' },
    LoggingConfig: { LogFormat: 'JSON' },
  });
});

test('stages differ in their names, so that several fit one account', () => {
  const named = (template: typeof dev.data) =>
    JSON.stringify(template.toJSON()).match(/"(TableName|StreamName|BucketName|FunctionName)":"[^"]*"/g);
  for (const template of [dev.data, dev.service, prod.data, prod.service]) expect(named(template)).toBeNull();
});
