/**
 * Definitions in the table `control`, by sandbox:
 *
 *   SEG#<id>             the definition as it is
 *   SEG#<id>#V#<000001>  each version as it was, never changed again
 *   SEG#<id>#DRAFT       what an author is about to make of it
 *   NAME#<name>          who has the name, and what lists are ordered by (see SegmentEntries)
 *   RULES                which artifact evaluators use
 */
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { DraftRevision } from '#shared/segment/draft-revision.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import type { SegmentEntry } from '#shared/segment/segment-entry.ts';
import type { RulesPointer, SegmentCommit, SegmentCommitOutcome, SegmentStore } from '#shared/segment/segment-store.ts';
import { conditionHeld } from './conditional-writes.ts';
import {
  type CommitItem,
  commitItems,
  definitionKey,
  draftKey,
  hasRevision,
  nameKey,
  RULES_KEY,
  versionKey,
} from './control-items.ts';
import { SegmentEntries } from './dynamodb-segment-entries.ts';

const BATCH_GET_MAX = 100;
/** Unprocessed keys come back when the answer would pass 16 MB or the table is throttled. */
const BATCH_ROUNDS_MAX = 20;
/** The list is counted for every commit of a sandbox: who only lost that race tries again at once. */
const COUNT_ATTEMPTS_MAX = 20;

export class DynamoControlStore implements SegmentStore {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  readonly #entries: SegmentEntries;
  readonly #now: () => number;

