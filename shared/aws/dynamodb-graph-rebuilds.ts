/** Changes of the identity graph in the table `control`, under `GRAPHJOB#<id>`. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { GraphRebuild, GraphRebuildStore } from '#shared/batch/graph-rebuild.ts';

const PREFIX = 'GRAPHJOB#';
/** After every character of an id. */
const LAST = '~';

export class DynamoGraphRebuilds implements GraphRebuildStore {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client);
  }

  async put(rebuild: GraphRebuild): Promise<void> {
    const Item = { pk: rebuild.sandboxName, sk: `${PREFIX}${rebuild.jobId}`, rebuild };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async find(sandboxName: string, jobId: string): Promise<GraphRebuild | undefined> {
    const Key = { pk: sandboxName, sk: `${PREFIX}${jobId}` };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item?.rebuild as GraphRebuild | undefined;
  }

  async list(
    sandboxName: string,
    { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly GraphRebuild[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit + 1,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':pk': sandboxName, ':first': PREFIX, ':last': `${PREFIX}${after ?? LAST}` },
      }),
    );
    const found = Items.map(({ rebuild }) => rebuild as GraphRebuild);
    return found.filter(({ jobId }) => jobId !== after).slice(0, limit);
  }
}
