/**
 * Stores that fail as the real ones do: throttled before the work, answering never though the work was done, doing it
 * later than they failed, doing part of it. And processes that end between any two awaits.
 */
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** How likely a call suffers each, from 0 to 1. */
export interface FaultRates {
  /** The process ends before or after the call; what it had under way elsewhere may or may not have happened. */
  readonly crash: number;
  /** The call is turned away. */
  readonly throttle: number;
  /** The work is done, the answer does not come. */
  readonly lostAnswer: number;
  /** The call fails, and the work is done at a later step. */
  readonly zombie: number;
  /** Of several writes some are done before the call fails, or are turned away one by one. */
  readonly partial: number;
}

export const CALM: FaultRates = { crash: 0, throttle: 0, lostAnswer: 0, zombie: 0, partial: 0 };

/** The world's failure, as an SDK would throw it. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The process ended. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** One run of a function. Once dead, nothing of it goes on; an abandoned one goes on though nobody waits for it. */
export class Invocation {
  readonly ended: Promise<never>;
  #end: (error: Crash) => void = () => {};
  isDead = false;

  constructor() {
    this.ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.ended.catch(() => {});
  }

  kill(place: string): void {
    this.isDead = true;
    this.#end(new Crash(place));
  }

  abandon(place: string): void {
    this.#end(new Crash(`${place}, but went on`));
  }
}

export interface FaultOptions {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly invocation: Invocation;
  readonly rates: FaultRates;
}

type Call = (...args: readonly unknown[]) => Promise<unknown>;

const NEVER = new Promise<never>(() => {});
const WRITES: ReadonlySet<string> = new Set([
  'write',
  'force',
  'append',
  'claim',
  'take',
  'block',
  'remove',
  'put',
  'send',
  'transact',
  'allot',
  'commit',
  'claimPart',
  'create',
  'update',
  'start',
]);
const ABANDONED = 0.15;
const ZOMBIE_STEPS_MAX = 60;

/** The same object, whose asynchronous methods wait their turn and sometimes fail, with or without having done the work. */
export function withFaults<Store extends object>(store: Store, options: FaultOptions): Store {
  const wrapped = new Map<PropertyKey, Call>();
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const known = wrapped.get(name);
      if (known) return known;
      const call = new FaultyCall(String(name), member.bind(target) as Call, options);
      const run: Call = (...args) => call.run(args);
      wrapped.set(name, run);
      return run;
    },
  });
}

class FaultyCall {
  readonly #name: string;
  readonly #call: Call;
  readonly #options: FaultOptions;

  constructor(name: string, call: Call, options: FaultOptions) {
    this.#name = name;
    this.#call = call;
    this.#options = options;
  }

  async run(args: readonly unknown[]): Promise<unknown> {
    const { random, rates } = this.#options;
    await this.#step(`before ${this.#name}`);
    if (random.chance(rates.throttle)) throw new Unavailable(`${this.#name} was throttled`);
    const result = WRITES.has(this.#name) ? await this.#write(args) : await this.#call(...args);
    await this.#step(`after ${this.#name}`);
    if (random.chance(rates.lostAnswer)) throw new Unavailable(`${this.#name} timed out after it was done`);
    return result;
  }

  async #step(place: string): Promise<void> {
    const { random, scheduler, invocation, rates } = this.#options;
    await scheduler.pause();
    if (!invocation.isDead && random.chance(rates.crash / 2)) {
      if (random.chance(ABANDONED)) invocation.abandon(place);
      else invocation.kill(place);
    }
    if (invocation.isDead) await NEVER;
  }

  async #write(args: readonly unknown[]): Promise<unknown> {
    const { random, rates, invocation } = this.#options;
    if (random.chance(rates.zombie)) {
      this.#writeLater(args);
      if (!random.chance(0.3)) throw new Unavailable(`${this.#name} timed out and will be done`);
      invocation.kill(`while ${this.#name} was under way`);
      return NEVER;
    }
    const [items] = args;
    if (Array.isArray(items) && items.length > 0 && random.chance(rates.partial)) return this.#writePartly(items);
    return this.#call(...args);
  }

  #writeLater(args: readonly unknown[]): void {
    const { random, scheduler } = this.#options;
    const steps = 1 + random.below(ZOMBIE_STEPS_MAX);
    scheduler.start(async () => {
      await scheduler.pauses(steps);
      await this.#call(...args);
    });
  }

  /** Items are written one by one: some are throttled, and sometimes nothing is answered for any of them. */
  async #writePartly(items: readonly unknown[]): Promise<unknown> {
    const { random } = this.#options;
    const taken = items.map(() => random.chance(0.6));
    const done = (await this.#call(items.filter((_, index) => taken[index]))) as readonly unknown[] | undefined;
    if (done === undefined || random.chance(0.5)) throw new Unavailable(`${this.#name} was done in part`);
    const outcomes = [...done];
    return taken.map((isTaken) => (isTaken ? outcomes.shift() : this.#name === 'write' ? 'conflict' : false));
  }
}
