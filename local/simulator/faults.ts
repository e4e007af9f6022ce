/** Stores that fail as the real ones do: before the work, after it, or by turning it away. */
import type { Interleaving } from './interleaving.ts';
import type { Random } from './random.ts';

/** The process ends here, as far as anybody can tell. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface FaultOptions {
  readonly random: Random;
  readonly interleaving: Interleaving;
  /** How likely a call fails, from 0 to 1. */
  readonly crashes: number;
}

type Method = (...args: never[]) => Promise<unknown>;

/** The same object, whose asynchronous methods wait their turn and sometimes fail, with or without having done the work. */
export function withFaults<Store extends object>(store: Store, { random, interleaving, crashes }: FaultOptions): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as Method;
      return async (...args: never[]) => {
        await interleaving.pause();
        if (random.chance(crashes / 2)) throw new Crash(`before ${String(name)}`);
        const result = await method(...args);
        await interleaving.pause();
        if (random.chance(crashes / 2)) throw new Crash(`after ${String(name)}`);
        return result;
      };
    },
  });
}
