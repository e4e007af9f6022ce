import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { env as observeFieldsEnv } from '#functions/observe-fields/env.ts';
import { env as schemasApiEnv } from '#functions/schemas-api/env.ts';
import { schemaOperations } from '#shared/api/operations/schemas.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { addOperations } from './operation-routes.ts';
import { ServiceAlarm } from './service-alarm.ts';
import { API_TIMEOUT, ServiceFunction } from './service-function.ts';

interface SchemasProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

/** What is declared about profiles and events, and what is observed of them: a reader of the stream of its own. */
export class Schemas extends Construct {
  constructor(scope: Construct, id: string, props: SchemasProps) {
    super(scope, id);
    addOperations(props.api, this.createSchemasApi(props), schemaOperations);
    const observeFields = this.createObserveFields(props);
    this.createMapping(observeFields, props);
    this.createAlarm(observeFields, props.settings);
  }

  private createSchemasApi({ settings, data: { control } }: SchemasProps): ServiceFunction {
    const schemasApi = new ServiceFunction(this, 'SchemasApi', {
      name: 'schemas-api',
      settings,
      env: schemasApiEnv,
      environment: { CONTROL_TABLE: control.table.tableName },
      timeout: API_TIMEOUT,
      memorySize: 1024, // unpacks the sketches of all fields
    });
    schemasApi.allow(['dynamodb:Query'], control.table.tableArn);
    schemasApi.allowChangeGuard(control.table);
    return schemasApi;
  }

  private createObserveFields({ settings, data: { control, events } }: SchemasProps): ServiceFunction {
    const observeFields = new ServiceFunction(this, 'ObserveFields', {
      name: 'observe-fields',
      settings,
      env: observeFieldsEnv,
      environment: { CONTROL_TABLE: control.table.tableName },
      timeout: Duration.seconds(60),
      memorySize: 1024,
    });
    observeFields.allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem'], control.table.tableArn);
    events.stream.grantRead(observeFields);
    return observeFields;
  }

  /**
   * Large batches, seldom: what is written costs the same for a batch of one and of thousands. It reads each shard beside
   * process-events, which leaves it half of the shard's two megabytes a second and three of its five reads.
   */
  private createMapping(observeFields: ServiceFunction, { settings, data }: SchemasProps): void {
    const mapping = new EventSourceMapping(this, 'EventsMapping', {
      target: observeFields,
      eventSourceArn: data.events.stream.streamArn,
      enabled: true,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10_000,
      maxBatchingWindow: Duration.seconds(settings.observeWindowSeconds),
      parallelizationFactor: 1, // in order: a shard's progress is one sequence number
      reportBatchItemFailures: false,
      bisectBatchOnError: false,
      // What can't be observed is not counted, and nothing else is wrong: no payload is kept for it.
      retryAttempts: 3,
      maxRecordAge: Duration.hours(1),
      tumblingWindow: undefined,
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });
    // Without its policy the mapping cannot be created: it reads the stream once to validate itself.
    mapping.node.addDependency(observeFields.role as Role);
  }

  private createAlarm(observeFields: ServiceFunction, settings: StageSettings): void {
    new ServiceAlarm(this, 'Errors', {
      settings,
      metric: observeFields.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 3,
      evaluationPeriods: 3,
      meaning: 'Fields are no longer observed: their counts and values stand still. Memberships are not concerned.',
      runbook: 'fields-are-not-observed',
    });
  }
}
