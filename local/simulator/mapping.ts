/**
 * An event source mapping: takes batches off the lanes of a stream and delivers them as Lambda would, with the rules of
 * the local runner for what is retried, cut in half, and given up. What is given up keeps its payload.
 */
import { deliver } from '#local/event-source/batch-delivery.ts';
import type { MappingSettings } from '#local/event-source/mapping-settings.ts';
import { Crash } from './faults.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Entry, Lane, ShardedLog } from './sharded-log.ts';

/** Sequence numbers of the entries that were not finished. Throws where the function did. */
export type Invoke<Payload> = (batch: readonly Entry<Payload>[], lane: string) => Promise<readonly string[]>;

export interface MappingOptions<Payload> {
  readonly log: ShardedLog<Payload>;
  readonly invoke: Invoke<Payload>;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly retryAttemptsMax: number;
  readonly batchSizeMax: number;
}

export class Mapping<Payload> {
  readonly givenUp: Entry<Payload>[] = [];
  isStopped = false;
  readonly #options: MappingOptions<Payload>;
  readonly #settings: MappingSettings;
  readonly #busy = new Set<Lane<Payload>>();

  constructor(options: MappingOptions<Payload>) {
    this.#options = options;
    this.#settings = {
      id: 'mapping',
      batchSize: options.batchSizeMax,
      batchingWindowMs: 0,
      parallelizationFactor: 1,
      bisects: true,
      reportsItemFailures: true,
      retryAttemptsMax: options.retryAttemptsMax,
      recordAgeMsMax: Number.POSITIVE_INFINITY,
    };
  }

  /** Starts reading every lane that holds something and isn't read yet. */
  poll(): void {
    if (this.isStopped) return;
    for (const lane of this.#options.log.readyLanes()) {
      if (this.#busy.has(lane)) continue;
      this.#busy.add(lane);
      this.#options.scheduler.start(() => this.#consume(lane));
    }
  }

  async #consume(lane: Lane<Payload>): Promise<void> {
    const { random, scheduler, batchSizeMax } = this.#options;
    while (lane.entries.length > 0 && !this.isStopped) {
      await scheduler.pause();
      const batch = lane.entries.slice(0, 1 + random.below(batchSizeMax));
      await this.#deliver(batch, lane.name);
      lane.entries.splice(0, batch.length);
    }
    this.#busy.delete(lane);
    this.poll();
  }

  async #deliver(batch: readonly Entry<Payload>[], lane: string): Promise<void> {
    const { scheduler } = this.#options;
    const records = batch.map((entry) => ({
      sequenceNumber: entry.sequenceNumber,
      orderKey: entry.key,
      arrivedAt: entry.arrival,
      bytes: 0,
      event: entry,
    }));
    const entriesOf = (taken: readonly { readonly event: unknown }[]) =>
      taken.map(({ event }) => event as Entry<Payload>);
    await deliver(records, this.#settings, {
      invoke: (taken) => this.#invoke(entriesOf(taken), lane),
      discard: async (discarded) => {
        this.givenUp.push(...entriesOf(discarded.records));
      },
      now: () => scheduler.now,
      pause: async () => {
        await scheduler.pause();
        return true;
      },
    });
  }

  async #invoke(batch: readonly Entry<Payload>[], lane: string) {
    const requestId = '';
    try {
      const failed = await this.#options.invoke(batch, lane);
      const batchItemFailures = failed.map((itemIdentifier) => ({ itemIdentifier }));
      return { ok: true, requestId, result: { batchItemFailures } } as const;
    } catch (error) {
      if (!isExpected(error)) throw error;
      return {
        ok: false,
        requestId,
        error: { errorType: (error as Error).name, errorMessage: '', trace: [] },
      } as const;
    }
  }
}

/** Of the failures that a world makes on purpose: any other is a bug of the code under test. */
export function isExpected(error: unknown): boolean {
  return error instanceof Crash || (error instanceof Error && ['Unavailable', 'Poisoned'].includes(error.name));
}
