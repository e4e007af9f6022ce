/** Profiles and their history in a file, so that the memory of whoever reads them is their own. */
import { DatabaseSync } from 'node:sqlite';
import { hash32 } from '#shared/profile/hash.ts';
import { decodeChunk, encodeChunk, type HistoryChunk } from '#shared/profile/history.ts';
import type { ProfileRanges, ScanRange, WholeProfilePage } from '#shared/profile/profile-scan.ts';
import {
  type HistoryStore,
  type ProfileKey,
  profileKeyText,
  type StoredProfile,
} from '#shared/profile/profile-store.ts';

export const SANDBOX = 'prod';
const PLACES = 2 ** 32;

interface Row {
  readonly place: number;
  readonly id: string;
  readonly version: number;
  readonly state: Uint8Array;
  readonly dueAt: number | null;
  readonly attributes: Uint8Array | null;
}

export class ProfileFile implements ProfileRanges, HistoryStore {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;
      CREATE TABLE IF NOT EXISTS profile (
        place INTEGER, id TEXT, version INTEGER, state BLOB, dueAt INTEGER, attributes BLOB, PRIMARY KEY (place, id)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS chunk (id TEXT, version INTEGER, oldest INTEGER, newest INTEGER, data BLOB);
      CREATE INDEX IF NOT EXISTS chunks ON chunk (id);
    `);
  }

  fill(write: () => Promise<void>): Promise<void> {
    this.#database.exec('BEGIN');
    return write().then(() => this.#database.exec('COMMIT'));
  }

  put(id: string, { version, state, dueAt, attributes }: StoredProfile): void {
    this.#database
      .prepare('INSERT INTO profile VALUES (?, ?, ?, ?, ?, ?)')
      .run(hash32(id), id, version, state, dueAt ?? null, attributes ?? null);
  }

  /** As `ProfileStore.read`. */
  async find(keys: readonly ProfileKey[]): Promise<ReadonlyMap<string, StoredProfile>> {
    const found = new Map<string, StoredProfile>();
    const select = this.#database.prepare('SELECT * FROM profile WHERE place = ? AND id = ?');
    for (const key of keys) {
      const row = select.get(hash32(key.profileId), key.profileId) as unknown as Row | undefined;
      if (row !== undefined) found.set(profileKeyText(key), storedOf(row));
    }
    return found;
  }

  async append({ profileId }: ProfileKey, { oldest, newest, version, events }: HistoryChunk): Promise<void> {
    this.#database
      .prepare('INSERT INTO chunk VALUES (?, ?, ?, ?, ?)')
      .run(profileId, version, oldest, newest, encodeChunk(events));
  }

  async read({ profileId }: ProfileKey): Promise<readonly HistoryChunk[]> {
    const rows = this.#database.prepare('SELECT version, oldest, newest, data FROM chunk WHERE id = ?').all(profileId);
    return (rows as unknown as (Omit<HistoryChunk, 'events'> & { data: Uint8Array })[]).map(({ data, ...chunk }) => ({
      ...chunk,
      events: decodeChunk(data),
    }));
  }

  async size(): Promise<number> {
    const row = this.#database.prepare('SELECT count(*) AS count FROM profile').get();
    return Number((row as { count: number }).count);
  }

  async page(
    sandboxName: string,
    { range, ranges }: ScanRange,
    after: string | undefined,
    limit: number,
  ): Promise<WholeProfilePage> {
    const [first, end] = [range, range + 1].map((each) => Math.floor((each * PLACES) / ranges)) as [number, number];
    const [place, id] = after === undefined ? [first, ''] : [Number(after.split(' ')[0]), after.split(' ')[1] ?? ''];
    const rows = this.#database
      .prepare('SELECT * FROM profile WHERE (place, id) > (?, ?) AND place < ? ORDER BY place, id LIMIT ?')
      .all(place, id, end, limit) as unknown as Row[];
    const last = rows.at(-1);
    return {
      profiles: rows.map((row) => [{ sandboxName, profileId: row.id }, storedOf(row)] as const),
      next: rows.length < limit || last === undefined ? undefined : `${last.place} ${last.id}`,
      readUnits: rows.length,
    };
  }

  close(): void {
    this.#database.close();
  }
}

const storedOf = ({ version, state, dueAt, attributes }: Row): StoredProfile => ({
  version,
  state,
  ...(dueAt !== null && { dueAt }),
  ...(attributes !== null && { attributes }),
});
