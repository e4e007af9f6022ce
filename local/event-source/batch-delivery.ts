/**
 * What happens to one batch: invoked, retried, cut in half, given up.
 *
 *     invoke ──success──▶ done
 *        │──items failed──▶ the rest, from the first failed item on
 *        │──error, bisect──▶ first half, then second half (costs no retry)
 *        └──error──▶ the same again, later ──retries or age used up──▶ discard
 *
 * Pure but for its ports, so that tests need neither stream nor function.
 */
import type { Outcome } from '../lambda/execution-environment.ts';
import type { MappingSettings, SourceRecord } from './mapping-settings.ts';

export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface Discarded {
  readonly records: readonly SourceRecord[];
  readonly condition: DiscardCondition;
  readonly invokeCount: number;
  /** The last invocation's outcome, if there was one. */
  readonly outcome?: Outcome | undefined;
}

export interface DeliveryPorts {
  invoke(records: readonly SourceRecord[]): Promise<Outcome>;
  discard(discarded: Discarded): Promise<void>;
  now(): number;
  /** Resolves early, with false, when the runner stops. */
  pause(milliseconds: number): Promise<boolean>;
}

const RETRY_PAUSE_MS = 100;
const RETRY_PAUSE_MS_MAX = 5_000;

/** Returns when every record is processed or discarded, or with false if the runner stops before. */
export async function deliver(
  records: readonly SourceRecord[],
  settings: MappingSettings,
  ports: DeliveryPorts,
): Promise<boolean> {
  return new BatchDelivery(settings, ports).run(records, 0);
}

class BatchDelivery {
  readonly #settings: MappingSettings;
  readonly #ports: DeliveryPorts;

  constructor(settings: MappingSettings, ports: DeliveryPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  async run(records: readonly SourceRecord[], attemptsMade: number): Promise<boolean> {
    let pending = records;
    let attempts = attemptsMade;
    let last: Outcome | undefined;
    for (;;) {
      pending = await this.#discardExpired(pending, attempts, last);
      if (pending.length === 0) return true;
      last = await this.#ports.invoke(pending);
      attempts += 1;
      const failed = this.#firstFailed(pending, last);
      if (failed === pending.length) return true;
      // Progress was made, and what is left is another batch with its own retries.
      if (failed > 0) attempts = 1;
      pending = pending.slice(failed);
      if (!last.ok && this.#settings.bisects && pending.length > 1) return this.#bisect(pending, attempts - 1);
      if (attempts > this.#settings.retryAttemptsMax) {
        const condition = 'RetryAttemptsExhausted';
        await this.#ports.discard({ records: pending, condition, invokeCount: attempts, outcome: last });
        return true;
      }
      const pause = Math.min(RETRY_PAUSE_MS * 2 ** (attempts - 1), RETRY_PAUSE_MS_MAX);
      if (!(await this.#ports.pause(pause))) return false;
    }
  }

  async #bisect(records: readonly SourceRecord[], attempts: number): Promise<boolean> {
    const middle = Math.ceil(records.length / 2);
    // The second half waits: it may hold later records of the same key.
    return (await this.run(records.slice(0, middle), attempts)) && (await this.run(records.slice(middle), attempts));
  }

  async #discardExpired(
    records: readonly SourceRecord[],
    invokeCount: number,
    outcome: Outcome | undefined,
  ): Promise<readonly SourceRecord[]> {
    const oldest = this.#ports.now() - this.#settings.recordAgeMsMax;
    const expired = records.filter(({ arrivedAt }) => arrivedAt < oldest);
    if (expired.length === 0) return records;
    await this.#ports.discard({ records: expired, condition: 'RecordAgeExceeded', invokeCount, outcome });
    return records.filter(({ arrivedAt }) => arrivedAt >= oldest);
  }

  /** Index of the first record to deliver again; the batch's length if there is none. */
  #firstFailed(records: readonly SourceRecord[], outcome: Outcome): number {
    if (!outcome.ok) return 0;
    if (!this.#settings.reportsItemFailures) return records.length;
    const response = outcome.result as { batchItemFailures?: { itemIdentifier?: unknown }[] | null } | null;
    const failures = response?.batchItemFailures ?? [];
    if (!Array.isArray(failures)) return 0;
    const indexes = failures.map(({ itemIdentifier }) =>
      // An empty or unknown identifier fails the whole batch, as in AWS: index -1 becomes 0.
      Math.max(
        0,
        records.findIndex(({ sequenceNumber }) => sequenceNumber === itemIdentifier),
      ),
    );
    return Math.min(records.length, ...indexes);
  }
}
