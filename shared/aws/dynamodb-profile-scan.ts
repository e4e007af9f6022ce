/** All profiles of a sandbox, by scanning the table: the price of an operation that is run after an outage, not daily. */
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { ProfileScan, ProfileScanPage } from '#shared/profile/profile-scan.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';

export class DynamoProfileScan implements ProfileScan {
  readonly #table: string;
  readonly #client: DynamoDBClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = client;
  }

  async page(sandboxName: string, after: string | undefined, limit: number): Promise<ProfileScanPage> {
    const { Items = [], LastEvaluatedKey } = await this.#client.send(
      new ScanCommand({
        TableName: this.#table,
        ProjectionExpression: 'pk',
        // What was merged into another profile is no profile any more.
        FilterExpression: 'sk = :state AND begins_with(pk, :sandbox) AND attribute_not_exists(leadsTo)',
        ExpressionAttributeValues: { ':state': { S: 'H' }, ':sandbox': { S: `${sandboxName}#` } },
        ExclusiveStartKey: after === undefined ? undefined : keyAt(after),
        Limit: limit,
      }),
    );
    const { pk, sk } = LastEvaluatedKey ?? {};
    return {
      keys: Items.map((item) => profileKey(item.pk?.S as string)),
      next: pk?.S === undefined ? undefined : `${sk?.S}${pk.S}`,
    };
  }
}

/** A position is the sort key, one letter, and the partition key. */
const keyAt = (position: string) => ({ pk: { S: position.slice(1) }, sk: { S: position.slice(0, 1) } });

export function profileKey(pk: string): ProfileKey {
  const at = pk.indexOf('#');
  return { sandboxName: pk.slice(0, at), profileId: pk.slice(at + 1) };
}
