import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { env } from '#functions/uploads-api/env.ts';
import { uploadOperations } from '#shared/api/operations/uploads.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { addOperations } from './operation-routes.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';

interface UploadsProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
  /** What carries them out, as it does every walk over all profiles. */
  readonly jobStateMachineArn: string;
}

/** Who belongs to audiences that others decide. */
export class Uploads extends Construct {
  constructor(scope: Construct, id: string, { settings, data, api, jobStateMachineArn }: UploadsProps) {
    super(scope, id);
    const { control, artifacts } = data;
    const uploadsApi = new ServiceFunction(this, 'UploadsApi', {
      name: 'uploads-api',
      settings,
      env,
      environment: {
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        JOB_STATE_MACHINE: jobStateMachineArn,
      },
      timeout: API_TIMEOUT,
      memorySize: 1024,
    });
    uploadsApi.allow(['dynamodb:Query'], control.table.tableArn);
    uploadsApi.allowChangeGuard(control.table);
    uploadsApi.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    uploadsApi.allowObjects(['s3:GetObject', 's3:PutObject'], artifacts.bucket, PREFIX.jobs);
    // Without it an object that is not there is answered as one that may not be read.
    uploadsApi.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
    uploadsApi.allow(['states:StartExecution'], jobStateMachineArn);
    addOperations(api, uploadsApi, uploadOperations);
  }
}
