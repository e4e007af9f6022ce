/** The change feed from an instant on: where that is in a shard is found by halving, for rows say when they expire. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { RETAINED_SECONDS } from './dynamodb-change-feed.ts';
import { DynamoChangeReader } from './dynamodb-change-reader.ts';

interface Span {
  readonly after: number;
  readonly to: number;
}

export class DynamoMemberFeed {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;
  readonly #reader: DynamoChangeReader;

  constructor(table: string, now: () => number, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client);
    this.#reader = new DynamoChangeReader(table, now, client);
  }

  async since(sandboxName: string, shard: number, instant: number): Promise<Span> {
    const pk = `${sandboxName}#${shard}`;
    const expiresFrom = Math.floor(instant / 1000) + RETAINED_SECONDS;
    const to = await this.#head(pk);
    const newest = to === 0 ? undefined : await this.#firstFrom(pk, to);
    if (newest === undefined || newest.expiresAt < expiresFrom) return { after: to, to };
    let low = 1;
    let high = to + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = await this.#firstFrom(pk, middle);
      if (row !== undefined && row.expiresAt < expiresFrom) low = row.sequence + 1;
      // Rows before the one that was found are gone, or there is none: the first wanted one is no later.
      else high = middle;
    }
    return { after: Math.min(low - 1, to), to };
  }

  async read(sandboxName: string, shard: number, { after, to }: Span, limit: number) {
    const position = { sandboxName: sandboxName as SandboxName, shard, after };
    const rows = await this.#reader.read(position, Math.min(limit, to - after));
    return rows.filter(({ sequence }) => sequence <= to);
  }

  async #head(pk: string): Promise<number> {
    const Key = { pk, sk: 0 };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Number(Item?.sequence ?? 0);
  }

  async #firstFrom(pk: string, sequence: number) {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk >= :from',
        ExpressionAttributeValues: { ':pk': pk, ':from': sequence },
        ProjectionExpression: 'sk, expiresAt',
        Limit: 1,
      }),
    );
    const [row] = Items;
    return row && { sequence: Number(row.sk), expiresAt: Number(row.expiresAt) };
  }
}
