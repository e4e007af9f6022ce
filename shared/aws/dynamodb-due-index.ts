/** The sparse index `due` of the profiles table. Eventually consistent: an entry that is seen late is sent late. */
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { ProfileKey } from '#shared/profile/profile-store.ts';

export class DynamoDueIndex {
  readonly #table: string;
  readonly #client: DynamoDBClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = client;
  }

  async find(shard: number, at: number, limit: number): Promise<readonly { key: ProfileKey; dueAt: number }[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'due',
        KeyConditionExpression: 'dueShard = :shard AND dueAt <= :at',
        ExpressionAttributeValues: { ':shard': { N: String(shard) }, ':at': { N: String(at) } },
        Limit: limit,
      }),
    );
    return Items.map(({ pk, dueAt }) => ({ key: keyOf(pk?.S as string), dueAt: Number(dueAt?.N) }));
  }
}

function keyOf(pk: string): ProfileKey {
  const at = pk.indexOf('#');
  return { sandboxName: pk.slice(0, at), profileId: pk.slice(at + 1) };
}
