/** Rows of the change feed in order, such that a reader who moves on has missed nothing. */
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, QueryCommand, TransactGetCommand } from '@aws-sdk/lib-dynamodb';
import type { SandboxName } from '#shared/kernel/brand.ts';

interface Row {
  readonly sequence: number;
  readonly change: { readonly time?: string | number; readonly [field: string]: unknown };
}

interface Position {
  readonly sandboxName: SandboxName;
  readonly shard: number;
  readonly after: number;
}

export class DynamoChangeReader {
  readonly #table: string;
  readonly #now: () => number;
  readonly #client: DynamoDBDocumentClient;

  /** `now` in epoch milliseconds: rows past their retention are skipped, whether or not they are already gone. */
  constructor(table: string, now: () => number, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#now = now;
    this.#client = DynamoDBDocumentClient.from(client);
  }

  /**
   * A query may see some rows of a transaction before the others, so a gap may be one that fills in a moment. Rows are
   * deleted only by age, from the front; hence a gap between rows ends the answer, and one at the front is looked into.
   */
  async read({ sandboxName, shard, after }: Position, limit: number): Promise<readonly Row[]> {
    const pk = `${sandboxName}#${shard}`;
    const rows = await this.#query(pk, after, limit);
    const [first] = rows;
    if (first === undefined) return [];
    if (first.sequence !== after + 1 && !(await this.#isGone(pk, first.sequence - 1))) return [];
    const gap = rows.findIndex(({ sequence }, index) => sequence !== first.sequence + index);
    return gap < 0 ? rows : rows.slice(0, gap);
  }

  /** The last sequence that was given. */
  async head(sandboxName: SandboxName, shard: number): Promise<number> {
    const Key = { pk: `${sandboxName}#${shard}`, sk: 0 };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return (Item?.sequence as number | undefined) ?? 0;
  }

  async #query(pk: string, after: number, limit: number): Promise<Row[]> {
    const rows: Row[] = [];
    let position: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND sk > :after',
          // `expiresAt` is in seconds, as DynamoDB wants it.
          FilterExpression: 'expiresAt > :now',
          ExpressionAttributeValues: { ':pk': pk, ':after': after, ':now': Math.floor(this.#now() / 1000) },
          Limit: limit,
          ...(position && { ExclusiveStartKey: position }),
        }),
      );
      for (const { sk, change } of Items) rows.push({ sequence: sk as number, change: JSON.parse(change as string) });
      position = LastEvaluatedKey;
    } while (rows.length < limit && position !== undefined);
    return rows.slice(0, limit);
  }

  /** Whether the row is deleted or expired, and not merely on its way: only a transactional read waits for that. */
  async #isGone(pk: string, sequence: number): Promise<boolean> {
    try {
      const Get = { TableName: this.#table, Key: { pk, sk: sequence } };
      const { Responses = [] } = await this.#client.send(new TransactGetCommand({ TransactItems: [{ Get }] }));
      const item = Responses[0]?.Item;
      return item === undefined || (item.expiresAt as number) <= Math.floor(this.#now() / 1000);
    } catch (error) {
      if (error instanceof TransactionCanceledException) return false;
      throw error;
    }
  }
}
