/**
 * Definitions in the table `control`, by sandbox:
 *
 *   SEG#<id>             the definition as it is
 *   SEG#<id>#V#<000001>  each version as it was, never changed again
 *   NAME#<name>          who has the name, and what lists are ordered by
 *   RULES                which artifact evaluators use
 */
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import type {
  RulesPointer,
  SegmentCommit,
  SegmentCommitOutcome,
  SegmentEntry,
  SegmentStore,
} from '#shared/segment/segment-store.ts';
import { commitItems, definitionKey, nameKey, RULES_KEY, versionKey } from './control-items.ts';

const BATCH_GET_MAX = 100;
/** Unprocessed keys come back when the answer would pass 16 MB or the table is throttled. */
const BATCH_ROUNDS_MAX = 20;

export class DynamoControlStore implements SegmentStore {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
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

  async list(sandboxName: SandboxName): Promise<readonly SegmentEntry[]> {
    const entries: SegmentEntry[] = [];
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :sandbox AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':sandbox': sandboxName, ':prefix': nameKey('') },
    };
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) {
      for (const { entry } of Items) entries.push(entry as SegmentEntry);
    }
    return entries;
  }

  async findRules(sandboxName: SandboxName): Promise<RulesPointer | undefined> {
    const item = await this.#get({ pk: sandboxName, sk: RULES_KEY });
    if (item === undefined) return undefined;
    const { rulesVersion, artifactKey, nextSegmentOrdinal } = item as unknown as RulesPointer;
    return { rulesVersion, artifactKey, nextSegmentOrdinal };
  }

  async commit(commit: SegmentCommit): Promise<SegmentCommitOutcome> {
    const items = commitItems(commit, this.#table);
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

const RETRIED = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** A taken name is final only if nothing else stood in the way: the other writer may have been ourselves. */
function outcomeOf(
  error: TransactionCanceledException,
  items: readonly { readonly guards: 'definition' | 'name' | 'rules' }[],
): SegmentCommitOutcome {
  const failed = (error.CancellationReasons ?? []).map(({ Code }, index) => ({ Code, guards: items[index]?.guards }));
  const reasons = failed.filter(({ Code }) => Code !== undefined && Code !== 'None');
  const isUnknown = ({ Code }: { Code?: string | undefined }) =>
    Code !== 'ConditionalCheckFailed' && !RETRIED.has(Code ?? '');
  if (reasons.length === 0 || reasons.some(isUnknown)) throw error;
  const onlyName = reasons.every(({ Code, guards }) => Code === 'ConditionalCheckFailed' && guards === 'name');
  return onlyName ? 'name-in-use' : 'changed';
}
