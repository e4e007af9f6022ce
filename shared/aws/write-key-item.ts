/**
 * A write key as the table `control` holds it, by its digest: whoever reads the table cannot send. A digest without salt or
 * stretching is enough for keys of 192 random bits.
 */
import { createHash } from 'node:crypto';
import type { SandboxName } from '#shared/kernel/brand.ts';

export interface WriteKeyItem {
  readonly pk: string;
  readonly sk: string;
  readonly sandboxName: SandboxName;
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** No sandbox may be named so. One partition, for a caller shows a key and not its sandbox. */
export const WRITE_KEY_PARTITION = '#writeKeys';
const PREFIX = 'WRITEKEY#';
const ID_LENGTH = 16;

export const digestOf = (writeKey: string) => createHash('sha256').update(writeKey).digest('hex');

export const writeKeySortKey = (digestOrId: string) => `${PREFIX}${digestOrId}`;

/** Says nothing about the key, and is enough to tell it from all others. */
export const idOfSortKey = (sk: string) => sk.slice(PREFIX.length, PREFIX.length + ID_LENGTH);

export function writeKeyItem(
  writeKey: string,
  { sandboxName, name, createdAt }: Pick<WriteKeyItem, 'sandboxName' | 'name' | 'createdAt'>,
): WriteKeyItem {
  return { pk: WRITE_KEY_PARTITION, sk: writeKeySortKey(digestOf(writeKey)), sandboxName, name, createdAt };
}
