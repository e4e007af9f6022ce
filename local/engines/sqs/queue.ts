/**
 * One standard queue.
 *
 *     sent ──delay──▶ visible ──receive──▶ hidden ──delete──▶ gone
 *                        ▲                   │ visibility timeout over, or given back
 *                        └───────────────────┘ received too often already ──▶ dead-letter queue
 */
import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-json.ts';
import { type Message, type MessageAttributes, messageBytes } from './message.ts';

export interface QueueSettings {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilitySeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly messageBytesMax: number;
  readonly waitSeconds: number;
  readonly deadLetters?: { readonly arn: string; readonly receivesMax: number } | undefined;
}

export interface NewMessage {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  /** The queue's own unless it is given. */
  readonly delaySeconds?: number | undefined;
}

export interface QueuePorts {
  /** Takes a message that was received too often. */
  giveUp(message: Message): void;
  changed(): void;
}

export interface Receive {
  readonly count: number;
  readonly visibilitySeconds?: number | undefined;
}

const ARRIVALS_LOOKED_FOR_MS = 1_000;

export class Queue {
  readonly settings: QueueSettings;
  readonly #ports: QueuePorts;
  readonly #messages = new Map<string, Message>();
  readonly #waiting = new Set<() => void>();

  constructor(settings: QueueSettings, ports: QueuePorts) {
    this.settings = settings;
    this.#ports = ports;
  }

  send({ body, attributes = {}, delaySeconds }: NewMessage): Message {
    this.#checkSize(messageBytes({ body, attributes }));
    const now = Date.now();
    const visibleAt = now + (delaySeconds ?? this.settings.delaySeconds) * 1000;
    return this.adopt({ id: randomUUID(), body, attributes, sentAt: now, visibleAt, receiveCount: 0 });
  }

  /** A message of another queue, or of an earlier run. */
  adopt(message: Message): Message {
    this.#messages.set(message.id, message);
    this.#ports.changed();
    for (const wake of this.#waiting) wake();
    return message;
  }

  receive({ count, visibilitySeconds = this.settings.visibilitySeconds }: Receive): readonly Message[] {
    const now = Date.now();
    const received: Message[] = [];
    for (const message of this.#visible(now)) {
      if (received.length === count) break;
      if (message.receiveCount >= (this.settings.deadLetters?.receivesMax ?? Number.POSITIVE_INFINITY)) {
        this.#messages.delete(message.id);
        this.#ports.giveUp(message);
        continue;
      }
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + visibilitySeconds * 1000;
      message.receiptHandle = `${message.id}.${randomUUID()}`;
      received.push({ ...message });
    }
    if (received.length > 0) this.#ports.changed();
    return received;
  }

  /** What there is, or what comes within the time; ends early when the signal is given. */
  async receiveWithin(receive: Receive, milliseconds: number, signal?: AbortSignal): Promise<readonly Message[]> {
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const received = this.receive(receive);
      const left = deadline - performance.now();
      if (received.length > 0 || left <= 0 || signal?.aborted) return received;
      await this.#arrival(Math.min(left, this.#untilNext()), signal);
    }
  }

  /** Deleting twice, or what is gone, is no mistake. */
  delete(receiptHandle: string): void {
    const message = this.#byHandle(receiptHandle);
    if (message?.receiptHandle !== receiptHandle) return;
    this.#messages.delete(message.id);
    this.#ports.changed();
  }

  changeVisibility(receiptHandle: string, seconds: number): void {
    const message = this.#byHandle(receiptHandle);
    if (!message || message.visibleAt <= Date.now()) {
      const reason = `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`;
      throw new AwsError('InvalidParameterValue', reason);
    }
    message.visibleAt = Date.now() + seconds * 1000;
    this.#ports.changed();
    for (const wake of this.#waiting) wake();
  }

  purge(): void {
    this.#messages.clear();
    this.#ports.changed();
  }

  /** Takes every message out, hidden ones excepted. */
  takeVisible(): readonly Message[] {
    const taken = this.#visible(Date.now());
    for (const { id } of taken) this.#messages.delete(id);
    this.#ports.changed();
    return taken;
  }

  get messages(): readonly Message[] {
    this.#expire(Date.now());
    return [...this.#messages.values()];
  }

  get counts(): { readonly visible: number; readonly hidden: number; readonly delayed: number } {
    const now = Date.now();
    const all = this.messages;
    const waiting = all.filter(({ visibleAt }) => visibleAt > now);
    const delayed = waiting.filter(({ receiveCount }) => receiveCount === 0).length;
    return { visible: all.length - waiting.length, hidden: waiting.length - delayed, delayed };
  }

  #visible(now: number): readonly Message[] {
    this.#expire(now);
    const visible = [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= now);
    return visible.sort((a, b) => a.visibleAt - b.visibleAt);
  }

  #expire(now: number): void {
    const oldest = now - this.settings.retentionSeconds * 1000;
    for (const { id, sentAt } of this.#messages.values()) if (sentAt < oldest) this.#messages.delete(id);
  }

  #byHandle(receiptHandle: string): Message | undefined {
    const [id = '', nonce] = receiptHandle.split('.');
    if (nonce === undefined) {
      throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${receiptHandle}" is not valid.`);
    }
    return this.#messages.get(id);
  }

  #untilNext(): number {
    const now = Date.now();
    const next = Math.min(...[...this.#messages.values()].map(({ visibleAt }) => visibleAt - now));
    return Math.max(1, Math.min(next, ARRIVALS_LOOKED_FOR_MS));
  }

  #arrival(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#waiting.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  #checkSize(bytes: number): void {
    const { messageBytesMax } = this.settings;
    if (bytes <= messageBytesMax) return;
    const reason = `One or more parameters are invalid. Reason: Message must be shorter than ${messageBytesMax} bytes.`;
    throw new AwsError('InvalidParameterValue', reason);
  }
}
