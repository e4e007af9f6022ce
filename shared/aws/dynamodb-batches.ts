/** Batches as DynamoDB takes them: so many keys a call, and whatever it did not get to asked for again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

const KEYS_MAX = 100;
const ROUNDS_MAX = 12;
const BACKOFF_MS = 25;

export function inBatches<Entry>(entries: readonly Entry[], size: number): readonly (readonly Entry[])[] {
  const batches: Entry[][] = [];
  for (let start = 0; start < entries.length; start += size) batches.push(entries.slice(start, start + size));
  return batches;
}

/** Every item that exists under the keys, in no order. Consistent. Throws where throttling outlasts the patience. */
export async function batchGet(client: DynamoDBClient, table: string, keys: readonly Item[]): Promise<readonly Item[]> {
  const pages = await Promise.all(inBatches(keys, KEYS_MAX).map((batch) => getBatch(client, table, batch)));
  return pages.flat();
}

async function getBatch(client: DynamoDBClient, table: string, keys: readonly Item[]): Promise<readonly Item[]> {
  const items: Item[] = [];
  let missing: readonly Item[] = keys;
  for (let round = 0; missing.length > 0; round++) {
    if (round === ROUNDS_MAX)
      throw new Error(`${missing.length} keys of ${table} were not read in ${ROUNDS_MAX} rounds`);
    if (round > 0) await sleep(BACKOFF_MS * 2 ** round);
    const request = { [table]: { Keys: [...missing], ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems: request }));
    items.push(...(Responses?.[table] ?? []));
    missing = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return items;
}
