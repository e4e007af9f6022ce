/** How engines that call something reach it: the functions and state machines of the deployment. */
import type { Cloud } from './cloud.ts';
import type { SchedulerPorts } from './engines/scheduler/scheduler.ts';
import type { Surroundings } from './engines/step-functions/flow.ts';
import { pause } from './engines/step-functions/pause.ts';
import { checkScheduleTarget, deliverToTarget } from './schedule-target.ts';

export interface EnginePorts {
  readonly executing: Surroundings;
  readonly scheduling: SchedulerPorts;
}

/** The engines are there before the cloud that they are part of; nothing is called until it is there as well. */
export function enginePorts(holder: { readonly cloud?: Cloud }): EnginePorts {
  const now = () => Date.now();
  const cloud = () => {
    if (holder.cloud) return holder.cloud;
    throw new Error('an engine called something before there was anything to call');
  };
  return {
    executing: {
      now,
      pause,
      invoke: async (name, payload) =>
        cloud()
          .functions.get(name.replace(/:\$LATEST$/, ''))
          ?.invoke(payload),
    },
    scheduling: {
      now,
      checkTarget: (target) => checkScheduleTarget(cloud(), target),
      deliver: (target, input) => deliverToTarget(cloud(), target, input),
      onError: (place, error) => cloud().surroundings.onError(place, error),
    },
  };
}
