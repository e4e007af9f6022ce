/** AWS::Scheduler::ScheduleGroup and AWS::Scheduler::Schedule on the scheduler's engine. */
import type { Cloud } from '../cloud.ts';
import type { Input } from '../engines/aws-json.ts';
import type { Properties, ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

export function scheduleGroupType({ surroundings }: Cloud): ResourceType {
  return {
    properties: { Name: true, Tags: REASONS.tags },
    deploy: ({ stackName, logicalId }, properties) => {
      const group = surroundings.engines.scheduler.ensureGroup(nameOf(properties, `${stackName}-${logicalId}`));
      return { ref: group.Name, attributes: { Arn: group.Arn, State: group.State } };
    },
  };
}

export function scheduleType({ surroundings }: Cloud): ResourceType {
  return {
    properties: {
      Name: true,
      GroupName: true,
      ScheduleExpression: true,
      ScheduleExpressionTimezone: true,
      State: true,
      StartDate: true,
      EndDate: true,
      FlexibleTimeWindow: { Mode: true, MaximumWindowInMinutes: true },
      Target: {
        Arn: true,
        Input: true,
        RoleArn: true,
        RetryPolicy: 'delivery on the same machine does not fail',
        DeadLetterConfig: 'delivery on the same machine does not fail',
      },
      Description: REASONS.description,
      KmsKeyArn: REASONS.encryption,
    },
    deploy: ({ stackName, logicalId }, properties) => {
      const name = nameOf(properties, `${stackName}-${logicalId}`);
      const { scheduler } = surroundings.engines;
      const input = { ...properties, ...datesOf(properties) } as Input;
      const group = properties.GroupName === undefined ? undefined : String(properties.GroupName);
      const isThere = scheduler
        .list()
        .some(({ Name, GroupName }) => Name === name && GroupName === (group ?? 'default'));
      const { Arn } = isThere ? scheduler.update(name, input) : scheduler.create(name, input);
      return { ref: name, attributes: { Arn } };
    },
  };
}

const nameOf = (properties: Properties, otherwise: string) => String(properties.Name ?? otherwise).slice(-64);

/** Templates write instants as text. */
function datesOf({ StartDate, EndDate }: Properties): object {
  const seconds = (text: unknown) => Date.parse(String(text)) / 1000;
  return {
    ...(StartDate !== undefined && { StartDate: seconds(StartDate) }),
    ...(EndDate !== undefined && { EndDate: seconds(EndDate) }),
  };
}
