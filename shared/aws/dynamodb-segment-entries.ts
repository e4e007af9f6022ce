/**
 * The list of a sandbox's definitions, kept in the function's memory and brought up to date by what changed since: a page
 * of it costs the same however many there are.
 *
 *   NAME#<name>       the entry of each definition: read once, when the function starts
 *   ENTRIES           how many changes of the list there were
 *   ENTRIES#<number>  what that change did, for a day
 */
import {
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { entryOf, type SegmentEntry } from '#shared/segment/segment-entry.ts';
import type { SegmentCommit } from '#shared/segment/segment-store.ts';
import { type CommitItem, nameKey } from './control-items.ts';

const COUNT_KEY = 'ENTRIES';
const changeKey = (number: number) => `${COUNT_KEY}#${String(number).padStart(12, '0')}`;
/** Functions live for hours; one that slept longer reads the whole list again. */
const KEPT_SECONDS = 86_400;

interface Cached {
  readonly changes: number;
  readonly entries: ReadonlyMap<string, SegmentEntry>;
}

interface EntryChange {
  readonly id: string;
  /** Absent where the definition is gone. */
  readonly entry?: SegmentEntry;
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

export class SegmentEntries {
  readonly #table: string;
  readonly #client: DynamoDBDocumentClient;
  readonly #cache = new Map<string, Promise<Cached>>();

  constructor(table: string, client: DynamoDBDocumentClient) {
    this.#table = table;
    this.#client = client;
  }

  async list(sandboxName: SandboxName): Promise<readonly SegmentEntry[]> {
    const known = this.#cache.get(sandboxName);
    const current =
      known === undefined ? this.#read(sandboxName) : known.then((list) => this.#catchUp(sandboxName, list));
    this.#cache.set(sandboxName, current);
    current.catch(() => this.#cache.delete(sandboxName));
    return [...(await current).entries.values()];
  }

  /** How many changes of the list there were: the next one is made on condition of it. */
  async count(sandboxName: SandboxName): Promise<number> {
    const Key = { pk: sandboxName, sk: COUNT_KEY };
    const get = new GetCommand({ TableName: this.#table, Key, ConsistentRead: true });
    const { Item } = await this.#client.send(get);
    return (Item?.changes as number | undefined) ?? 0;
  }

  /** The items that make a commit a change of the list. `now` in epoch milliseconds. */
  items({ sandboxName: pk, before, after }: SegmentCommit, changes: number, now: number): CommitItem[] {
    const id = (after ?? before)?.id;
    if (id === undefined) return [];
    const change: EntryChange = after === undefined ? { id } : { id, entry: entryOf(after) };
    const expiresAt = Math.floor(now / 1000) + KEPT_SECONDS;
    const unchanged = changes === 0 ? ABSENT : hasCount(changes);
    const put = (Item: Record<string, unknown>, condition: object): CommitItem => ({
      guards: 'entries',
      write: { Put: { TableName: this.#table, Item: { pk, ...Item }, ...condition } } as TransactItem,
    });
    return [
      put({ sk: COUNT_KEY, changes: changes + 1 }, unchanged),
      put({ sk: changeKey(changes + 1), change, expiresAt }, {}),
    ];
  }

  /** The count first: a change that comes in between is read twice, and none is missed. */
  async #read(sandboxName: SandboxName): Promise<Cached> {
    const changes = await this.count(sandboxName);
    const entries = new Map<string, SegmentEntry>();
    for await (const { entry } of this.#query(sandboxName, nameKey(''), nameKey(AFTER_ALL))) {
      const read = entry as SegmentEntry;
      entries.set(read.id, read);
    }
    return { changes, entries };
  }

  async #catchUp(sandboxName: SandboxName, known: Cached): Promise<Cached> {
    const count = await this.count(sandboxName);
    if (count === known.changes) return known;
    const entries = new Map(known.entries);
    let { changes } = known;
    for await (const { sk, change } of this.#query(sandboxName, changeKey(changes + 1), changeKey(count))) {
      if (sk !== changeKey(changes + 1)) break;
      const { id, entry } = change as EntryChange;
      if (entry === undefined) entries.delete(id);
      else entries.set(id, entry);
      changes += 1;
    }
    // What came before is kept no longer.
    return changes < count ? this.#read(sandboxName) : { changes, entries };
  }

  async *#query(sandboxName: SandboxName, first: string, last: string): AsyncGenerator<Record<string, unknown>> {
    const query = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :sandbox AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':sandbox': sandboxName, ':first': first, ':last': last },
    };
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) yield* Items;
  }
}

/** Sorts behind every name. */
const AFTER_ALL = '\u{10FFFF}';
const ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' };
const hasCount = (changes: number) => ({
  ConditionExpression: 'changes = :changes',
  ExpressionAttributeValues: { ':changes': changes },
});
