/** A rule that fires by the clock: once at the start of the runner, so that nobody waits a period, then as written. */
import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from './aws-account.ts';
import type { Schedule } from './schedule.ts';

export interface ScheduledRuleSettings {
  readonly arn: string;
  readonly schedule: Schedule;
  /** `undefined`: the event of the schedule itself. */
  readonly input: unknown;
  fire(event: unknown): void;
}

/** Longer timers overflow and fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class ScheduledRule {
  readonly #settings: ScheduledRuleSettings;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: ScheduledRuleSettings) {
    this.#settings = settings;
  }

  start(): void {
    this.#fire();
    this.#wait(this.#settings.schedule(Date.now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(milliseconds: number): void {
    const part = Math.min(milliseconds, TIMER_MS_MAX);
    this.#timer = setTimeout(() => {
      if (part === milliseconds) this.start();
      else this.#wait(milliseconds - part);
    }, part);
  }

  #fire(): void {
    const { arn, input, fire } = this.#settings;
    fire(input ?? scheduledEvent(arn));
  }
}

function scheduledEvent(ruleArn: string): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ACCOUNT,
    time: new Date().toISOString(),
    region: REGION,
    resources: [ruleArn],
    detail: {},
  };
}
