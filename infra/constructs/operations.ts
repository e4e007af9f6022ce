import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { env } from '#functions/operations-api/env.ts';
import { systemOperations } from '#shared/api/operations/system.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { addOperations } from './operation-routes.ts';
import { ServiceFunction } from './service-function.ts';

interface OperationsProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

/** What operators do with what was set aside: look at it, and put it into the stream again. */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const operationsApi = this.createFunction(props);
    this.grant(operationsApi, props.data);
    addOperations(props.api, operationsApi, systemOperations);
  }

  private createFunction({ settings, data }: OperationsProps): ServiceFunction {
    const { profiles, control, artifacts, events } = data;
    return new ServiceFunction(this, 'OperationsApi', {
      name: 'operations-api',
      settings,
      env,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        HISTORY_TABLE: profiles.history.tableName,
        IDENTITIES_TABLE: profiles.identities.tableName,
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        IDENTITY_KEY_SECRET: profiles.identityKey.secretArn,
        EVENT_STREAM: events.stream.streamName,
        DUE_SHARDS: String(settings.dueShards),
        RETENTION_DAYS: String(settings.retentionDays),
      },
      timeout: Duration.seconds(29), // an HTTP API waits for 30: what isn't done by then is done by the next call
      memorySize: 1769,
    });
  }

  private grant(operationsApi: ServiceFunction, { profiles, control, events, artifacts }: DataStack): void {
    const { bucket } = artifacts;
    operationsApi.allow(['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:Scan'], profiles.profiles.tableArn);
    operationsApi.allow(['dynamodb:PutItem', 'dynamodb:Query'], profiles.history.tableArn);
    // An unmerge makes identities lead to another profile, in one transaction with both.
    operationsApi.allow(['dynamodb:UpdateItem'], profiles.identities.tableArn);
    operationsApi.allow(['secretsmanager:GetSecretValue'], profiles.identityKey.secretArn);
    operationsApi.allowObjects(['s3:GetObject'], bucket, PREFIX.refusedLinks);
    operationsApi.allowChangeGuard(control.table);
    operationsApi.allowObjects(['s3:GetObject'], bucket, PREFIX.rules);
    for (const prefix of [PREFIX.parked, PREFIX.quarantine, PREFIX.failedBatches]) {
      operationsApi.allowObjects(['s3:GetObject', 's3:DeleteObject'], bucket, prefix);
    }
    operationsApi.allow(['s3:ListBucket'], bucket.bucketArn);
    operationsApi.allow(['kinesis:PutRecords'], events.stream.streamArn);
  }
}
