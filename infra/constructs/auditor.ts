import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { env } from '#functions/audit-profiles/env.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { PREFIX } from './artifact-bucket.ts';
import { ServiceAlarm } from './service-alarm.ts';
import { metricsNamespace, ServiceFunction } from './service-function.ts';

interface AuditorProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
}

/** Computes the memberships of some people from their events every hour, and alarms where something else is stored. */
export class Auditor extends Construct {
  constructor(scope: Construct, id: string, { settings, data }: AuditorProps) {
    super(scope, id);
    const auditProfiles = this.createFunction({ settings, data });
    new Rule(this, 'EveryHour', {
      description: 'Audits a sample of profiles',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(auditProfiles, { retryAttempts: 0, maxEventAge: Duration.hours(1) })],
    });
    new ServiceAlarm(this, 'Differences', {
      settings,
      metric: new Metric({
        namespace: metricsNamespace(settings.stage),
        metricName: 'AuditDifferences',
        dimensionsMap: { service: 'audit-profiles' },
        statistic: 'Sum',
        period: Duration.hours(1),
      }),
      threshold: 1,
      evaluationPeriods: 1,
      meaning: 'Somebody is in a segment, or out of it, other than their events say.',
      runbook: 'an-audit-found-a-difference',
    });
  }

  private createFunction({ settings, data: { profiles, control, artifacts } }: AuditorProps): ServiceFunction {
    const auditProfiles = new ServiceFunction(this, 'AuditProfiles', {
      name: 'audit-profiles',
      settings,
      env,
      environment: {
        PROFILES_TABLE: profiles.profiles.tableName,
        HISTORY_TABLE: profiles.history.tableName,
        CONTROL_TABLE: control.table.tableName,
        BUCKET_NAME: artifacts.bucket.bucketName,
        RETENTION_DAYS: String(settings.retentionDays),
        READ_UNITS_PER_SECOND: String(settings.batchReadUnitsPerSecond),
      },
      timeout: Duration.minutes(10),
      memorySize: 1024,
    });
    auditProfiles.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable', 'dynamodb:Scan'],
      profiles.profiles.tableArn,
    );
    auditProfiles.allow(['dynamodb:Query'], profiles.history.tableArn);
    auditProfiles.allow(['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'], control.table.tableArn);
    auditProfiles.allowObjects(['s3:GetObject'], artifacts.bucket, PREFIX.rules);
    auditProfiles.allowObjects(['s3:PutObject'], artifacts.bucket, PREFIX.audits);
    return auditProfiles;
  }
}
