/** The queue of deliveries: who is to be told of what part of the feed, and when to try again. */
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeliveryMessage, DeliveryQueue } from '#shared/activation/delivery-lane.ts';
import { inBatches } from './dynamodb-batches.ts';

const ENTRIES_MAX = 10;

export class SqsDeliveryQueue implements DeliveryQueue {
  readonly #url: string;
  readonly #client: SQSClient;

  constructor(url: string, client = new SQSClient({})) {
    this.#url = url;
    this.#client = client;
  }

  async send(messages: readonly DeliveryMessage[], delaySeconds = 0): Promise<void> {
    for (const batch of inBatches(messages, ENTRIES_MAX)) {
      const Entries = batch.map((message, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(message),
        DelaySeconds: delaySeconds,
      }));
      const { Failed = [] } = await this.#client.send(new SendMessageBatchCommand({ QueueUrl: this.#url, Entries }));
      if (Failed.length > 0) throw new Error(`${Failed.length} deliveries were turned away by their queue`);
    }
  }
}
