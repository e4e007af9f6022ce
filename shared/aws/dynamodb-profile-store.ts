/**
 * Profiles in the table `profiles`: item `H` is the hot state, item `A` the attributes. Item `B`, what batch jobs found, is
 * read here and written by `DynamoBatchResults`, and where profiles are merged. An `H` of kind `alias` only says into which
 * profile its own was merged.
 *
 * Writes of state alone go 25 conditional PartiQL statements a call, at a fraction of the client's work for single puts;
 * a write that also changes attributes is a transaction of its own.
 */
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementError,
  type BatchStatementRequest,
  DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type ProfileKey,
  type ProfileStore,
  type ProfileWrite,
  profileKeyText,
  type ReadOptions,
  type StoredProfile,
  type WriteOutcome,
} from '#shared/profile/profile-store.ts';
import { batchGet, type Item, inBatches } from './dynamodb-batches.ts';

const STATEMENTS_MAX = 25;
const READS_MAX = 8;

/** A write that lost, or was turned away for now: the caller reads again and recomputes. */
const LOST: ReadonlySet<string | undefined> = new Set([
  'ConditionalCheckFailed',
  'DuplicateItem',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

export class DynamoProfileStore implements ProfileStore {
  readonly #table: string;
  readonly #client: DynamoDBClient;

  constructor(table: string, client = new DynamoDBClient({})) {
    this.#table = table;
    this.#client = client;
  }

  async read(keys: readonly ProfileKey[], options: ReadOptions = {}): Promise<ReadonlyMap<string, StoredProfile>> {
    const { withBatch = () => false } = options;
    const found = new Map<string, StoredProfile>();
    const kindsOf = new Map(keys.map((key) => [profileKeyText(key), withBatch(key) ? ['H', 'A', 'B'] : ['H', 'A']]));
    let missing: readonly string[] = [...kindsOf.keys()];
    for (let attempt = 1; missing.length > 0; attempt++) {
      if (attempt > READS_MAX) throw new Error(`${missing.length} profiles changed during each of ${READS_MAX} reads`);
      const wanted = missing.map((key) => [key, kindsOf.get(key) as readonly string[]] as const);
      missing = await this.#readInto(found, wanted);
    }
    return found;
  }

  /** The keys of profiles that must be read again: each item is consistent by itself, the two of a profile need not be. */
  async #readInto(
    found: Map<string, StoredProfile>,
    keys: readonly (readonly [string, readonly string[]])[],
  ): Promise<string[]> {
    const wanted = keys.flatMap(([key, kinds]) => kinds.map((sk): Item => ({ pk: { S: key }, sk: { S: sk } })));
    const items = await batchGet(this.#client, this.#table, wanted);
    const ofKind = (kind: string) =>
      new Map(items.filter(({ sk }) => sk?.S === kind).map((item) => [item.pk?.S as string, item]));
    const [states, attributes, batches] = [ofKind('H'), ofKind('A'), ofKind('B')];
    const torn: string[] = [];
    for (const [key, state] of states) {
      if (isOlder(attributes.get(key), state)) torn.push(key);
      else found.set(key, storedProfile(state, attributes.get(key), batches.get(key)));
    }
    return torn;
  }

  async write(writes: readonly ProfileWrite[]): Promise<readonly WriteOutcome[]> {
    const outcomes = new Map<ProfileWrite, WriteOutcome>();
    const isPlain = ({ attributes, parked }: ProfileWrite) => attributes === undefined && parked === undefined;
    const plain = writes.filter(isPlain);
    const whole = writes.filter((write) => !isPlain(write));
    await Promise.all([
      ...inBatches(plain, STATEMENTS_MAX).map((batch) => this.#writeBatch(batch, outcomes)),
      ...whole.map((write) => this.#writeWhole(write, outcomes)),
    ]);
    return writes.map((write) => outcomes.get(write) as WriteOutcome);
  }

  async #writeBatch(writes: readonly ProfileWrite[], outcomes: Map<ProfileWrite, WriteOutcome>): Promise<void> {
    const Statements = writes.map((write) => statementOf(this.#table, write));
    const { Responses = [] } = await this.#client.send(new BatchExecuteStatementCommand({ Statements }));
    for (const [index, write] of writes.entries()) {
      const error = Responses[index]?.Error;
      outcomes.set(write, error === undefined ? 'written' : outcomeOf(error));
    }
  }

  /** The item as a whole, so that nothing of an earlier version is left in it; attributes with it or not at all. */
  async #writeWhole(write: ProfileWrite, outcomes: Map<ProfileWrite, WriteOutcome>): Promise<void> {
    outcomes.set(write, await transact(this.#client, wholeWrite(this.#table, write)));
  }
}

/** A profile from items that were read one by one, if they are of one version of it; undefined where it has no state. */
export function storedProfileOf(items: readonly Item[]): StoredProfile | 'torn' | undefined {
  const [state, attributes, batch] = ['H', 'A', 'B'].map((kind) => items.find(({ sk }) => sk?.S === kind));
  if (state === undefined) return undefined;
  const isTorn = state.attributesVersion !== undefined && state.attributesVersion.N !== attributes?.version?.N;
  return isTorn ? 'torn' : storedProfile(state, attributes, batch);
}

/** All of it or nothing. Throws what neither a fresh read nor setting aside would help. */
export async function transact(client: DynamoDBClient, TransactItems: TransactWriteItem[]): Promise<WriteOutcome> {
  try {
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
    return 'written';
  } catch (error) {
    return isRefused(error) ? 'refused' : conflictOr(error);
  }
}

/** The parts of a transaction that writes the profile as a whole, on condition of its version. */
export function wholeWrite(table: string, write: ProfileWrite): TransactWriteItem[] {
  const { key, expectedVersion, leadsTo, erasedAt } = write;
  const attributes = attributesItem(write);
  const state = {
    TableName: table,
    Item: { ...stateItem(write), ...(attributes && { attributesVersion: attributes.version as AttributeValue }) },
    ...isOfVersion(expectedVersion),
  };
  const gone = [
    ...(leadsTo !== undefined || erasedAt !== undefined ? ['A'] : []),
    ...(erasedAt === undefined ? [] : ['B']),
  ];
  return [
    { Put: state },
    ...(attributes === undefined ? [] : [{ Put: { TableName: table, Item: attributes } }]),
    ...gone.map((sk) => ({ Delete: { TableName: table, Key: { pk: { S: profileKeyText(key) }, sk: { S: sk } } } })),
  ];
}

/** The condition that a state is still of the version that was read; 0 where there was none. */
export function isOfVersion(version: number) {
  if (version === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: '#version = :expected',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':expected': { N: String(version) } },
  };
}

/** Whether the attributes are of before the write that the state says they came with. */
const isOlder = (attributes: Item | undefined, { attributesVersion }: Item) =>
  attributesVersion !== undefined && Number(attributes?.version?.N ?? 0) < Number(attributesVersion.N);

const numberIn = (value: AttributeValue | undefined) => (value?.N === undefined ? undefined : Number(value.N));

export function storedProfile(head: Item, attributes: Item | undefined, batch: Item | undefined): StoredProfile {
  return {
    version: Number(head.version?.N),
    state: head.state?.B as Uint8Array,
    dueAt: numberIn(head.dueAt),
    attributes: attributes?.data?.B,
    batch: batch && { version: Number(batch.version?.N), data: batch.data?.B as Uint8Array },
    batchVersion: numberIn(head.batchVersion),
    parked: head.parked?.BOOL === true,
    ...(head.leadsTo?.S !== undefined && { leadsTo: head.leadsTo.S }),
    ...(head.erasedAt?.N !== undefined && { erasedAt: Number(head.erasedAt.N), farewell: head.changes?.B }),
  };
}

function stateItem(write: ProfileWrite): Item {
  const { key, expectedVersion, rulesVersion, state, due, changes, batchVersion, parked, leadsTo, erasedAt } = write;
  return {
    pk: { S: profileKeyText(key) },
    sk: { S: 'H' },
    version: { N: String(expectedVersion + 1) },
    rulesVersion: { N: String(rulesVersion) },
    state: { B: state },
    ...(due === undefined ? {} : { dueShard: { N: String(due.shard) }, dueAt: { N: String(due.at) } }),
    ...(changes === undefined ? {} : { changes: { B: changes } }),
    ...(batchVersion === undefined ? {} : { batchVersion: { N: String(batchVersion) } }),
    ...(parked ? { parked: { BOOL: true } } : {}),
    ...(leadsTo === undefined ? {} : { kind: { S: 'alias' }, leadsTo: { S: leadsTo } }),
    ...(erasedAt === undefined ? {} : { kind: { S: 'tombstone' }, erasedAt: { N: String(erasedAt) } }),
  };
}

/** They bear the version that brought them, and the state names it: so a reader sees whether the two belong together. */
function attributesItem({ key, expectedVersion, attributes }: ProfileWrite): Item | undefined {
  if (attributes === undefined) return undefined;
  const version = { N: String(expectedVersion + 1) };
  return { pk: { S: profileKeyText(key) }, sk: { S: 'A' }, version, data: { B: attributes } };
}

/** What takes the place of changes in a version that made none: there may be one REMOVE a statement, and `due` needs it. */
const NO_CHANGES: Item = { changes: { NULL: true } };

function statementOf(table: string, write: ProfileWrite): BatchStatementRequest {
  const item = stateItem(write);
  if (write.expectedVersion === 0) {
    const names = Object.keys(item);
    const Statement = `INSERT INTO "${table}" VALUE {${names.map((name) => `'${name}': ?`).join(', ')}}`;
    return { Statement, Parameters: names.map((name) => item[name] as AttributeValue) };
  }
  const { pk, sk, ...values } = { ...NO_CHANGES, ...item } as Item & { pk: AttributeValue; sk: AttributeValue };
  const sets = Object.keys(values).map((name) => `"${name}" = ?`);
  // Without its instant an item is not in the index, whatever shard it still names.
  const remove = 'dueAt' in values ? [] : ['REMOVE "dueAt"'];
  const where = 'WHERE "pk" = ? AND "sk" = ? AND "version" = ?';
  return {
    Statement: [`UPDATE "${table}" SET ${sets.join(', ')}`, ...remove, where].join(' '),
    Parameters: [...Object.values(values), pk, sk, { N: String(write.expectedVersion) }],
  };
}

/** What becomes of one statement of a batch. Throws what neither a fresh read nor setting aside would help. */
function outcomeOf({ Code, Message }: BatchStatementError): WriteOutcome {
  if (Code === 'ValidationError') return 'refused';
  if (LOST.has(Code)) return 'conflict';
  throw new Error(`${Code}: ${Message}`);
}

function isRefused(error: unknown): boolean {
  if (error instanceof TransactionCanceledException) return codesOf(error).includes('ValidationError');
  return error instanceof Error && error.name === 'ValidationException';
}

function conflictOr(error: unknown): WriteOutcome {
  const codes = error instanceof TransactionCanceledException ? codesOf(error) : [];
  if (codes.length === 0 || !codes.every((code) => LOST.has(code))) throw error;
  return 'conflict';
}

const codesOf = ({ CancellationReasons = [] }: TransactionCanceledException): readonly string[] =>
  CancellationReasons.map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
