/** Keys that were looked up are remembered for a while, so that a busy producer costs one read a minute and not one a call. */
import { createHash } from 'node:crypto';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { WriteKeys } from './ports.ts';

/** A revoked key works for as long as this at most. */
export const FOUND_MS = 60_000;
/** Short: a key is often tried while it is just being made. */
export const NOT_FOUND_MS = 5_000;
export const REMEMBERED_MAX = 1_000;

interface Remembered {
  readonly sandbox: SandboxName | undefined;
  readonly until: number;
}

export class KnownKeys implements WriteKeys {
  readonly #keys: WriteKeys;
  readonly #now: () => number;
  /** By digest, oldest first. */
  readonly #remembered = new Map<string, Remembered>();

  constructor(keys: WriteKeys, now: () => number) {
    this.#keys = keys;
    this.#now = now;
  }

  async find(writeKey: string): Promise<SandboxName | undefined> {
    const digest = createHash('sha256').update(writeKey).digest('base64url');
    const known = this.#remembered.get(digest);
    if (known !== undefined && known.until > this.#now()) return known.sandbox;
    const sandbox = await this.#keys.find(writeKey);
    this.#remembered.delete(digest);
    this.#remembered.set(digest, { sandbox, until: this.#now() + (sandbox ? FOUND_MS : NOT_FOUND_MS) });
    // Whoever tries keys must not fill the memory.
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= REMEMBERED_MAX) break;
      this.#remembered.delete(oldest);
    }
    return sandbox;
  }
}
