/**
 * Whole segments of the table `profiles`, as DynamoDB cuts its hash space for parallel scans: every item of a profile is in
 * one segment, and each profile in exactly one. Read as of a moment ago (eventually consistent), at half the price.
 */
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { ProfileSegment, ProfileSegments, SegmentProfile } from '#shared/profile/profile-segments.ts';
import type { Item } from './dynamodb-batches.ts';
import { profileKey } from './dynamodb-profile-scan.ts';
import { storedProfile } from './dynamodb-profile-store.ts';

/** Most profiles have two items: state and attributes. */
const ITEMS_PER_PROFILE = 2;

export class DynamoProfileSegments implements ProfileSegments {
  readonly #table: string;
  readonly #client: DynamoDBClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = client;
  }

  async read(sandboxName: string, segment: number, totalSegments: number): Promise<ProfileSegment> {
    const items: Item[] = [];
    let others = 0;
    const scan = {
      TableName: this.#table,
      Segment: segment,
      TotalSegments: totalSegments,
      FilterExpression: 'begins_with(pk, :sandbox)',
      ExpressionAttributeValues: { ':sandbox': { S: `${sandboxName}#` } },
    };
    for await (const { Items = [], ScannedCount = 0 } of paginateScan({ client: this.#client }, scan)) {
      items.push(...Items);
      others += ScannedCount - Items.length;
    }
    const profiles = profilesIn(items);
    return { profiles, scanned: profiles.length + Math.ceil(others / ITEMS_PER_PROFILE) };
  }
}

function profilesIn(items: readonly Item[]): readonly SegmentProfile[] {
  const besides = (kind: string) => new Map(items.filter(({ sk }) => sk?.S === kind).map((item) => [item.pk?.S, item]));
  const [attributes, batch] = [besides('A'), besides('B')];
  return items
    .filter(({ sk, leadsTo, erasedAt }) => sk?.S === 'H' && leadsTo === undefined && erasedAt === undefined)
    .map((item) => ({
      key: profileKey(item.pk?.S as string),
      stored: storedProfile(item, attributes.get(item.pk?.S), batch.get(item.pk?.S)),
    }));
}
