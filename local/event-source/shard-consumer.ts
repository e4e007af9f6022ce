/**
 * Reads one shard and spreads its records over lanes by their keys. The checkpoint is the last record before the first
 * unfinished one: what a restart delivers again is what nobody finished.
 */
import { hash } from 'node:crypto';
import { Lane } from './lane.ts';
import type { MappingSettings, SourceRecord } from './mapping-settings.ts';

export interface ShardPage {
  /** What passed the mapping's filters. */
  readonly records: readonly SourceRecord[];
  /** The last sequence number read, filtered or not; undefined if there was nothing. */
  readonly position: string | undefined;
  /** A closed shard that was read to its end. */
  readonly isFinished?: boolean;
}

export interface ShardReader {
  readonly shardId: string;
  read(limit: number): Promise<ShardPage>;
  /** Resolves when there may be something new, or after a while. */
  waitForMore(): Promise<void>;
}

export interface ConsumerPorts {
  deliver(shardId: string, records: readonly SourceRecord[]): Promise<boolean>;
  checkpoint(shardId: string, position: string): void;
  onError(error: unknown): void;
}

const ERROR_PAUSE_MS = 1_000;

export class ShardConsumer {
  readonly #reader: ShardReader;
  readonly #ports: ConsumerPorts;
  readonly #lanes: readonly Lane[];
  readonly #batchSize: number;
  /** Positions read, in order, with whether their record waits in a lane. */
  #unfinished: { readonly position: string; readonly record: SourceRecord | undefined }[] = [];
  #isStopped = false;
  #foundNothing = false;
  #onRoom: () => void = () => {};
  #onDrained: () => void = () => {};

  constructor(reader: ShardReader, settings: MappingSettings, ports: ConsumerPorts) {
    this.#reader = reader;
    this.#ports = ports;
    this.#batchSize = settings.batchSize;
    const deliver = (records: readonly SourceRecord[]) => ports.deliver(reader.shardId, records);
    this.#lanes = Array.from(
      { length: settings.parallelizationFactor },
      () => new Lane(settings, deliver, () => this.#onProgress()),
    );
  }

  /** Returns when the shard is closed and everything in it delivered, or when stopped. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        const page = await this.#reader.read(this.#batchSize * this.#lanes.length);
        this.#foundNothing = page.position === undefined;
        this.#accept(page);
        if (page.isFinished) return await this.#drained();
        if (this.#lanes.some((lane) => lane.isFull)) await this.#room();
        else if (page.position === undefined) await this.#reader.waitForMore();
      } catch (error) {
        if (this.#isStopped) return;
        this.#ports.onError(error);
        await new Promise((resolve) => setTimeout(resolve, ERROR_PAUSE_MS));
      }
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#onRoom();
    this.#onDrained();
    for (const lane of this.#lanes) lane.stop();
  }

  /** True when the last look found nothing and nothing is on its way. */
  get isIdle(): boolean {
    return this.#foundNothing && !this.isBusy;
  }

  /** True while a record that was read is not yet delivered. */
  get isBusy(): boolean {
    return this.#lanes.some((lane) => lane.first !== undefined);
  }

  #accept({ records, position }: ShardPage): void {
    if (position === undefined || this.#isStopped) return;
    for (const record of records) {
      this.#laneOf(record.orderKey).push(record);
      this.#unfinished.push({ position: record.sequenceNumber, record });
    }
    this.#unfinished.push({ position, record: undefined });
    for (const lane of this.#lanes) lane.run();
    this.#saveCheckpoint();
  }

  #laneOf(key: string): Lane {
    const index = this.#lanes.length === 1 ? 0 : Number.parseInt(hash('md5', key).slice(0, 8), 16) % this.#lanes.length;
    return this.#lanes[index] as Lane;
  }

  #onProgress(): void {
    this.#saveCheckpoint();
    if (!this.#lanes.some((lane) => lane.isFull)) this.#onRoom();
    if (!this.isBusy) this.#onDrained();
  }

  #saveCheckpoint(): void {
    const firsts = new Set(this.#lanes.map((lane) => lane.first).filter((record) => record !== undefined));
    const pending = this.#unfinished.findIndex(({ record }) => record !== undefined && firsts.has(record));
    const done = pending === -1 ? this.#unfinished.length : pending;
    const last = this.#unfinished[done - 1];
    if (!last) return;
    this.#unfinished = this.#unfinished.slice(done);
    this.#ports.checkpoint(this.#reader.shardId, last.position);
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRoom = resolve;
    });
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#onDrained = resolve;
      if (!this.isBusy || this.#isStopped) resolve();
    });
  }
}
