/**
 * One of a shard's concurrent batches: a queue whose records are delivered in order, a batch at a time. All records of
 * one key go to the same lane.
 */
import type { MappingSettings, SourceRecord } from './mapping-settings.ts';

/** Lambda's limit on an invocation's payload; half of it left for what surrounds the data. */
const BATCH_BYTES_MAX = 6 * 1024 * 1024;
const ENVELOPE_BYTES = 600;

export class Lane {
  readonly #settings: MappingSettings;
  readonly #deliver: (records: readonly SourceRecord[]) => Promise<boolean>;
  readonly #onProgress: () => void;
  #queue: SourceRecord[] = [];
  #firstQueuedAt = 0;
  #isRunning = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    settings: MappingSettings,
    deliver: (records: readonly SourceRecord[]) => Promise<boolean>,
    onProgress: () => void,
  ) {
    this.#settings = settings;
    this.#deliver = deliver;
    this.#onProgress = onProgress;
  }

  /** The first record that is not yet done. */
  get first(): SourceRecord | undefined {
    return this.#queue[0];
  }

  get isFull(): boolean {
    return this.#queue.length >= 2 * this.#settings.batchSize;
  }

  push(record: SourceRecord): void {
    if (this.#queue.length === 0) this.#firstQueuedAt = performance.now();
    this.#queue.push(record);
  }

  /** Starts a batch if there is something to deliver and its window is over. */
  run(): void {
    if (this.#isStopped || this.#isRunning || this.#queue.length === 0) return;
    const waits = this.#firstQueuedAt + this.#settings.batchingWindowMs - performance.now();
    if (this.#queue.length < this.#settings.batchSize && waits > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.run();
      }, waits);
      return;
    }
    this.#isRunning = true;
    void this.#runBatch();
  }

  /** The batch that is under way goes on; none follows it. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #runBatch(): Promise<void> {
    const batch = this.#nextBatch();
    // Not done when the runner stops: the records stay, the checkpoint before them, and the next start delivers them.
    if (!(await this.#deliver(batch))) return;
    this.#queue = this.#queue.slice(batch.length);
    this.#firstQueuedAt = performance.now();
    this.#isRunning = false;
    this.#onProgress();
    this.run();
  }

  #nextBatch(): readonly SourceRecord[] {
    let bytes = 0;
    const candidates = this.#queue.slice(0, this.#settings.batchSize);
    const end = candidates.findIndex((record) => {
      bytes += record.bytes + ENVELOPE_BYTES;
      return bytes > BATCH_BYTES_MAX;
    });
    return end === -1 ? candidates : candidates.slice(0, Math.max(1, end));
  }
}
