/** Item `E` of the table `profiles`: that a profile is to be erased, and what it left once it was. */
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  type ErasureOrder,
  type ErasureOrders,
  type ProfileKey,
  profileKeyText,
} from '#shared/profile/profile-store.ts';
import { conditionHeld } from './conditional-writes.ts';
import type { Item } from './dynamodb-batches.ts';

const keyOf = (key: ProfileKey): Item => ({ pk: { S: profileKeyText(key) }, sk: { S: 'E' } });

export const erasureOrderItem = (key: ProfileKey, order: ErasureOrder): Item => ({
  ...keyOf(key),
  jobId: { S: order.jobId },
  ...(order.estate !== undefined && { hasEstate: { BOOL: true } }),
  data: { S: JSON.stringify(order) },
});

export class DynamoErasureOrders implements ErasureOrders {
  readonly #table: string;
  readonly #client: DynamoDBClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = client;
  }

  async find(key: ProfileKey): Promise<ErasureOrder | undefined> {
    const get = new GetItemCommand({ TableName: this.#table, Key: keyOf(key), ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return Item?.data?.S === undefined ? undefined : (JSON.parse(Item.data.S) as ErasureOrder);
  }

  async put(key: ProfileKey, order: ErasureOrder): Promise<void> {
    const Item = erasureOrderItem(key, order);
    const ConditionExpression = 'attribute_not_exists(hasEstate)';
    await conditionHeld(this.#client.send(new PutItemCommand({ TableName: this.#table, Item, ConditionExpression })));
  }

  async remove(key: ProfileKey, jobId: string): Promise<void> {
    const remove = new DeleteItemCommand({
      TableName: this.#table,
      Key: keyOf(key),
      ConditionExpression: 'jobId = :jobId',
      ExpressionAttributeValues: { ':jobId': { S: jobId } },
    });
    await conditionHeld(this.#client.send(remove));
  }
}
