/** SQS: the queues of the template, what became of messages that were given up, and moving those back. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { AwsError } from '../aws-json.ts';
import type { Message } from './message.ts';
import { Queue, type QueueSettings } from './queue.ts';

export interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn: string | undefined;
  readonly startedAt: number;
  readonly moved: number;
}

const SAVE_AFTER_MS = 100;

export class Queues {
  readonly #file: string | undefined;
  readonly #queues = new Map<string, Queue>();
  readonly #tasks: MoveTask[] = [];
  readonly #kept: Readonly<Record<string, readonly Message[]>>;
  #timer: NodeJS.Timeout | undefined;
  #saveMs = 0;

  /** `file` keeps messages from one run to the next. */
  constructor(file?: string) {
    this.#file = file;
    this.#kept = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  }

  create(settings: QueueSettings): Queue {
    const queue = new Queue(settings, {
      giveUp: (message) => this.#giveUp(queue, message),
      changed: () => this.#changed(),
    });
    this.#queues.set(settings.name, queue);
    for (const message of this.#kept[settings.name] ?? []) queue.adopt(message);
    return queue;
  }

  list(): readonly Queue[] {
    return [...this.#queues.values()];
  }

  /** By name, ARN or URL. A URL of an earlier run, with another port, is as good. */
  find(reference: string): Queue {
    const found = this.#queues.get(reference.split(/[:/]/).at(-1) ?? '');
    if (found) return found;
    throw new AwsError('QueueDoesNotExist', `The specified queue does not exist: ${reference}`);
  }

  /** The queues whose messages are given up into this one. */
  sourcesOf(deadLetters: Queue): readonly Queue[] {
    return this.list().filter(({ settings }) => settings.deadLetters?.arn === deadLetters.settings.arn);
  }

  /** Moves at once what isn't hidden, back to where each message came from unless told where to. */
  move(sourceArn: string, destinationArn: string | undefined): MoveTask {
    const source = this.find(sourceArn);
    if (this.sourcesOf(source).length === 0) {
      throw new AwsError('UnsupportedOperation', 'Source queue must be configured as a Dead Letter Queue.');
    }
    const destination = destinationArn === undefined ? undefined : this.find(destinationArn);
    const messages = source.takeVisible();
    for (const { body, attributes, deadLetterSourceArn = '' } of messages) {
      (destination ?? this.find(deadLetterSourceArn)).send({ body, attributes });
    }
    const task = { handle: randomUUID(), sourceArn, destinationArn, startedAt: Date.now(), moved: messages.length };
    this.#tasks.unshift(task);
    return task;
  }

  tasksOf(sourceArn: string): readonly MoveTask[] {
    return this.#tasks.filter((task) => task.sourceArn === sourceArn);
  }

  save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#file === undefined) return;
    const before = performance.now();
    const messages = Object.fromEntries(this.list().map(({ settings, messages }) => [settings.name, messages]));
    writeFileSync(`${this.#file}.next`, JSON.stringify(messages));
    renameSync(`${this.#file}.next`, this.#file);
    this.#saveMs = performance.now() - before;
  }

  #changed(): void {
    if (this.#file === undefined) return;
    // Long queues are written less often, so that writing never takes more than a twentieth of the time.
    this.#timer ??= setTimeout(() => this.save(), Math.max(SAVE_AFTER_MS, 20 * this.#saveMs));
  }

  #giveUp({ settings }: Queue, message: Message): void {
    const { deadLetters, arn } = settings;
    if (!deadLetters) return;
    const given = { ...message, visibleAt: Date.now(), receiveCount: 0, receiptHandle: undefined };
    this.find(deadLetters.arn).adopt({ ...given, firstReceivedAt: undefined, deadLetterSourceArn: arn });
  }
}
