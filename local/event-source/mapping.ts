/** An event source mapping at work: a consumer for each shard, children after their parents. */
import { createHash } from 'node:crypto';
import type { LambdaFunction } from '../lambda/function.ts';
import { deliver } from './batch-delivery.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { FailureDestination } from './failure-destination.ts';
import type { MappingSettings } from './mapping-settings.ts';
import { ShardConsumer } from './shard-consumer.ts';
import type { Source, SourceShard } from './source.ts';

export interface MappingPorts {
  readonly source: Source;
  readonly target: LambdaFunction;
  readonly checkpoints: Checkpoints;
  readonly destination: FailureDestination | undefined;
  onError(error: unknown): void;
}

export class EventSourceMapping {
  readonly settings: MappingSettings;
  readonly #ports: MappingPorts;
  readonly #consumers = new Map<string, { readonly consumer: Promise<ShardConsumer>; readonly done: Promise<void> }>();
  readonly #started: ShardConsumer[] = [];
  readonly #stopping = new AbortController();

  constructor(settings: MappingSettings, ports: MappingPorts) {
    this.settings = settings;
    this.#ports = ports;
  }

  start(): void {
    this.#ports.source.onReshard(() => this.#look());
    this.#look();
  }

  stop(): void {
    this.#stopping.abort();
    for (const consumer of this.#started) consumer.stop();
  }

  get target(): LambdaFunction {
    return this.#ports.target;
  }

  /** True when everything that is in the stream was read and processed. */
  get isIdle(): boolean {
    return this.#started.length > 0 && this.#started.every((consumer) => consumer.isIdle);
  }

  #look(): void {
    this.#startNewShards().catch((error: unknown) => this.#ports.onError(error));
  }

  async #startNewShards(): Promise<void> {
    for (const shard of await this.#ports.source.listShards()) {
      if (!this.#consumers.has(shard.id)) this.#startShard(shard);
    }
  }

  #startShard({ id, parents }: SourceShard): void {
    const afterParents = Promise.all(parents.map((parent) => this.#consumers.get(parent)?.done));
    const consumer = afterParents.then(() => this.#open(id));
    const done = consumer.then((opened) => opened.run());
    this.#consumers.set(id, { consumer, done });
    done.then(() => !this.#stopping.signal.aborted && this.#look()).catch((error) => this.#ports.onError(error));
  }

  async #open(shardId: string): Promise<ShardConsumer> {
    const { source, checkpoints, onError } = this.#ports;
    const { id } = this.settings;
    const reader = await source.open(shardId, checkpoints.get(id, shardId));
    const consumer = new ShardConsumer(reader, this.settings, {
      deliver: (shard, records) => deliver(records, this.settings, this.#deliveryPorts(shard)),
      checkpoint: (shard, position) => checkpoints.set(id, shard, position),
      onError,
    });
    this.#started.push(consumer);
    if (this.#stopping.signal.aborted) consumer.stop();
    return consumer;
  }

  #deliveryPorts(shardId: string): Parameters<typeof deliver>[2] {
    const { target, destination, source } = this.#ports;
    const { signal } = this.#stopping;
    return {
      invoke: (records) => target.invoke({ Records: records.map(({ event }) => event) }),
      discard: async (discarded) =>
        destination?.({
          ...discarded,
          shardId,
          streamArn: source.arn,
          functionArn: target.settings.arn,
          mappingUuid: uuidOf(this.settings.id),
          time: Date.now(),
        }),
      now: () => Date.now(),
      pause: (milliseconds) => pause(milliseconds, signal),
    };
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const stop = () => finish(false);
    const finish = (isOver: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(isOver);
    };
    const timer = setTimeout(() => finish(true), milliseconds);
    signal.addEventListener('abort', stop);
  });
}

/** AWS gives a mapping a UUID; here it comes from the mapping's name, and so is the same at each start. */
function uuidOf(id: string): string {
  const digits = createHash('sha256').update(id).digest('hex');
  return digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
