/**
 * The change feed for tests and the simulator: the protocol of the table `changes`, step by step, over rows in maps.
 * Each method of the table is one request; between two of them anything may happen.
 */
import type { PublishedChange } from '#shared/segment/membership-change.ts';

export interface FeedRow {
  readonly sequence: number;
  readonly change: PublishedChange;
}

export interface FeedHead {
  readonly sequence: number;
  /** Ids taken last, the newest at the end. */
  readonly recent: readonly string[];
}

const NO_HEAD: FeedHead = { sequence: 0, recent: [] };

export class MemoryChangesTable {
  readonly #rows = new Map<string, Map<number, PublishedChange>>();
  readonly #heads = new Map<string, FeedHead>();
  readonly #hidden = new Set<PublishedChange>();
  readonly #hides: (reveal: () => void) => boolean;

  /** `hides` may keep a row of a transaction from queries until it calls back, as DynamoDB may for a moment. */
  constructor(hides: (reveal: () => void) => boolean = () => false) {
    this.#hides = hides;
  }

  async readHead(pk: string): Promise<FeedHead> {
    return this.#heads.get(pk) ?? NO_HEAD;
  }

  /** Head and rows together, if the head is still at `expected`. */
  async transact(pk: string, expected: number, head: FeedHead, rows: readonly FeedRow[]): Promise<boolean> {
    if ((this.#heads.get(pk) ?? NO_HEAD).sequence !== expected) return false;
    this.#heads.set(pk, head);
    for (const row of rows) this.#add(pk, row);
    return true;
  }

  /** A row by itself: what the protocol forbids, for the tests that show why. */
  async put(pk: string, row: FeedRow): Promise<void> {
    this.#add(pk, row);
  }

  /** Takes the next number, whatever becomes of it: forbidden likewise. */
  async allot(pk: string): Promise<number> {
    const sequence = (this.#heads.get(pk) ?? NO_HEAD).sequence + 1;
    this.#heads.set(pk, { sequence, recent: [] });
    return sequence;
  }

  async query(pk: string, after: number, limit: number): Promise<readonly FeedRow[]> {
    return this.rows(pk)
      .filter(({ sequence, change }) => sequence > after && !this.#hidden.has(change))
      .slice(0, limit);
  }

  /** A transactional read: it waits for whatever is under way. */
  async has(pk: string, sequence: number): Promise<boolean> {
    return this.#rows.get(pk)?.has(sequence) === true;
  }

  rows(pk: string): readonly FeedRow[] {
    return [...(this.#rows.get(pk) ?? [])]
      .map(([sequence, change]) => ({ sequence, change }))
      .sort((left, right) => left.sequence - right.sequence);
  }

  #add(pk: string, { sequence, change }: FeedRow): void {
    const rows = this.#rows.get(pk) ?? new Map<number, PublishedChange>();
    this.#rows.set(pk, rows.set(sequence, change));
    if (this.#hides(() => this.#hidden.delete(change))) this.#hidden.add(change);
  }
}

const ROWS_MAX = 99;
const RECENT_MAX = 400;
const ATTEMPTS_MAX = 20;

export class MemoryChangeFeed {
  readonly #table: Pick<MemoryChangesTable, 'readHead' | 'transact'>;

  constructor(table: Pick<MemoryChangesTable, 'readHead' | 'transact'>) {
    this.#table = table;
  }

  async append(sandboxName: string, shard: number, changes: readonly PublishedChange[]): Promise<void> {
    for (let from = 0; from < changes.length; from += ROWS_MAX) {
      await this.#appendBatch(`${sandboxName}#${shard}`, changes.slice(from, from + ROWS_MAX));
    }
  }

  async #appendBatch(pk: string, changes: readonly PublishedChange[]): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const { sequence, recent } = await this.#table.readHead(pk);
      const fresh = changes.filter(({ id }) => !recent.includes(id));
      if (fresh.length === 0) return;
      const rows = fresh.map((change, index) => ({ sequence: sequence + 1 + index, change }));
      const ids = [...recent, ...fresh.map(({ id }) => id)].slice(-RECENT_MAX);
      if (await this.#table.transact(pk, sequence, { sequence: sequence + fresh.length, recent: ids }, rows)) return;
    }
    throw new Error(`the feed ${pk} was taken by others ${ATTEMPTS_MAX} times`);
  }
}

export class MemoryChangeReader {
  readonly #table: Pick<MemoryChangesTable, 'query' | 'has'>;

  constructor(table: Pick<MemoryChangesTable, 'query' | 'has'>) {
    this.#table = table;
  }

  /** Rows behind the cursor without a gap that may still fill in. */
  async read(pk: string, after: number, limit: number): Promise<readonly FeedRow[]> {
    const rows = await this.#table.query(pk, after, limit);
    const [first] = rows;
    if (first === undefined) return [];
    if (first.sequence !== after + 1 && (await this.#table.has(pk, first.sequence - 1))) return [];
    const gap = rows.findIndex(({ sequence }, index) => sequence !== first.sequence + index);
    return gap < 0 ? rows : rows.slice(0, gap);
  }
}
