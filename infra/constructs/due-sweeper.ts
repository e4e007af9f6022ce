import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { env } from '#functions/sweep-due/env.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { DUE_INDEX } from './profile-store.ts';
import { ServiceAlarm } from './service-alarm.ts';
import { ServiceFunction } from './service-function.ts';

interface DueSweeperProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
}

/** Lets people leave on time: puts a timer record into the stream for every profile that time alone may change. */
export class DueSweeper extends Construct {
  constructor(scope: Construct, id: string, { settings, data }: DueSweeperProps) {
    super(scope, id);
    const { profiles, control, events } = data;
    const sweepDue = new ServiceFunction(this, 'SweepDue', {
      name: 'sweep-due',
      settings,
      env,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        CONTROL_TABLE: control.table.tableName,
        EVENT_STREAM: events.stream.streamName,
        DUE_SHARDS: String(settings.dueShards),
      },
      // Longer than the minute between two starts: the next one takes over the lease without a gap.
      timeout: Duration.seconds(70),
      memorySize: 256, // it runs nearly all the time and waits for I/O: memory is what it costs
    });
    sweepDue.allow(['dynamodb:Query'], `${profiles.profiles.tableArn}/index/${DUE_INDEX}`);
    sweepDue.allow(['dynamodb:PutItem'], control.table.tableArn);
    sweepDue.allow(['kinesis:PutRecords'], events.stream.streamArn);
    this.createSchedule(sweepDue);
    this.createAlarm(sweepDue, settings);
  }

  private createSchedule(sweepDue: ServiceFunction): void {
    new Rule(this, 'EveryMinute', {
      description: 'Starts the sweeper, which then loops on its own until its lease ends',
      schedule: Schedule.rate(Duration.minutes(1)),
      // A late start is worth nothing: the next minute starts another.
      targets: [new LambdaFunction(sweepDue, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }

  private createAlarm(sweepDue: ServiceFunction, settings: StageSettings): void {
    const period = Duration.minutes(1);
    new ServiceAlarm(this, 'SweeperNotRunning', {
      settings,
      metric: new MathExpression({
        expression: 'FILL(started, 0) - FILL(failed, 0)',
        label: 'sweeps that ended well',
        period,
        usingMetrics: {
          started: sweepDue.metricInvocations({ period, statistic: 'Sum' }),
          failed: sweepDue.metricErrors({ period, statistic: 'Sum' }),
        },
      }),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 5,
      treatMissingData: TreatMissingData.BREACHING,
      meaning: 'Nobody leaves a segment by time until they are next seen; reads stay right.',
      runbook: 'the-sweeper-is-not-running',
    });
  }
}
