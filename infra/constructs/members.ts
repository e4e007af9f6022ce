import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { env as membersApiEnv } from '#functions/members-api/env.ts';
import { segmentMemberOperations } from '#shared/api/operations/segment-members.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { addOperations } from './operation-routes.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';

interface MembersProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

/** Who is in a segment: reads snapshots of jobs, the feed and the profiles that both name. */
export class Members extends Construct {
  constructor(scope: Construct, id: string, props: MembersProps) {
    super(scope, id);
    addOperations(props.api, this.createMembersApi(props), segmentMemberOperations);
  }

  private createMembersApi({ settings, data }: MembersProps): ServiceFunction {
    const { profiles, control, feed, artifacts } = data;
    const membersApi = new ServiceFunction(this, 'MembersApi', {
      name: 'members-api',
      settings,
      env: membersApiEnv,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        HISTORY_TABLE: profiles.history.tableName,
        CONTROL_TABLE: control.table.tableName,
        CHANGES_TABLE: feed.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        FEED_SHARDS: String(settings.feedShards),
        RETENTION_DAYS: String(settings.retentionDays),
      },
      timeout: API_TIMEOUT,
      memorySize: 1024,
    });
    membersApi.allow(['dynamodb:BatchGetItem'], profiles.profiles.tableArn);
    membersApi.allow(['dynamodb:Query'], profiles.history.tableArn);
    membersApi.allow(['dynamodb:GetItem', 'dynamodb:Query'], control.table.tableArn);
    membersApi.allow(['dynamodb:GetItem', 'dynamodb:Query'], feed.table.tableArn);
    membersApi.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    membersApi.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.jobs);
    // Without it an object that is not there is answered as one that may not be read.
    membersApi.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
    return membersApi;
  }
}
