/** AWS::Events::EventBus and AWS::Events::Rule: schedules and patterns, with functions and queues as targets. */
import { arnOf } from '../aws-account.ts';
import type { Cloud } from '../cloud.ts';
import { compilePattern } from '../event-source/filter-pattern.ts';
import { invokeAsynchronously } from '../lambda/asynchronous.ts';
import { parseSchedule } from '../schedule.ts';
import { ScheduledRule } from '../scheduled-rule.ts';
import type { ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

interface Target {
  readonly Arn: string;
  readonly Input?: string;
}

export function eventBusType({ surroundings }: Cloud): ResourceType {
  return {
    properties: { Name: true, Description: REASONS.description, Tags: REASONS.tags, LogConfig: REASONS.observability },
    deploy: (_, properties) => {
      const name = String(properties.Name);
      return { ref: name, attributes: { Arn: surroundings.engines.buses.create(name), Name: name } };
    },
  };
}

export function ruleType(cloud: Cloud): ResourceType {
  return {
    properties: {
      Name: true,
      EventBusName: true,
      EventPattern: true,
      ScheduleExpression: true,
      State: true,
      Targets: {
        Arn: true,
        Input: true,
        Id: 'targets are told apart by their place',
        RetryPolicy: 'delivery to a function on the same machine does not fail',
        DeadLetterConfig: 'delivery to a function on the same machine does not fail',
      },
      Description: REASONS.description,
      Tags: REASONS.tags,
    },
    deploy: ({ stackName, logicalId }, properties) => {
      const place = `${stackName}.${logicalId}`;
      const name = String(properties.Name ?? `${stackName}-${logicalId}`);
      const arn = arnOf('events', `rule/${name}`);
      if (properties.State !== 'DISABLED') {
        for (const target of (properties.Targets ?? []) as readonly Target[]) {
          connect(cloud, { place, arn, target, properties });
        }
      }
      return { ref: name, attributes: { Arn: arn } };
    },
  };
}

interface Connection {
  readonly place: string;
  readonly arn: string;
  readonly target: Target;
  readonly properties: Readonly<Record<string, unknown>>;
}

function connect(cloud: Cloud, { place, arn, target, properties }: Connection): void {
  const call = callOf(cloud, target, place);
  const input: unknown = target.Input === undefined ? undefined : JSON.parse(target.Input);
  const fire = (event: unknown) => void call(event);
  if (properties.ScheduleExpression !== undefined) {
    const schedule = parseSchedule(String(properties.ScheduleExpression));
    cloud.schedules.push(new ScheduledRule({ arn, schedule, input, fire }));
  }
  if (properties.EventPattern !== undefined) {
    const bus = String(properties.EventBusName ?? 'default');
    const matches = compilePattern(properties.EventPattern, `${place}.EventPattern`);
    cloud.surroundings.engines.buses.addRule(bus, { matches, deliver: (event) => fire(input ?? event) });
  }
}

function callOf(cloud: Cloud, { Arn }: Target, place: string): (event: unknown) => unknown {
  if (Arn.includes(':sqs:')) {
    const queue = cloud.surroundings.engines.queues.find(Arn);
    return (event) => queue.send({ body: JSON.stringify(event) });
  }
  const lambda = cloud.functionOf(Arn, place);
  return (event) => invokeAsynchronously(lambda, event);
}
