import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { env as trackApiEnv } from '#functions/track-api/env.ts';
import { env as writeKeysApiEnv } from '#functions/write-keys-api/env.ts';
import { trackingOperations } from '#shared/api/operations/tracking.ts';
import { writeKeyOperations } from '#shared/api/operations/write-keys.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { addOperations } from './operation-routes.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';

interface TrackingProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

/** Calls by the Segment specification, and the write keys that let producers make them. */
export class Tracking extends Construct {
  constructor(scope: Construct, id: string, props: TrackingProps) {
    super(scope, id);
    addOperations(props.api, this.createTrackApi(props), trackingOperations);
    addOperations(props.api, this.createWriteKeysApi(props), writeKeyOperations);
  }

  private createTrackApi({ settings, data: { control, events } }: TrackingProps): ServiceFunction {
    const trackApi = new ServiceFunction(this, 'TrackApi', {
      name: 'track-api',
      settings,
      env: trackApiEnv,
      environment: { CONTROL_TABLE: control.table.tableName, EVENT_STREAM: events.stream.streamName },
      timeout: API_TIMEOUT,
      memorySize: 512,
    });
    trackApi.allow(['dynamodb:GetItem'], control.table.tableArn);
    trackApi.allow(['kinesis:PutRecords'], events.stream.streamArn);
    return trackApi;
  }

  private createWriteKeysApi({ settings, data: { control } }: TrackingProps): ServiceFunction {
    const writeKeysApi = new ServiceFunction(this, 'WriteKeysApi', {
      name: 'write-keys-api',
      settings,
      env: writeKeysApiEnv,
      environment: { CONTROL_TABLE: control.table.tableName },
      timeout: API_TIMEOUT,
      memorySize: 512,
    });
    writeKeysApi.allow(['dynamodb:Query'], control.table.tableArn);
    writeKeysApi.allowChangeGuard(control.table);
    return writeKeysApi;
  }
}
