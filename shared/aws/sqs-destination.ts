/** Events on somebody's SQS queue, a message each. */
import { GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { CloudEvent } from '#shared/activation/change-event.ts';
import { type DeliveryResult, delivered, failed } from '#shared/activation/delivery.ts';

const ENTRIES_MAX = 10;
/** Of a call, and so of each message; queues of older accounts take no more. */
const BYTES_MAX = 256 * 1024;

export class SqsDestination {
  readonly #client: SQSClient;
  readonly #urls = new Map<string, string>();

  constructor(client = new SQSClient({})) {
    this.#client = client;
  }

  async deliver(queueName: string, events: readonly CloudEvent[]): Promise<DeliveryResult> {
    const QueueUrl = await this.#urlOf(queueName);
    for (const bodies of callsOf(events.map((event) => JSON.stringify(event)))) {
      const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      const { Failed = [] } = await this.#client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      const [first] = Failed;
      if (first !== undefined) {
        return failed(`the queue ${queueName} did not take ${Failed.length} messages, the first for ${first.Code}`);
      }
    }
    return delivered();
  }

  async #urlOf(queueName: string): Promise<string> {
    const known = this.#urls.get(queueName);
    if (known !== undefined) return known;
    const { QueueUrl = '' } = await this.#client.send(new GetQueueUrlCommand({ QueueName: queueName }));
    this.#urls.set(queueName, QueueUrl);
    return QueueUrl;
  }
}

function callsOf(bodies: readonly string[]): readonly (readonly string[])[] {
  const calls: string[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const last = calls.at(-1);
    if (last !== undefined && last.length < ENTRIES_MAX && bytes + size <= BYTES_MAX) {
      last.push(body);
      bytes += size;
    } else {
      calls.push([body]);
      bytes = size;
    }
  }
  return calls;
}
