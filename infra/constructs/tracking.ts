import { Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { env as trackApiEnv } from '#functions/track-api/env.ts';
import { env as writeKeysApiEnv } from '#functions/write-keys-api/env.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { BASE_PATH } from './segment-api.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';

interface TrackingProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

const { GET, POST, DELETE } = HttpMethod;

/** Paths of the Segment specification. */
const CALLS = ['batch', 'import', 'identify', 'track', 'page', 'screen', 'group', 'alias'] as const;

/** Calls by the Segment specification, and the write keys that let producers make them. */
export class Tracking extends Construct {
  constructor(scope: Construct, id: string, props: TrackingProps) {
    super(scope, id);
    this.addCalls(props, this.createTrackApi(props));
    const writeKeysApi = this.createWriteKeysApi(props);
    const integration = new HttpLambdaIntegration('WriteKeysApiIntegration', writeKeysApi);
    const path = `${BASE_PATH}/config/writeKeys`;
    props.api.addRoutes({ path, methods: [GET, POST], integration });
    props.api.addRoutes({ path: `${path}/{id}`, methods: [DELETE], integration });
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
    writeKeysApi.allow(['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'], control.table.tableArn);
    return writeKeysApi;
  }

  /** The only routes without a token: their clients know nothing but a write key, which the function asks for. */
  private addCalls({ api }: TrackingProps, trackApi: ServiceFunction): void {
    const integration = new HttpLambdaIntegration('TrackApiIntegration', trackApi);
    const authorizer = new HttpNoneAuthorizer();
    for (const call of CALLS) {
      const routes = api.addRoutes({ path: `/v1/${call}`, methods: [POST], integration, authorizer });
      for (const route of routes) {
        Validations.of(route).acknowledge({
          id: 'AwsSolutions-APIG4',
          reason: 'Clients of the Segment specification authenticate with a write key, which the function checks.',
        });
      }
    }
  }
}
