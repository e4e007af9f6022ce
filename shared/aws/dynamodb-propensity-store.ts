/** Instances of propensity and their runs in the table `control`. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { PropensityInstance } from '#shared/propensity/instance.ts';
import type { PropensityStore } from '#shared/propensity/propensity-store.ts';
import type { PropensityRun, RunKey } from '#shared/propensity/run.ts';
import { conditionHeld, transactionHeld } from './conditional-writes.ts';

const instanceKey = (id: string) => `PROPENSITY#${id}`;
const runPrefix = (instanceId: string) => `PROPENSITYRUN#${instanceId}#`;
const runKey = ({ instanceId, runId }: Pick<RunKey, 'instanceId' | 'runId'>) => `${runPrefix(instanceId)}${runId}`;
/** Names the run that was begun last. */
const latestKey = (instanceId: string) => `PROPENSITYLATEST#${instanceId}`;

const ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' };

const isRun = ({ runId }: PropensityRun) => ({
  ConditionExpression: '#record.runId = :runId',
  ExpressionAttributeNames: { '#record': 'record' },
  ExpressionAttributeValues: { ':runId': runId },
});

interface Written {
  readonly sandboxName: string;
  readonly sk: string;
  readonly record: object;
  /** The counter that every change adds one to, and what it was when the record was read. */
  readonly counter: 'version' | 'revision';
  readonly before: number | undefined;
}

export class DynamoPropensityStore implements PropensityStore {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  }

  findInstance(sandboxName: string, id: string): Promise<PropensityInstance | undefined> {
    return this.#get(sandboxName, instanceKey(id));
  }

  listInstances(sandboxName: string): Promise<readonly PropensityInstance[]> {
    return this.#query(sandboxName, instanceKey(''));
  }

  putInstance(before: PropensityInstance | undefined, after: PropensityInstance): Promise<boolean> {
    const { sandboxName, id } = after;
    return this.#put({ sandboxName, sk: instanceKey(id), record: after, counter: 'version', before: before?.version });
  }

  async deleteInstance({ sandboxName, id, version }: PropensityInstance, clearing?: PropensityRun): Promise<boolean> {
    const isDeleted = await this.#delete(sandboxName, instanceKey(id), version);
    if (!isDeleted) return false;
    if (clearing === undefined) await this.#delete(sandboxName, latestKey(id));
    const runs = await this.#query<PropensityRun>(sandboxName, runPrefix(id));
    for (const run of runs.filter(({ runId }) => runId !== clearing?.runId)) {
      await this.#delete(sandboxName, runKey(run));
    }
    return true;
  }

  findRun({ sandboxName, ...key }: RunKey): Promise<PropensityRun | undefined> {
    return this.#get(sandboxName, runKey(key));
  }

  async listRuns(sandboxName: string, instanceId: string, limit: number): Promise<readonly PropensityRun[]> {
    const runs = await this.#query<PropensityRun>(sandboxName, runPrefix(instanceId), limit);
    return [...runs].sort(newestFirst);
  }

  async latestRun(sandboxName: string, instanceId: string): Promise<PropensityRun | undefined> {
    const latest = await this.#get<RunKey>(sandboxName, latestKey(instanceId));
    return latest && this.findRun(latest);
  }

  async beginRun(run: PropensityRun, latest: PropensityRun | undefined): Promise<boolean> {
    const { sandboxName: pk, instanceId, runId } = run;
    const TableName = this.#table;
    const isLatest = latest ? isRun(latest) : ABSENT;
    const key: RunKey = { sandboxName: pk, instanceId, runId };
    const TransactItems = [
      { Put: { TableName, Item: { pk, sk: runKey(run), record: run }, ...ABSENT } },
      { Put: { TableName, Item: { pk, sk: latestKey(instanceId), record: key }, ...isLatest } },
    ];
    return transactionHeld(this.#client.send(new TransactWriteCommand({ TransactItems })));
  }

  /** That it is the latest goes first: a run that is named and not there would let none begin after it. */
  async forgetRun(run: PropensityRun): Promise<void> {
    const { sandboxName: pk, instanceId } = run;
    const Key = { pk, sk: latestKey(instanceId) };
    await conditionHeld(this.#client.send(new DeleteCommand({ TableName: this.#table, Key, ...isRun(run) })));
    await this.#delete(pk, runKey(run));
  }

  addEndedRun(run: PropensityRun): Promise<boolean> {
    return this.#putRun(undefined, run);
  }

  putRun(before: PropensityRun, after: PropensityRun): Promise<boolean> {
    return this.#putRun(before.revision, after);
  }

  #putRun(before: number | undefined, after: PropensityRun): Promise<boolean> {
    const { sandboxName } = after;
    return this.#put({ sandboxName, sk: runKey(after), record: after, counter: 'revision', before });
  }

  async #get<Kept>(sandboxName: string, sk: string): Promise<Kept | undefined> {
    const Key = { pk: sandboxName, sk };
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }));
    return Item?.record as Kept | undefined;
  }

  /** With a limit, the last ones by their keys. */
  async #query<Kept>(sandboxName: string, prefix: string, limit?: number): Promise<readonly Kept[]> {
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :sandbox AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':sandbox': sandboxName, ':prefix': prefix },
      ...(limit !== undefined && { Limit: limit, ScanIndexForward: false }),
    };
    const found: Kept[] = [];
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      found.push(...Items.map(({ record }) => record as Kept));
      if (limit !== undefined && found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  #put({ sandboxName, sk, record, counter, before }: Written): Promise<boolean> {
    const isAsRead =
      before === undefined
        ? ABSENT
        : {
            ConditionExpression: '#record.#counter = :before',
            ExpressionAttributeNames: { '#record': 'record', '#counter': counter },
            ExpressionAttributeValues: { ':before': before },
          };
    const Item = { pk: sandboxName, sk, record };
    return conditionHeld(this.#client.send(new PutCommand({ TableName: this.#table, Item, ...isAsRead })));
  }

  #delete(sandboxName: string, sk: string, version?: number): Promise<boolean> {
    const isAsRead = version !== undefined && {
      ConditionExpression: '#record.version = :version',
      ExpressionAttributeNames: { '#record': 'record' },
      ExpressionAttributeValues: { ':version': version },
    };
    const Key = { pk: sandboxName, sk };
    return conditionHeld(this.#client.send(new DeleteCommand({ TableName: this.#table, Key, ...isAsRead })));
  }
}

function newestFirst(left: PropensityRun, right: PropensityRun): number {
  return right.creationTime - left.creationTime || (left.runId < right.runId ? 1 : -1);
}
