/** Write keys in the table `control`. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { SandboxName } from '#shared/kernel/brand.ts';
import {
  digestOf,
  idOfSortKey,
  WRITE_KEY_PARTITION,
  type WriteKeyItem,
  writeKeyItem,
  writeKeySortKey,
} from './write-key-item.ts';

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

export class DynamoWriteKeys {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client);
  }

  /** The sandbox that the key opens. */
  async find(writeKey: string): Promise<SandboxName | undefined> {
    const Key = { pk: WRITE_KEY_PARTITION, sk: writeKeySortKey(digestOf(writeKey)) };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return (Item as WriteKeyItem | undefined)?.sandboxName;
  }

  async create(sandboxName: SandboxName, writeKey: string, named: Omit<Entry, 'id'>): Promise<Entry> {
    const Item = writeKeyItem(writeKey, { sandboxName, ...named });
    const ConditionExpression = 'attribute_not_exists(pk)';
    await this.#client.send(new PutCommand({ TableName: this.#table, Item, ConditionExpression }));
    return { ...named, id: idOfSortKey(Item.sk) };
  }

  async list(sandboxName: SandboxName): Promise<readonly Entry[]> {
    const items = await this.#query('');
    return items
      .filter((item) => item.sandboxName === sandboxName)
      .map(({ sk, name, createdAt }) => ({ id: idOfSortKey(sk), name, createdAt }));
  }

  /** False if the sandbox has no such key. */
  async delete(sandboxName: SandboxName, id: string): Promise<boolean> {
    const items = await this.#query(id);
    const found = items.find((item) => item.sandboxName === sandboxName && idOfSortKey(item.sk) === id);
    if (found === undefined) return false;
    const Key = { pk: found.pk, sk: found.sk };
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key }));
    return true;
  }

  async #query(idPrefix: string): Promise<readonly WriteKeyItem[]> {
    const items: WriteKeyItem[] = [];
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :partition AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':partition': WRITE_KEY_PARTITION, ':prefix': writeKeySortKey(idPrefix) },
    };
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      items.push(...(Items as WriteKeyItem[]));
    }
    return items;
  }
}
