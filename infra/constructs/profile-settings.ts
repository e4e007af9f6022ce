import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { env } from '#functions/profile-settings-api/env.ts';
import { computedAttributeOperations } from '#shared/api/operations/computed-attributes.ts';
import { identityGraphOperations } from '#shared/api/operations/identity-graph.ts';
import { mergePolicyOperations } from '#shared/api/operations/merge-policies.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { addOperations } from './operation-routes.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';

interface ProfileSettingsProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

/** How profiles are put together: merge policies, computed attributes and the identity graph, which are part of the rules. */
export class ProfileSettings extends Construct {
  constructor(scope: Construct, id: string, { settings, data: { control, artifacts }, api }: ProfileSettingsProps) {
    super(scope, id);
    const settingsApi = new ServiceFunction(this, 'ProfileSettingsApi', {
      name: 'profile-settings-api',
      settings,
      env,
      environment: {
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        RETENTION_DAYS: String(settings.retentionDays),
      },
      timeout: API_TIMEOUT,
      memorySize: 1024,
    });
    settingsApi.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:ConditionCheckItem', 'dynamodb:Query'],
      control.table.tableArn,
    );
    settingsApi.allowChangeGuard(control.table);
    settingsApi.allowObjects(['s3:GetObject', 's3:PutObject'], artifacts.bucket, PREFIX.rules);
    addOperations(api, settingsApi, [
      ...mergePolicyOperations,
      ...computedAttributeOperations,
      ...identityGraphOperations,
    ]);
  }
}
