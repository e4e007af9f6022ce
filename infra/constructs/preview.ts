import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { env as previewApiEnv } from '#functions/preview-api/env.ts';
import { previewOperations } from '#shared/api/operations/previews.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { addOperations } from './operation-routes.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';

interface PreviewProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

/** Sizes before anything is saved: reads profiles and evaluates them within the request, so it has a processor to itself. */
export class Preview extends Construct {
  constructor(scope: Construct, id: string, props: PreviewProps) {
    super(scope, id);
    addOperations(props.api, this.createPreviewApi(props), previewOperations);
  }

  private createPreviewApi({ settings, data: { profiles, control, artifacts } }: PreviewProps): ServiceFunction {
    const previewApi = new ServiceFunction(this, 'PreviewApi', {
      name: 'preview-api',
      settings,
      env: previewApiEnv,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        HISTORY_TABLE: profiles.history.tableName,
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        RETENTION_DAYS: String(settings.retentionDays),
      },
      timeout: API_TIMEOUT,
      // A whole processor begins at 1,769 MB.
      memorySize: 1792,
    });
    previewApi.allow(['dynamodb:BatchGetItem', 'dynamodb:Scan'], profiles.profiles.tableArn);
    previewApi.allow(['dynamodb:Query'], profiles.history.tableArn);
    previewApi.allow(['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'], control.table.tableArn);
    previewApi.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    return previewApi;
  }
}
