/**
 * Jobs in the table `control`, by sandbox:
 *
 *   JOB#<id>, EXPORT#<id>   a caller's segment job, a caller's export
 *   UPLOAD#<id>             a caller's upload of an external audience
 *   SYSJOB#<id>             the service's own
 *   JOBPART#<id>#<part>     how far a part of it is
 *   JOBDONE#<id>#<part>     where a part that is done ends, and which object holds what it found
 *
 * and under the service's own partition OPENJOB#<sandbox>#<kind>#<id> for each that is not over.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { isOpen, type Job, type JobKey, type JobKind } from '#shared/batch/job.ts';
import { type DonePart, type JobStore, type PartProgress, sliceName } from '#shared/batch/job-store.ts';
import { conditionHeld, transactionHeld } from './conditional-writes.ts';
import { SERVICE_PARTITION } from './control-items.ts';

type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

const PREFIX: Readonly<Record<JobKind, string>> = {
  segment: 'JOB#',
  export: 'EXPORT#',
  upload: 'UPLOAD#',
  backfill: 'SYSJOB#',
};
const OPEN_PREFIX = 'OPENJOB#';
const KEPT_SECONDS = 90 * 86_400;

const sortKey = ({ kind, jobId }: Pick<JobKey, 'kind' | 'jobId'>) => `${PREFIX[kind]}${jobId}`;
const openKey = ({ sandboxName, kind, jobId }: JobKey) => ({
  pk: SERVICE_PARTITION,
  sk: `${OPEN_PREFIX}${sandboxName}#${kind}#${jobId}`,
});

const partKey = ({ sandboxName, jobId }: JobKey, range: number, from: string | null) => ({
  pk: sandboxName,
  sk: `JOBDONE#${jobId}#${sliceName(range, from)}`,
});

export class DynamoJobStore implements JobStore {
  readonly #table: string;
  readonly #now: () => number;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, now: () => number, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#now = now;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  create(job: Job): Promise<boolean> {
    return this.#write(job, { ConditionExpression: 'attribute_not_exists(pk)' });
  }

  async find(key: JobKey): Promise<Job | undefined> {
    const Key = { pk: key.sandboxName, sk: sortKey(key) };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item?.job as Job | undefined;
  }

  async list(sandboxName: string, kind: JobKind): Promise<readonly Job[]> {
    return (await this.#query(sandboxName, PREFIX[kind])).map(({ job }) => job as Job);
  }

  async listOpen(): Promise<readonly JobKey[]> {
    return (await this.#query(SERVICE_PARTITION, OPEN_PREFIX)).map(({ key }) => key as JobKey);
  }

  update({ revision }: Job, after: Job): Promise<boolean> {
    return this.#write(after, {
      ConditionExpression: 'revision = :revision',
      ExpressionAttributeValues: { ':revision': revision },
    });
  }

  async claimPart(key: JobKey, part: DonePart): Promise<DonePart> {
    const Item = { ...partKey(key, part.range, part.from), part, expiresAt: this.#expiry() };
    const ConditionExpression = 'attribute_not_exists(pk)';
    const put = new PutCommand({ TableName: this.#table, Item, ConditionExpression });
    if (await conditionHeld(this.#client.send(put))) return part;
    return (await this.findPart(key, part.range, part.from)) ?? part;
  }

  async findPart(key: JobKey, range: number, from: string | null): Promise<DonePart | undefined> {
    const Key = partKey(key, range, from);
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item?.part as DonePart | undefined;
  }

  async reportProgress(key: JobKey, progress: PartProgress): Promise<void> {
    const { sandboxName: pk, jobId } = key;
    const Item = { pk, sk: `JOBPART#${jobId}#${progress.part}`, progress, expiresAt: this.#expiry() };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async progress({ sandboxName, jobId }: JobKey): Promise<readonly PartProgress[]> {
    return (await this.#query(sandboxName, `JOBPART#${jobId}#`)).map(({ progress }) => progress as PartProgress);
  }

  /** The job, and whether it is among the open ones: together or not at all. */
  async #write(job: Job, condition: object): Promise<boolean> {
    const { sandboxName, kind, jobId, revision } = job;
    const key: JobKey = { sandboxName, kind, jobId };
    const Item = { pk: sandboxName, sk: sortKey(job), job, revision, expiresAt: this.#expiry() };
    const marker: TransactItems[number] = isOpen(job)
      ? { Put: { TableName: this.#table, Item: { ...openKey(key), key } } }
      : { Delete: { TableName: this.#table, Key: openKey(key) } };
    const TransactItems: TransactItems = [{ Put: { TableName: this.#table, Item, ...condition } }, marker];
    return transactionHeld(this.#client.send(new TransactWriteCommand({ TransactItems })));
  }

  async #query(pk: string, prefix: string): Promise<readonly Record<string, unknown>[]> {
    const query: QueryCommandInput = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
    };
    const items: Record<string, unknown>[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) items.push(...Items);
    return items;
  }

  #expiry = () => Math.ceil(this.#now() / 1000) + KEPT_SECONDS;
}
