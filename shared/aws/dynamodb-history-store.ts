/** History chunks in the table `history`, by the time of their newest event. */
import { DeleteItemCommand, DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { decodeChunk, encodeChunk, type HistoryChunk } from '#shared/profile/history.ts';
import { unpackEvent } from '#shared/profile/packed-event.ts';
import {
  type HistoryEraser,
  type HistoryStore,
  type ProfileKey,
  profileKeyText,
} from '#shared/profile/profile-store.ts';
import type { Item } from './dynamodb-batches.ts';

/** Puts every instant that a Date can hold in text order. */
const INSTANT_OFFSET = 8.64e15;
const sortKey = (instant: number, version: number) =>
  `${String(instant + INSTANT_OFFSET).padStart(17, '0')}#${String(version).padStart(12, '0')}`;

/** Readers filter by retention; the table's own expiry only tidies, some days later. */
const TIDY_AFTER_MS = 7 * 86_400_000;

export class DynamoHistoryStore implements HistoryStore, HistoryEraser {
  readonly #table: string;
  readonly #retentionMs: number;
  readonly #client: DynamoDBClient;

  constructor(table: string, retentionMs: number, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#retentionMs = retentionMs;
    this.#client = client;
  }

  async append(key: ProfileKey, { oldest, newest, version, events }: HistoryChunk): Promise<void> {
    const expiresAt = Math.ceil((newest + this.#retentionMs + TIDY_AFTER_MS) / 1000);
    const Item: Item = {
      pk: { S: profileKeyText(key) },
      sk: { S: sortKey(newest, version) },
      oldest: { N: String(oldest) },
      newest: { N: String(newest) },
      version: { N: String(version) },
      data: { B: encodeChunk(events) },
      expiresAt: { N: String(expiresAt) },
    };
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
  }

  async read(key: ProfileKey, containing?: number): Promise<readonly HistoryChunk[]> {
    const chunks: HistoryChunk[] = [];
    const from = containing === undefined ? '' : ' AND sk >= :from';
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: `pk = :pk${from}`,
      ...(containing === undefined ? {} : { FilterExpression: 'oldest <= :instant' }),
      ExpressionAttributeValues: { ':pk': { S: profileKeyText(key) }, ...rangeOf(containing) },
    };
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query))
      chunks.push(...Items.map(chunkOf));
    return chunks;
  }

  async keepOnly(key: ProfileKey, isKept: (event: StoredEvent) => boolean): Promise<number> {
    let removed = 0;
    for (const chunk of await this.read(key)) {
      const events = chunk.events.filter(({ packed }) => isKept(unpackEvent(packed)));
      removed += chunk.events.length - events.length;
      if (events.length === chunk.events.length) continue;
      // Under the key that it had, which its times need not tell any more.
      const Key = { pk: { S: profileKeyText(key) }, sk: { S: sortKey(chunk.newest, chunk.version) } };
      if (events.length === 0) await this.#client.send(new DeleteItemCommand({ TableName: this.#table, Key }));
      else await this.append(key, { ...chunk, events });
    }
    return removed;
  }
}

function rangeOf(containing: number | undefined): Item {
  if (containing === undefined) return {};
  return { ':from': { S: sortKey(containing, 0) }, ':instant': { N: String(containing) } };
}

function chunkOf({ oldest, newest, version, data }: Item): HistoryChunk {
  return {
    oldest: Number(oldest?.N),
    newest: Number(newest?.N),
    version: Number(version?.N),
    events: decodeChunk(data?.B as Uint8Array),
  };
}
