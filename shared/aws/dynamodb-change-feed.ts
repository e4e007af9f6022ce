/**
 * The change feed in the table `changes`: rows of a shard under ascending sequence numbers from 1, and at 0 the head.
 *
 * Rows and head are written in one transaction on condition of the head, so a sequence number is never visible before
 * every smaller one is: a reader's cursor never skips. The head remembers the ids it took lately, for stream records are
 * delivered again after a failure.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { PublishedChange } from '#shared/segment/membership-change.ts';
import { transactionHeld } from './conditional-writes.ts';
import { type Item, inBatches } from './dynamodb-batches.ts';

/** A transaction takes 100 items, one of them the head. */
const ROWS_MAX = 99;
const RECENT_MAX = 400;
const ID_BYTES = 8;
const ATTEMPTS_MAX = 20;
const BACKOFF_MS = 10;
export const RETAINED_SECONDS = 7 * 86_400;

interface Head {
  readonly sequence: number;
  /** Digests of the ids taken last, the newest at the end. */
  readonly recent: Uint8Array;
}

export class DynamoChangeFeed {
  readonly #table: string;
  readonly #now: () => number;
  readonly #client: DynamoDBClient;

  constructor(table: string, now: () => number, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#now = now;
    this.#client = client;
  }

  async append(sandboxName: string, shard: number, changes: readonly PublishedChange[]): Promise<void> {
    for (const batch of inBatches(changes, ROWS_MAX)) await this.#appendBatch(`${sandboxName}#${shard}`, batch);
  }

  async #appendBatch(pk: string, changes: readonly PublishedChange[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const head = await this.#readHead(pk);
      const taken = digestsOf(head.recent);
      const unique = [...new Map(changes.map((change) => [change.id, change])).values()];
      const fresh = unique.filter(({ id }) => !taken.has(digest(id)));
      if (fresh.length === 0 || (await this.#write(pk, head, fresh))) return;
      if (attempt === ATTEMPTS_MAX) throw new Error(`the feed ${pk} was taken by others ${ATTEMPTS_MAX} times`);
      await sleep(BACKOFF_MS * Math.random() * 2 ** Math.min(attempt, 6));
    }
  }

  async #readHead(pk: string): Promise<Head> {
    const Key = { pk: { S: pk }, sk: { N: '0' } };
    const { Item } = await this.#client.send(new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return { sequence: Number(Item?.sequence?.N ?? 0), recent: Item?.recent?.B ?? new Uint8Array() };
  }

  /** False if another writer was faster. */
  async #write(pk: string, head: Head, changes: readonly PublishedChange[]): Promise<boolean> {
    const expiresAt = { N: String(Math.ceil(this.#now() / 1000) + RETAINED_SECONDS) };
    const rows = changes.map(
      (change, index): Item => ({
        pk: { S: pk },
        sk: { N: String(head.sequence + 1 + index) },
        change: { S: JSON.stringify(change) },
        expiresAt,
      }),
    );
    const puts = rows.map((Item) => ({ Put: { TableName: this.#table, Item } }));
    const TransactItems = [this.#headWrite(pk, head, changes), ...puts];
    return transactionHeld(this.#client.send(new TransactWriteItemsCommand({ TransactItems })));
  }

  #headWrite(pk: string, { sequence, recent }: Head, changes: readonly PublishedChange[]) {
    const digests = Buffer.concat([recent, ...changes.map(({ id }) => Buffer.from(digest(id), 'hex'))]);
    const Item: Item = {
      pk: { S: pk },
      sk: { N: '0' },
      sequence: { N: String(sequence + changes.length) },
      recent: { B: digests.subarray(Math.max(0, digests.length - RECENT_MAX * ID_BYTES)) },
    };
    const unchanged =
      sequence === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: '#sequence = :sequence', ...valuesOf(sequence) };
    return { Put: { TableName: this.#table, Item, ...unchanged } };
  }
}

const valuesOf = (sequence: number) => ({
  ExpressionAttributeNames: { '#sequence': 'sequence' },
  ExpressionAttributeValues: { ':sequence': { N: String(sequence) } },
});

const digest = (id: string) =>
  createHash('sha256')
    .update(id)
    .digest('hex')
    .slice(0, ID_BYTES * 2);

function digestsOf(recent: Uint8Array): ReadonlySet<string> {
  const hex = Buffer.from(recent).toString('hex');
  return new Set(hex.match(new RegExp(`.{${ID_BYTES * 2}}`, 'g')));
}
