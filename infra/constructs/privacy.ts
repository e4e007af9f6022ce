import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { env as eraseProfilesEnv } from '#functions/erase-profiles/env.ts';
import { env as privacyApiEnv } from '#functions/privacy-api/env.ts';
import { systemJobOperations } from '#shared/api/operations/system-jobs.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { addOperations } from './operation-routes.ts';
import { ServiceAlarm } from './service-alarm.ts';
import { API_TIMEOUT, metricsNamespace, ServiceFunction } from './service-function.ts';

interface PrivacyProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

/** Longer than process-events and publish-changes may take: what began before a profile ended is over by then. */
const QUIET_SECONDS = 75;

/** Of jobs only what was handed in names anybody, in a folder of each sandbox. */
const UPLOADS = `${PREFIX.jobs}*/upload/`;

/** People who want to be forgotten: takes their requests, and clears everything of them away. */
export class Privacy extends Construct {
  constructor(scope: Construct, id: string, props: PrivacyProps) {
    super(scope, id);
    addOperations(props.api, this.createPrivacyApi(props), systemJobOperations);
    const eraseProfiles = this.createEraseProfiles(props);
    this.grantProfiles(eraseProfiles, props.data);
    this.grantTheRest(eraseProfiles, props.data);
    new Rule(this, 'EveryMinute', {
      description: 'Brings erasures on that are not done',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(eraseProfiles, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    this.createAlarm(props.settings);
  }

  private createPrivacyApi({ settings, data: { control } }: PrivacyProps): ServiceFunction {
    const privacyApi = new ServiceFunction(this, 'PrivacyApi', {
      name: 'privacy-api',
      settings,
      env: privacyApiEnv,
      environment: {
        CONTROL_TABLE: control.table.tableName,
        STREAM_RETENTION_HOURS: String(settings.streamRetentionHours),
        LOG_RETENTION_DAYS: String(settings.logRetentionDays),
      },
      timeout: API_TIMEOUT,
      memorySize: 512,
    });
    privacyApi.allow(['dynamodb:Query'], control.table.tableArn);
    privacyApi.allowChangeGuard(control.table);
    return privacyApi;
  }

  private createEraseProfiles({ settings, data }: PrivacyProps): ServiceFunction {
    const { profiles, control, feed, artifacts, events } = data;
    return new ServiceFunction(this, 'EraseProfiles', {
      name: 'erase-profiles',
      settings,
      env: eraseProfilesEnv,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        HISTORY_TABLE: profiles.history.tableName,
        IDENTITIES_TABLE: profiles.identities.tableName,
        CONTROL_TABLE: control.table.tableName,
        CHANGES_TABLE: feed.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        IDENTITY_KEY_SECRET: profiles.identityKey.secretArn,
        EVENT_STREAM: events.stream.streamName,
        FEED_SHARDS: String(settings.feedShards),
        RETENTION_DAYS: String(settings.retentionDays),
        QUIET_SECONDS: String(QUIET_SECONDS),
      },
      // Quarantine, failed batches, deliveries and the feed are read whole.
      timeout: Duration.minutes(15),
      memorySize: 1024,
    });
  }

  private grantProfiles(eraseProfiles: ServiceFunction, { profiles, control, events }: DataStack): void {
    eraseProfiles.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      profiles.profiles.tableArn,
    );
    eraseProfiles.allow(['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'], profiles.history.tableArn);
    eraseProfiles.allow(['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'], profiles.identities.tableArn);
    eraseProfiles.allow(['secretsmanager:GetSecretValue'], profiles.identityKey.secretArn);
    eraseProfiles.allow(
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      control.table.tableArn,
    );
    eraseProfiles.allow(['kinesis:PutRecords'], events.stream.streamArn);
  }

  private grantTheRest(eraseProfiles: ServiceFunction, { feed, artifacts: { bucket } }: DataStack): void {
    eraseProfiles.allow(['dynamodb:Query', 'dynamodb:UpdateItem'], feed.table.tableArn);
    for (const prefix of [PREFIX.parked, PREFIX.audits]) {
      eraseProfiles.allowObjects(['s3:DeleteObject'], bucket, prefix);
    }
    eraseProfiles.allowObjects(['s3:DeleteObject', 's3:GetObject'], bucket, PREFIX.quarantine);
    eraseProfiles.allowObjects(['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], bucket, PREFIX.failedBatches);
    for (const prefix of [PREFIX.deliveries, UPLOADS]) {
      eraseProfiles.allowObjects(['s3:GetObject', 's3:PutObject'], bucket, prefix);
    }
    eraseProfiles.allow(['s3:ListBucket'], bucket.bucketArn);
  }

  private createAlarm(settings: StageSettings): void {
    new ServiceAlarm(this, 'Failed', {
      settings,
      metric: new Metric({
        namespace: metricsNamespace(settings.stage),
        metricName: 'ErasuresFailed',
        dimensionsMap: { service: 'erase-profiles' },
        statistic: 'Sum',
        period: Duration.minutes(15),
      }),
      threshold: 3,
      evaluationPeriods: 1,
      meaning: 'Somebody who asked to be erased is still there, at least in part.',
      runbook: 'an-erasure-does-not-end',
    });
  }
}
