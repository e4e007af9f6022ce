/**
 * Runs asynchronous work one step at a time, in an order drawn from the seed. Whoever calls `pause` waits until drawn;
 * with it before and after each access to a store, two tasks meet at every place at which they could in production.
 */
import { setImmediate as settled } from 'node:timers/promises';
import type { Random } from './random.ts';

export class Interleaving {
  readonly #random: Random;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  pause(): Promise<void> {
    return new Promise((resume) => this.#waiting.push(resume));
  }

  start(task: () => Promise<void>): void {
    this.#running += 1;
    task().finally(() => {
      this.#running -= 1;
    });
  }

  /** Until every task has ended. */
  async run(): Promise<void> {
    await settled();
    while (this.#running > 0) {
      const [resume] = this.#waiting.splice(this.#random.below(this.#waiting.length), 1);
      if (resume === undefined) throw new Error('a task waits for something that nobody will give it');
      resume();
      await settled();
    }
  }
}
