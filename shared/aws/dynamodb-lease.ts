/** One holder at a time, for a while: an item in the table `control` that says who and until when. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { conditionHeld } from './conditional-writes.ts';
import { SERVICE_PARTITION } from './control-items.ts';

export class DynamoLease {
  readonly #table: string;
  readonly #name: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, name: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#name = name;
    this.#client = DynamoDBDocumentClient.from(client);
  }

  /** True if `holder` has the lease until the instant: it was free, run out, or its own. Epoch milliseconds. */
  async acquire(holder: string, now: number, until: number): Promise<boolean> {
    const put = new PutCommand({
      TableName: this.#table,
      Item: { pk: SERVICE_PARTITION, sk: `LEASE#${this.#name}`, holder, heldUntil: until },
      ConditionExpression: 'attribute_not_exists(pk) OR heldUntil < :now OR holder = :holder',
      ExpressionAttributeValues: { ':now': now, ':holder': holder },
    });
    return conditionHeld(this.#client.send(put));
  }
}
