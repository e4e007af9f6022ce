/** What a schedule may call: a function, a state machine or a queue of the template. */
import type { Cloud } from './cloud.ts';
import { AwsError } from './engines/aws-json.ts';
import type { Target } from './engines/scheduler/schedule.ts';
import type { Json } from './engines/step-functions/json.ts';
import { invokeAsynchronously } from './lambda/asynchronous.ts';

export function checkScheduleTarget(cloud: Cloud, { Arn }: Target): void {
  if (Arn.includes(':lambda:')) {
    if (cloud.functions.has(Arn)) return;
  } else if (Arn.includes(':states:')) {
    cloud.surroundings.engines.stateMachines.find(Arn);
    return;
  } else if (Arn.includes(':sqs:')) {
    cloud.surroundings.engines.queues.find(Arn);
    return;
  }
  throw new AwsError('ValidationException', `the local runner can't call the target ${Arn}`);
}

export async function deliverToTarget(cloud: Cloud, { Arn }: Target, input: string): Promise<void> {
  if (Arn.includes(':lambda:')) {
    // Nobody waits for it, so that its own retries don't hold up what is due next.
    void invokeAsynchronously(cloud.functionOf(Arn, 'schedule'), JSON.parse(input));
    return;
  }
  const { stateMachines, queues } = cloud.surroundings.engines;
  if (Arn.includes(':sqs:')) {
    queues.find(Arn).send({ body: input });
    return;
  }
  stateMachines.start(stateMachines.find(Arn), JSON.parse(input) as Json);
}
