/** The sparse index `due` of the profiles table. Eventually consistent: an entry that is seen late is sent late. */
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { type ProfileKey, profileKeyText } from '#shared/profile/profile-store.ts';
import type { Item } from './dynamodb-batches.ts';

export interface DueEntry {
  readonly key: ProfileKey;
  /** Epoch milliseconds. */
  readonly dueAt: number;
}

export class DynamoDueIndex {
  readonly #table: string;
  readonly #client: DynamoDBClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = client;
  }

  /** At most `limit` entries, the longest overdue first, behind `after`. */
  async find(shard: number, at: number, limit: number, after?: DueEntry): Promise<readonly DueEntry[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'due',
        KeyConditionExpression: 'dueShard = :shard AND dueAt <= :at',
        ExpressionAttributeValues: { ':shard': { N: String(shard) }, ':at': { N: String(at) } },
        Limit: limit,
        ExclusiveStartKey: after && indexKey(shard, after),
      }),
    );
    return Items.map(({ pk, dueAt }) => ({ key: keyOf(pk?.S as string), dueAt: Number(dueAt?.N) }));
  }
}

function indexKey(shard: number, { key, dueAt }: DueEntry): Item {
  const item = { pk: { S: profileKeyText(key) }, sk: { S: 'H' } };
  return { ...item, dueShard: { N: String(shard) }, dueAt: { N: String(dueAt) } };
}

function keyOf(pk: string): ProfileKey {
  const at = pk.indexOf('#');
  return { sandboxName: pk.slice(0, at), profileId: pk.slice(at + 1) };
}
