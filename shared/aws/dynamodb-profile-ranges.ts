/** Whole profiles by parallel scan: the items of one lie beside each other, and the last one of a page may be cut in two. */
import { DescribeTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { ProfileRanges, ScanRange, WholeProfilePage } from '#shared/profile/profile-scan.ts';
import { isSomebody, type ProfileKey, profileKeyText, type StoredProfile } from '#shared/profile/profile-store.ts';
import type { Item } from './dynamodb-batches.ts';
import { DynamoProfileStore, storedProfileOf } from './dynamodb-profile-store.ts';

/** The greatest sort key of a profile: with it the profile is whole. */
const LAST_KIND = 'H';

export class DynamoProfileRanges implements ProfileRanges {
  readonly #table: string;
  readonly #client: DynamoDBClient;
  readonly #profiles: DynamoProfileStore;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = client;
    this.#profiles = new DynamoProfileStore(table, client);
  }

  async size(): Promise<number> {
    const { Table } = await this.#client.send(new DescribeTableCommand({ TableName: this.#table }));
    return Table?.ItemCount ?? 0;
  }

  async page(
    sandboxName: string,
    { range, ranges }: ScanRange,
    after: string | undefined,
    limit: number,
  ): Promise<WholeProfilePage> {
    const {
      Items = [],
      LastEvaluatedKey,
      ConsumedCapacity,
    } = await this.#client.send(
      new ScanCommand({
        TableName: this.#table,
        Segment: range,
        TotalSegments: ranges,
        ExclusiveStartKey: after === undefined ? undefined : keyAt(after),
        Limit: limit,
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    const whole = LastEvaluatedKey === undefined ? Items : withoutCutOff(Items);
    const profiles = await this.#whole(whole, sandboxName);
    const next = LastEvaluatedKey === undefined ? undefined : positionAfter(whole);
    return { profiles, next, readUnits: ConsumedCapacity?.CapacityUnits ?? 0 };
  }

  async #whole(items: readonly Item[], sandboxName: string): Promise<WholeProfilePage['profiles']> {
    const byKey = new Map<string, Item[]>();
    for (const item of items) {
      const key = item.pk?.S as string;
      if (key.startsWith(`${sandboxName}#`)) byKey.set(key, [...(byKey.get(key) ?? []), item]);
    }
    const read = [...byKey].map(([key, of]) => [keyOf(key), storedProfileOf(of)] as const);
    const torn = read.flatMap(([key, stored]) => (stored === 'torn' ? [key] : []));
    const again =
      torn.length === 0 ? new Map<string, StoredProfile>() : await this.#profiles.read(torn, { withBatch: () => true });
    return read.flatMap(([key, stored]) => {
      const whole = stored === 'torn' ? again.get(profileKeyText(key)) : stored;
      // What was merged into another profile is no profile any more.
      return whole === undefined || !isSomebody(whole) ? [] : [[key, whole] as const];
    });
  }
}

/**
 * Up to the last item that ends a profile: those behind it come again with the next page. Where no profile ends, because
 * its items are as large as a page, its state comes without the rest, is torn, and is read by itself.
 */
function withoutCutOff(items: readonly Item[]): readonly Item[] {
  const last = items.findLastIndex(({ sk }) => sk?.S === LAST_KIND);
  return last < 0 ? items : items.slice(0, last + 1);
}

function positionAfter(items: readonly Item[]): string {
  const { pk, sk } = items.at(-1) as Item;
  return `${sk?.S}${pk?.S}`;
}

/** A position is the sort key, one letter, and the partition key. */
const keyAt = (position: string) => ({ pk: { S: position.slice(1) }, sk: { S: position.slice(0, 1) } });

function keyOf(pk: string): ProfileKey {
  const at = pk.indexOf('#');
  return { sandboxName: pk.slice(0, at), profileId: pk.slice(at + 1) };
}
