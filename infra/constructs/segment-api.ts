import { Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { CfnRoute, type CfnStage, HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { env as changesApiEnv } from '#functions/changes-api/env.ts';
import { env as collectEventsEnv } from '#functions/collect-events/env.ts';
import { env as profilesApiEnv } from '#functions/profiles-api/env.ts';
import { env as segmentsApiEnv } from '#functions/segments-api/env.ts';
import { type Operation, routeKeyOf } from '#shared/api/operation.ts';
import { audienceOperations } from '#shared/api/operations/audiences.ts';
import { changeOperations } from '#shared/api/operations/changes.ts';
import { eventOperations } from '#shared/api/operations/events.ts';
import { profileOperations } from '#shared/api/operations/profiles.ts';
import { segmentDefinitionOperations } from '#shared/api/operations/segment-definitions.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { addOperations } from './operation-routes.ts';
import { ServiceAlarm } from './service-alarm.ts';
import { API_TIMEOUT, regionOf, ServiceFunction } from './service-function.ts';

interface SegmentApiProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
}

/** The HTTP API: a route answers nobody without a token of the configured issuer, unless it says otherwise (see Tracking). */
export class SegmentApi extends Construct {
  readonly api: HttpApi;
  /** Clients whose tokens are taken besides the directory's own. */
  private readonly clients: string[] = [];
  private readonly stage: CfnStage;

  constructor(scope: Construct, id: string, props: SegmentApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      description: `Shoal (${props.settings.stage})`,
      createDefaultStage: false,
      defaultAuthorizer: this.createAuthorizer(props),
    });
    this.stage = this.createStage(props.settings);
    this.createRoutes(props);
    this.createAlarm(props.settings);
  }

  private createAuthorizer({ settings: { oidc }, data: { users } }: SegmentApiProps): HttpJwtAuthorizer {
    if (oidc !== undefined) return new HttpJwtAuthorizer('Token', oidc.issuer, { jwtAudience: [...oidc.audience] });
    if (users === undefined)
      throw new Error('Without an OIDC issuer the API needs the Cognito pool of the data stack.');
    const issuer = `https://cognito-idp.${regionOf(this)}.amazonaws.com/${users.pool.userPoolId}`;
    return new HttpJwtAuthorizer('Token', issuer, {
      jwtAudience: Lazy.list({ produce: () => [users.client.userPoolClientId, ...this.clients] }),
    });
  }

  admit(clientId: string): void {
    this.clients.push(clientId);
  }

  /** Once every route is there: a stage can't name one that is yet to be made. */
  throttle(operations: readonly Operation[], requestsPerSecondMax: number): void {
    const keys = new Set(operations.map(routeKeyOf));
    const routes = this.api.node.findAll().filter((construct) => construct instanceof CfnRoute);
    for (const route of routes) if (keys.has(route.routeKey)) this.stage.addResourceDependency(route);
    const most = { ThrottlingRateLimit: requestsPerSecondMax, ThrottlingBurstLimit: requestsPerSecondMax };
    this.stage.routeSettings = Object.fromEntries([...keys].map((key) => [key, most]));
  }

  private createStage({ requestsPerSecondMax, logRetentionDays }: StageSettings): CfnStage {
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: requestsPerSecondMax, burstLimit: requestsPerSecondMax },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroup),
        // No query string: `entityId` is a person.
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            routeKey: '$context.routeKey',
            status: '$context.status',
            error: '$context.error.message',
            latencyMs: '$context.responseLatency',
          }),
        ),
      },
    });
    return stage.node.defaultChild as CfnStage;
  }

  private createRoutes(props: SegmentApiProps): void {
    addOperations(this.api, this.createSegmentsApi(props), [...segmentDefinitionOperations, ...audienceOperations]);
    addOperations(this.api, this.createProfilesApi(props), profileOperations);
    addOperations(this.api, this.createChangesApi(props), changeOperations);
    addOperations(this.api, this.createCollectEvents(props), eventOperations);
  }

  private createSegmentsApi({ settings, data: { control, artifacts } }: SegmentApiProps): ServiceFunction {
    const segmentsApi = new ServiceFunction(this, 'SegmentsApi', {
      name: 'segments-api',
      settings,
      env: segmentsApiEnv,
      environment: {
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        RETENTION_DAYS: String(settings.retentionDays),
      },
      timeout: API_TIMEOUT,
      memorySize: 1024,
    });
    segmentsApi.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:ConditionCheckItem', 'dynamodb:Query'],
      control.table.tableArn,
    );
    segmentsApi.allowChangeGuard(control.table);
    segmentsApi.allowObjects(['s3:GetObject', 's3:PutObject'], artifacts.bucket, PREFIX.rules);
    return segmentsApi;
  }

  private createProfilesApi({ settings, data: { profiles, control, artifacts } }: SegmentApiProps): ServiceFunction {
    const profilesApi = new ServiceFunction(this, 'ProfilesApi', {
      name: 'profiles-api',
      settings,
      env: profilesApiEnv,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        HISTORY_TABLE: profiles.history.tableName,
        IDENTITIES_TABLE: profiles.identities.tableName,
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        IDENTITY_KEY_SECRET: profiles.identityKey.secretArn,
        RETENTION_DAYS: String(settings.retentionDays),
      },
      timeout: API_TIMEOUT,
      memorySize: 1024,
    });
    const { profiles: table, history, identities, identityKey } = profiles;
    profilesApi.allow(['dynamodb:BatchGetItem'], table.tableArn, identities.tableArn);
    profilesApi.allow(['dynamodb:Query'], history.tableArn);
    profilesApi.allow(['dynamodb:GetItem'], control.table.tableArn);
    profilesApi.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    profilesApi.allow(['secretsmanager:GetSecretValue'], identityKey.secretArn);
    return profilesApi;
  }

  private createChangesApi({ settings, data: { feed } }: SegmentApiProps): ServiceFunction {
    const changesApi = new ServiceFunction(this, 'ChangesApi', {
      name: 'changes-api',
      settings,
      env: changesApiEnv,
      environment: { CHANGES_TABLE: feed.table.tableName, FEED_SHARDS: String(settings.feedShards) },
      timeout: API_TIMEOUT,
      memorySize: 512,
    });
    changesApi.allow(['dynamodb:GetItem', 'dynamodb:Query'], feed.table.tableArn);
    return changesApi;
  }

  private createCollectEvents({ settings, data: { events } }: SegmentApiProps): ServiceFunction {
    const collectEvents = new ServiceFunction(this, 'CollectEvents', {
      name: 'collect-events',
      settings,
      env: collectEventsEnv,
      environment: { EVENT_STREAM: events.stream.streamName },
      timeout: API_TIMEOUT,
      memorySize: 512,
    });
    collectEvents.allow(['kinesis:PutRecords'], events.stream.streamArn);
    return collectEvents;
  }

  private createAlarm(settings: StageSettings): void {
    new ServiceAlarm(this, 'ServerErrors', {
      settings,
      metric: this.api.metricServerError({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 5,
      evaluationPeriods: 3,
      meaning: 'The HTTP API answers with server errors.',
      runbook: 'the-api-answers-with-server-errors',
    });
  }
}
