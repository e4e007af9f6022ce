/**
 * An event source mapping from a queue: messages are received, invoked with, and deleted unless the function failed or
 * named them as failed. Those come again when their visibility timeout is over; the queue counts how often.
 */
import { REGION } from '../aws-account.ts';
import { type Message, md5OfBody } from '../engines/sqs/message.ts';
import { systemAttributes } from '../engines/sqs/operations.ts';
import type { Queue } from '../engines/sqs/queue.ts';
import type { Outcome } from '../lambda/execution-environment.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import type { Matches } from './filter-pattern.ts';

export interface QueueMappingSettings {
  readonly batchSize: number;
  readonly batchingWindowMs: number;
  readonly reportsItemFailures: boolean;
  readonly concurrencyMax: number;
  readonly filters: readonly Matches[];
}

/** Lambda begins with five pollers, and so do we; more would only wait for the same processors. */
const POLLERS = 5;
const WAIT_MS = 20_000;

export function queueMappingSettings(
  properties: Readonly<Record<string, unknown>>,
  filters: readonly Matches[],
): QueueMappingSettings {
  const { MaximumConcurrency } = (properties.ScalingConfig ?? {}) as { MaximumConcurrency?: number };
  const responseTypes = (properties.FunctionResponseTypes ?? []) as readonly string[];
  return {
    batchSize: Number(properties.BatchSize ?? 10),
    batchingWindowMs: Number(properties.MaximumBatchingWindowInSeconds ?? 0) * 1000,
    reportsItemFailures: responseTypes.includes('ReportBatchItemFailures'),
    concurrencyMax: Number(MaximumConcurrency ?? POLLERS),
    filters,
  };
}

export class QueueMapping {
  readonly target: LambdaFunction;
  readonly #queue: Queue;
  readonly #settings: QueueMappingSettings;
  readonly #onError: (error: unknown) => void;
  readonly #stopping = new AbortController();
  #running = 0;

  constructor(queue: Queue, target: LambdaFunction, settings: QueueMappingSettings, onError: (error: unknown) => void) {
    this.#queue = queue;
    this.target = target;
    this.#settings = settings;
    this.#onError = onError;
  }

  start(): void {
    const { concurrency } = this.target.settings;
    // A batch that waits for a free environment would use up its visibility timeout.
    const pollers = Math.min(POLLERS, this.#settings.concurrencyMax, concurrency);
    for (let n = 0; n < pollers; n++) void this.#poll();
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** True when nothing waits that could be received now. */
  get isIdle(): boolean {
    return this.#running === 0 && this.#queue.counts.visible === 0;
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const messages = await this.#receive(signal);
        if (messages.length > 0 && !signal.aborted) await this.#deliver(messages);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  async #receive(signal: AbortSignal): Promise<readonly Message[]> {
    const { batchSize, batchingWindowMs } = this.#settings;
    const messages = [...(await this.#queue.receiveWithin({ count: batchSize }, WAIT_MS, signal))];
    const deadline = performance.now() + batchingWindowMs;
    while (messages.length > 0 && messages.length < batchSize && performance.now() < deadline && !signal.aborted) {
      const count = batchSize - messages.length;
      messages.push(...(await this.#queue.receiveWithin({ count }, deadline - performance.now(), signal)));
    }
    return messages;
  }

  async #deliver(received: readonly Message[]): Promise<void> {
    this.#running += 1;
    try {
      const messages = received.filter((message) => this.#passes(message));
      const outcome =
        messages.length > 0 ? await this.target.invoke({ Records: messages.map(this.#recordOf) }) : undefined;
      const failed = outcome ? this.#failedOf(messages, outcome) : new Set();
      for (const { id, receiptHandle = '' } of received) if (!failed.has(id)) this.#queue.delete(receiptHandle);
    } finally {
      this.#running -= 1;
    }
  }

  /** What passes no filter is deleted, and never seen. */
  #passes(message: Message): boolean {
    const { filters } = this.#settings;
    if (filters.length === 0) return true;
    const event = { ...this.#recordOf(message), body: jsonOrText(message.body) };
    return filters.some((matches) => matches(event));
  }

  #failedOf(messages: readonly Message[], outcome: Outcome): ReadonlySet<string> {
    const all = new Set(messages.map(({ id }) => id));
    if (!outcome.ok) return all;
    if (!this.#settings.reportsItemFailures) return new Set();
    const response = outcome.result as { batchItemFailures?: { itemIdentifier?: unknown }[] | null } | null;
    const failures = response?.batchItemFailures ?? [];
    if (!Array.isArray(failures)) return all;
    const named = failures.map((failure) => String(failure?.itemIdentifier));
    // One that is empty or unknown fails the whole batch, as in AWS.
    return named.every((id) => all.has(id)) ? new Set(named) : all;
  }

  readonly #recordOf = (message: Message) => ({
    messageId: message.id,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        {
          stringValue: StringValue,
          binaryValue: BinaryValue,
          stringListValues: [],
          binaryListValues: [],
          dataType: DataType,
        },
      ]),
    ),
    md5OfBody: md5OfBody(message),
    eventSource: 'aws:sqs',
    eventSourceARN: this.#queue.settings.arn,
    awsRegion: REGION,
  });
}

function jsonOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
