/**
 * Runs asynchronous work one step at a time, in an order drawn from the seed, on a clock that only it moves. Whoever
 * calls `pause` waits until drawn; with it before and after each access to a store, any two tasks meet at every place
 * at which they could in production.
 */
import { setImmediate as settled } from 'node:timers/promises';
import type { Random } from './random.ts';

const TICK_PROBABILITY = 0.1;
/** More than the longest world takes: a world that never comes to rest is wrong. */
const STEPS_MAX = 200_000;

export class Scheduler {
  /** Epoch milliseconds of the world. */
  now: number;
  readonly #random: Random;
  readonly #tickMsMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #failure: { readonly error: unknown } | undefined;

  /** While work goes on the clock moves by up to `tickMsMax` now and then. */
  constructor(random: Random, now: number, tickMsMax: number) {
    this.#random = random;
    this.now = now;
    this.#tickMsMax = tickMsMax;
  }

  pause(): Promise<void> {
    return new Promise((resume) => this.#waiting.push(resume));
  }

  async pauses(count: number): Promise<void> {
    for (let left = count; left > 0; left--) await this.pause();
  }

  /** What a task throws ends the world. */
  start(task: () => Promise<void>): void {
    this.#running += 1;
    task()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#running -= 1;
      });
  }

  advanceTo(instant: number): void {
    this.now = Math.max(this.now, instant);
  }

  /** So many steps, or fewer if all tasks have ended. */
  async run(steps: number): Promise<void> {
    await settled();
    for (let left = steps; left > 0 && this.#running > 0; left--) {
      if (this.#failure) throw this.#failure.error;
      const [resume] = this.#waiting.splice(this.#random.below(this.#waiting.length), 1);
      if (resume === undefined) throw new Error('a task waits for something that nobody will give it');
      if (this.#random.chance(TICK_PROBABILITY)) this.now += this.#random.below(this.#tickMsMax);
      resume();
      await settled();
    }
    if (this.#failure) throw this.#failure.error;
  }

  async runUntilIdle(): Promise<void> {
    await this.run(STEPS_MAX);
    if (this.#running > 0) throw new Error(`tasks are still running after ${STEPS_MAX} steps`);
  }
}
