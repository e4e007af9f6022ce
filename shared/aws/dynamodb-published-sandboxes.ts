/** Which sandboxes have rules, and which ones: written with the rules themselves. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { PublishedSandbox, PublishedSandboxes } from '#shared/segment/segment-store.ts';
import { SANDBOX_PREFIX, SERVICE_PARTITION } from './control-items.ts';

export class DynamoPublishedSandboxes implements PublishedSandboxes {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client);
  }

  async published(): Promise<readonly PublishedSandbox[]> {
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': SERVICE_PARTITION, ':prefix': SANDBOX_PREFIX },
    };
    const sandboxes: PublishedSandbox[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      for (const { sk, rulesVersion } of Items) {
        sandboxes.push({ sandboxName: String(sk).slice(SANDBOX_PREFIX.length), rulesVersion: Number(rulesVersion) });
      }
    }
    return sandboxes;
  }
}