  constructor(table: string, client = new DynamoDBClient({}), now: () => number = () => Date.now()) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
    this.#entries = new SegmentEntries(table, this.#client);
    this.#now = now;
  }

  async find(sandboxName: SandboxName, id: SegmentId): Promise<SegmentDefinition | undefined> {
    const item = await this.#get({ pk: sandboxName, sk: definitionKey(id) });
    return item?.definition as SegmentDefinition | undefined;
  }

  async findVersion(sandboxName: SandboxName, id: SegmentId, version: number): Promise<SegmentDefinition | undefined> {
    const item = await this.#get({ pk: sandboxName, sk: versionKey(id, version) });
    return item?.definition as SegmentDefinition | undefined;
  }

  async findMany(sandboxName: SandboxName, ids: readonly SegmentId[]): Promise<readonly SegmentDefinition[]> {
    const found = new Map<string, SegmentDefinition>();
    for (let start = 0; start < ids.length; start += BATCH_GET_MAX) {
      const keys = ids.slice(start, start + BATCH_GET_MAX).map((id) => ({ pk: sandboxName, sk: definitionKey(id) }));
      for (const definition of await this.#batchGet(keys)) found.set(definition.id, definition);
    }
    return ids.map((id) => found.get(id)).filter((definition) => definition !== undefined);
  }

  async findIdByName(sandboxName: SandboxName, name: string): Promise<SegmentId | undefined> {
    const item = await this.#get({ pk: sandboxName, sk: nameKey(name) });
    return (item?.entry as SegmentEntry | undefined)?.id;
  }

  list(sandboxName: SandboxName): Promise<readonly SegmentEntry[]> {
    return this.#entries.list(sandboxName);
  }

  async listVersions(
    sandboxName: SandboxName,
    id: SegmentId,
    { before, limit }: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<readonly SegmentDefinition[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit,
        KeyConditionExpression: 'pk = :sandbox AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: {
          ':sandbox': sandboxName,
          ':first': versionKey(id, 0),
          ':last': versionKey(id, (before ?? VERSION_MAX) - 1),
        },
      }),
    );
    return Items.map(({ definition }) => definition as SegmentDefinition);
  }

  async findRules(sandboxName: SandboxName): Promise<RulesPointer | undefined> {
    const item = await this.#get({ pk: sandboxName, sk: RULES_KEY });
    if (item === undefined) return undefined;
    const { rulesVersion, artifactKey, nextSegmentOrdinal } = item as unknown as RulesPointer;
    return { rulesVersion, artifactKey, nextSegmentOrdinal };
  }

  async commit(commit: SegmentCommit): Promise<SegmentCommitOutcome> {
    const items = commitItems(commit, this.#table);
    for (let attempt = 1; attempt <= COUNT_ATTEMPTS_MAX; attempt++) {
      const changes = await this.#entries.count(commit.sandboxName);
      const outcome = await this.#transact([...items, ...this.#entries.items(commit, changes, this.#now())]);
      if (outcome !== 'counted') return outcome;
    }
    return 'changed';
  }

  async findDraft(sandboxName: SandboxName, id: SegmentId): Promise<DraftRevision | undefined> {
    const item = await this.#get({ pk: sandboxName, sk: draftKey(id) });
    return item?.draft as DraftRevision | undefined;
  }

  async saveDraft(sandboxName: SandboxName, draft: DraftRevision): Promise<boolean> {
    const { definitionId, revision } = draft;
    const Item = { pk: sandboxName, sk: draftKey(definitionId), revision, draft };
    const unchanged = revision === 1 ? { ConditionExpression: 'attribute_not_exists(pk)' } : hasRevision(revision - 1);
    return this.#onCondition(new PutCommand({ TableName: this.#table, Item, ...unchanged }));
  }

  async dropDraft(sandboxName: SandboxName, id: SegmentId, revision: number): Promise<boolean> {
    const Key = { pk: sandboxName, sk: draftKey(id) };
    return this.#onCondition(new DeleteCommand({ TableName: this.#table, Key, ...hasRevision(revision) }));
  }

  #onCondition(command: PutCommand | DeleteCommand): Promise<boolean> {
    return conditionHeld(this.#client.send(command as PutCommand));
  }

  async #transact(items: readonly CommitItem[]): Promise<SegmentCommitOutcome | 'counted'> {
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems: items.map(({ write }) => write) }));
      return 'committed';
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      return outcomeOf(error, items);
    }
  }

  async #get(key: { pk: string; sk: string }): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: key, ConsistentRead: true }),
    );
    return Item;
  }

  async #batchGet(keys: readonly Record<string, string>[]): Promise<readonly SegmentDefinition[]> {
    const definitions: SegmentDefinition[] = [];
    let missing = [...keys];
    for (let round = 0; missing.length > 0; round++) {
      invariant(round < BATCH_ROUNDS_MAX, 'a batch of definitions is read within its rounds');
      const request = { [this.#table]: { Keys: missing, ConsistentRead: true } };
      const answer = await this.#client.send(new BatchGetCommand({ RequestItems: request }));
      for (const item of answer.Responses?.[this.#table] ?? []) definitions.push(item.definition as SegmentDefinition);
      missing = (answer.UnprocessedKeys?.[this.#table]?.Keys ?? []) as Record<string, string>[];
    }
    return definitions;
  }
}

/** Behind every version there is. */
const VERSION_MAX = 999_999;
const RETRIED = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * A taken name is final only if nothing else stood in the way: the other writer may have been ourselves. `counted`: only
 * the list was changed meanwhile, by a commit of another definition.
 */
function outcomeOf(
  error: TransactionCanceledException,
  items: readonly CommitItem[],
): SegmentCommitOutcome | 'counted' {
  const failed = (error.CancellationReasons ?? []).map(({ Code }, index) => ({ Code, guards: items[index]?.guards }));
  const reasons = failed.filter(({ Code }) => Code !== undefined && Code !== 'None');
  const isUnknown = ({ Code }: { Code?: string | undefined }) =>
    Code !== 'ConditionalCheckFailed' && !RETRIED.has(Code ?? '');
  if (reasons.length === 0 || reasons.some(isUnknown)) throw error;
  const refused = new Set(reasons.map(({ guards }) => guards));
  const onlyBy = (guard: CommitItem['guards']) => refused.size === 1 && refused.has(guard);
  if (onlyBy('entries')) return 'counted';
  const isFinal = reasons.every(({ Code }) => Code === 'ConditionalCheckFailed');
  return onlyBy('name') && isFinal ? 'name-in-use' : 'changed';
}
