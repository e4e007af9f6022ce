/** How far the walk over a sandbox's profiles is, in the table `control`. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Backfill, BackfillStore } from '#shared/batch/backfill.ts';
import { conditionHeld } from './conditional-writes.ts';

const SORT_KEY = 'BACKFILL';

export class DynamoBackfillStore implements BackfillStore {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  async find(sandboxName: string): Promise<Backfill | undefined> {
    const Key = { pk: sandboxName, sk: SORT_KEY };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item?.backfill as Backfill | undefined;
  }

  async put(sandboxName: string, before: Backfill | undefined, after: Backfill): Promise<boolean> {
    const Item = { pk: sandboxName, sk: SORT_KEY, revision: after.revision, backfill: after };
    const unchanged =
      before === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'revision = :revision', ExpressionAttributeValues: { ':revision': before.revision } };
    return conditionHeld(this.#client.send(new PutCommand({ TableName: this.#table, Item, ...unchanged })));
  }
}
