/** Deletes items past their time to live by the service's clock: the engine never does. */

import { AwsError } from '../aws-json.ts';
import type { Call } from '../aws-json-client.ts';

export interface ExpiringTable {
  readonly tableName: string;
  readonly attribute: string;
  readonly keyNames: readonly string[];
}

type Item = Readonly<Record<string, object>>;

/** Returns how many items were deleted. */
export async function deleteExpired(call: Call, table: ExpiringTable, now: number): Promise<number> {
  let deleted = 0;
  let start: Item | undefined;
  do {
    const page = await call<{ Items: Item[]; LastEvaluatedKey?: Item }>('Scan', scanOf(table, now, start));
    for (const item of page.Items) deleted += await deleteIfExpired(call, table, { item, now });
    start = page.LastEvaluatedKey;
  } while (start);
  return deleted;
}

function scanOf({ tableName, attribute, keyNames }: ExpiringTable, now: number, start: Item | undefined): object {
  return {
    TableName: tableName,
    FilterExpression: '#ttl < :now',
    ProjectionExpression: keyNames.map((_, index) => `#k${index}`).join(', '),
    ExpressionAttributeNames: {
      '#ttl': attribute,
      ...Object.fromEntries(keyNames.map((name, index) => [`#k${index}`, name])),
    },
    ExpressionAttributeValues: { ':now': { N: String(Math.floor(now / 1000)) } },
    ...(start && { ExclusiveStartKey: start }),
  };
}

async function deleteIfExpired(
  call: Call,
  { tableName, attribute }: ExpiringTable,
  { item, now }: { readonly item: Item; readonly now: number },
): Promise<number> {
  try {
    await call('DeleteItem', {
      TableName: tableName,
      Key: item,
      ConditionExpression: '#ttl < :now',
      ExpressionAttributeNames: { '#ttl': attribute },
      ExpressionAttributeValues: { ':now': { N: String(Math.floor(now / 1000)) } },
    });
    return 1;
  } catch (error) {
    // Somebody gave it more time since it was read.
    if (error instanceof AwsError && error.type === 'ConditionalCheckFailedException') return 0;
    throw error;
  }
}
