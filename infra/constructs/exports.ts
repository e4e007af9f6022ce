import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { env } from '#functions/exports-api/env.ts';
import { exportOperations } from '#shared/api/operations/exports.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { addOperations } from './operation-routes.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';

interface ExportsProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
  /** What carries them out, as it does every walk over all profiles. */
  readonly jobStateMachineArn: string;
}

/** Members and their attributes as files in the bucket. */
export class Exports extends Construct {
  constructor(scope: Construct, id: string, { settings, data, api, jobStateMachineArn }: ExportsProps) {
    super(scope, id);
    const { control, artifacts } = data;
    const exportsApi = new ServiceFunction(this, 'ExportsApi', {
      name: 'exports-api',
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
    exportsApi.allow(['dynamodb:Query'], control.table.tableArn);
    exportsApi.allowChangeGuard(control.table);
    for (const prefix of [PREFIX.rules, PREFIX.jobs, PREFIX.exports]) {
      exportsApi.allowObjects(['s3:GetObject'], artifacts.bucket, prefix);
    }
    // Without it an object that is not there is answered as one that may not be read.
    exportsApi.allow(['s3:ListBucket'], artifacts.bucket.bucketArn);
    exportsApi.allow(['states:StartExecution'], jobStateMachineArn);
    addOperations(api, exportsApi, exportOperations);
  }
}
