import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { StageSettings } from '../config.ts';
import { runbookUrl } from '../runbook.ts';

export interface ServiceAlarmProps extends Omit<AlarmProps, 'alarmDescription'> {
  readonly settings: StageSettings;
  /** What it means for the customer, in one sentence. */
  readonly meaning: string;
  /** The section of the runbook. */
  readonly runbook: string;
}

/** An alarm that says what it means for the customer and where its runbook section is. */
export class ServiceAlarm extends Alarm {
  constructor(scope: Construct, id: string, { settings, meaning, runbook, ...props }: ServiceAlarmProps) {
    super(scope, id, {
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...props,
      alarmDescription: `${meaning} ${runbookUrl(runbook)}`,
    });
    if (settings.alarmTopicArn === undefined) return;
    const action = new SnsAction(Topic.fromTopicArn(this, 'Topic', settings.alarmTopicArn));
    this.addAlarmAction(action);
    this.addOkAction(action);
  }
}
