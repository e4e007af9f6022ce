/** A token bucket that every process shares: one number in the table `control`. */
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { costMs, type Rate, reserve, type TokenBucket } from '#shared/batch/token-bucket.ts';
import { conditionHeld } from './conditional-writes.ts';
import { SERVICE_PARTITION } from './control-items.ts';

export class DynamoTokenBucket implements TokenBucket {
  readonly #table: string;
  readonly #name: string;
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #client: DynamoDBClient;

  constructor(table: string, name: string, rate: Rate, now: () => number, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#name = name;
    this.#rate = rate;
    this.#now = now;
    this.#client = client;
  }

  /** Adding never meets another's write, so that many processes may take at once. */
  async take(units: number): Promise<number> {
    const now = this.#now();
    const { Attributes } = await this.#client.send(
      new UpdateItemCommand({
        ...this.#item,
        UpdateExpression: 'ADD paidAt :cost',
        ExpressionAttributeValues: { ':cost': { N: String(costMs(units, this.#rate)) } },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    const paidAt = Number(Attributes?.paidAt?.N);
    const { paidAt: wanted, waitMs } = reserve(paidAt - costMs(units, this.#rate), now, units, this.#rate);
    if (wanted > paidAt) await this.#catchUp(wanted);
    return waitMs;
  }

  /** After a pause nothing of it is left to take but the burst. */
  async #catchUp(paidAt: number): Promise<void> {
    const update = new UpdateItemCommand({
      ...this.#item,
      UpdateExpression: 'SET paidAt = :wanted',
      ConditionExpression: 'paidAt < :wanted',
      ExpressionAttributeValues: { ':wanted': { N: String(paidAt) } },
    });
    await conditionHeld(this.#client.send(update));
  }

  get #item() {
    return { TableName: this.#table, Key: { pk: { S: SERVICE_PARTITION }, sk: { S: `RATE#${this.#name}` } } };
  }
}
