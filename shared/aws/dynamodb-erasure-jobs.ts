/** Erasures in the table `control`: `ERASE#<id>` of the sandbox, and `OPENERASE#<sandbox>#<id>` of the service while open. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type ErasureJob, type ErasureJobs, type ErasurePage, isOpenErasure } from '#shared/privacy/erasure-job.ts';
import { transactionHeld } from './conditional-writes.ts';
import { SERVICE_PARTITION } from './control-items.ts';

const PREFIX = 'ERASE#';
const OPEN_PREFIX = 'OPENERASE#';
/** After every character of an id. */
const LAST = '~';

type Named = Pick<ErasureJob, 'sandboxName' | 'jobId'>;

const keyOf = ({ sandboxName, jobId }: Named) => ({ pk: sandboxName, sk: `${PREFIX}${jobId}` });
const openKeyOf = ({ sandboxName, jobId }: Named) => ({
  pk: SERVICE_PARTITION,
  sk: `${OPEN_PREFIX}${sandboxName}#${jobId}`,
});

export class DynamoErasureJobs implements ErasureJobs {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  create(job: ErasureJob): Promise<boolean> {
    return this.#write(job, { ConditionExpression: 'attribute_not_exists(pk)' });
  }

  update({ revision }: ErasureJob, after: ErasureJob): Promise<boolean> {
    const isSame = { ConditionExpression: 'revision = :seen', ExpressionAttributeValues: { ':seen': revision } };
    return this.#write(after, isSame);
  }

  async find(sandboxName: string, jobId: string): Promise<ErasureJob | undefined> {
    const Key = keyOf({ sandboxName, jobId });
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item === undefined ? undefined : (JSON.parse(Item.job) as ErasureJob);
  }

  async list(
    sandboxName: string,
    { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<ErasurePage> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit + 2,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':pk': sandboxName, ':first': PREFIX, ':last': `${PREFIX}${after ?? LAST}` },
      }),
    );
    const found = Items.map(({ job }) => JSON.parse(job) as ErasureJob).filter(({ jobId }) => jobId !== after);
    const jobs = found.slice(0, limit);
    return { jobs, next: found.length > limit ? jobs.at(-1)?.jobId : undefined };
  }

  async listOpen(): Promise<readonly Named[]> {
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': SERVICE_PARTITION, ':prefix': OPEN_PREFIX },
    };
    const open: Named[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      open.push(...Items.map(({ sandboxName, jobId }) => ({ sandboxName, jobId })));
    }
    return open;
  }

  /** The job, and with it whether it is among the open ones. */
  async #write(job: ErasureJob, condition: object): Promise<boolean> {
    const { sandboxName, jobId, revision } = job;
    const TableName = this.#table;
    const marker = isOpenErasure(job)
      ? { Put: { TableName, Item: { ...openKeyOf(job), sandboxName, jobId } } }
      : { Delete: { TableName, Key: openKeyOf(job) } };
    const put = { Put: { TableName, Item: { ...keyOf(job), revision, job: JSON.stringify(job) }, ...condition } };
    const TransactItems: TransactWriteCommandInput['TransactItems'] = [put, marker];
    return transactionHeld(this.#client.send(new TransactWriteCommand({ TransactItems })));
  }
}
