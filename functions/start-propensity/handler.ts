import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { DynamoPropensityStore } from '#shared/aws/dynamodb-propensity-store.ts';
import { EventBridgeScheduleTimers } from '#shared/aws/eventbridge-schedule-timers.ts';
import { StateMachineRuns } from '#shared/aws/state-machine-runs.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { createTelemetry } from '#shared/lambda/telemetry.ts';
import { env } from './env.ts';
import { type DueInput, type DueOutcome, startPropensity } from './start-propensity.ts';

const { CONTROL_TABLE, PROPENSITY_STATE_MACHINE, SCHEDULE_GROUP, SCHEDULE_ROLE } = readEnv(env);
const telemetry = createTelemetry('start-propensity');

const ports = {
  store: new DynamoPropensityStore(CONTROL_TABLE),
  executions: new StateMachineRuns(PROPENSITY_STATE_MACHINE),
  now: () => Date.now(),
};

export const handler = middy<DueInput, DueOutcome>().handler(
  async (input: DueInput, { invokedFunctionArn: functionArn }: Context) => {
    // A function can't be named in its own environment.
    const timers = new EventBridgeScheduleTimers({ group: SCHEDULE_GROUP, functionArn, roleArn: SCHEDULE_ROLE });
    const outcome = await startPropensity(input, { ...ports, timers });
    const { sandboxName, instanceId, kind, scheduledTime } = input;
    telemetry.logger.info('propensity due', { sandboxName, instanceId, kind, scheduledTime, outcome });
    return outcome;
  },
);
