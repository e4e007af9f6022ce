/** Sizes over time in the table `control`: TREND#<definition>#<instant>. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { SizePoint, SizeStore } from '#shared/batch/sizes.ts';
import { inBatches } from './dynamodb-batches.ts';

const WRITES_MAX = 25;
const ROUNDS_MAX = 12;
const KEPT_SECONDS = 400 * 86_400;

const prefixOf = (segmentId: string) => `TREND#${segmentId}#`;

export class DynamoSizeStore implements SizeStore {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client);
  }

  async keep(sandboxName: string, points: ReadonlyMap<string, SizePoint>): Promise<void> {
    for (const batch of inBatches([...points], WRITES_MAX)) {
      const requests = batch.map(([segmentId, point]) => {
        const sk = `${prefixOf(segmentId)}${String(point.at).padStart(15, '0')}`;
        const expiresAt = Math.ceil(point.at / 1000) + KEPT_SECONDS;
        return { PutRequest: { Item: { pk: sandboxName, sk, ...point, expiresAt } } };
      });
      await this.#write(requests);
    }
  }

  async #write(requests: readonly { PutRequest: { Item: Record<string, unknown> } }[]): Promise<void> {
    let left: typeof requests = requests;
    for (let round = 0; left.length > 0; round++) {
      if (round === ROUNDS_MAX) throw new Error(`${left.length} sizes were not written in ${ROUNDS_MAX} rounds`);
      const RequestItems = { [this.#table]: [...left] };
      const { UnprocessedItems = {} } = await this.#client.send(new BatchWriteCommand({ RequestItems }));
      left = (UnprocessedItems[this.#table] ?? []) as typeof requests;
    }
  }

  async newest(sandboxName: string, segmentId: string, limit: number): Promise<readonly SizePoint[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': sandboxName, ':prefix': prefixOf(segmentId) },
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    return Items.map(({ at, members }) => ({ at: Number(at), members: Number(members) }));
  }
}
