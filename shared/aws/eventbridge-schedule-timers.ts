/** Timers as schedules of EventBridge Scheduler, in one group, each calling the same function. */
import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { ScheduleTimer, ScheduleTimers } from '#shared/schedule/schedule.ts';

export interface TimerTarget {
  readonly group: string;
  readonly functionArn: string;
  /** What the service calls the function as. */
  readonly roleArn: string;
}

/** A firing that nobody took for so long is missed: the next one does what it would have done. */
const RETRIED = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 20 };
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

export class EventBridgeScheduleTimers implements ScheduleTimers {
  readonly #target: TimerTarget;
  readonly #client: SchedulerClient;

  constructor(target: TimerTarget, client = new SchedulerClient({})) {
    this.#target = target;
    this.#client = client;
  }

  async put(timer: ScheduleTimer): Promise<void> {
    const wanted = this.#scheduleOf(timer);
    try {
      await this.#client.send(new UpdateScheduleCommand(wanted));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      await this.#create(wanted);
    }
  }

  async remove(Name: string): Promise<void> {
    try {
      await this.#client.send(new DeleteScheduleCommand({ Name, GroupName: this.#target.group }));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  }

  async #create(wanted: CreateScheduleCommandInput): Promise<void> {
    try {
      await this.#client.send(new CreateScheduleCommand(wanted));
    } catch (error) {
      // Somebody made it just now.
      if (!(error instanceof ConflictException)) throw error;
      await this.#client.send(new UpdateScheduleCommand(wanted));
    }
  }

  #scheduleOf({ name, cron, timeZone, isActive, input }: ScheduleTimer): CreateScheduleCommandInput {
    const { group, functionArn, roleArn } = this.#target;
    return {
      Name: name,
      GroupName: group,
      ScheduleExpression: `cron(${cron})`,
      ScheduleExpressionTimezone: timeZone,
      State: isActive ? 'ENABLED' : 'DISABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: functionArn,
        RoleArn: roleArn,
        Input: JSON.stringify({ ...input, scheduledTime: SCHEDULED_TIME }),
        RetryPolicy: RETRIED,
      },
    };
  }
}
