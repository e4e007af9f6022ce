/** Secrets of others, sealed by a key of ours: what lies in a table or a backup of it opens nothing. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { invariant } from '#shared/kernel/invariant.ts';

export interface SecretSeal {
  /** `owner` is bound in: what was sealed for one opens for no other. */
  seal(secret: string, owner: string): Promise<string>;
  open(sealed: string, owner: string): Promise<string>;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 'v1.';

export function secretSeal(readKey: () => Promise<string>): SecretSeal {
  const key = async () =>
    createHash('sha256')
      .update(await readKey())
      .digest();
  return {
    async seal(secret, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, await key(), nonce).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return `${FORMAT}${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    async open(sealed, owner) {
      invariant(sealed.startsWith(FORMAT), 'a secret is sealed in a format that this version knows');
      const bytes = Buffer.from(sealed.slice(FORMAT.length), 'base64url');
      const [nonce, rest] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
      const cipher = createDecipheriv(ALGORITHM, await key(), nonce).setAAD(Buffer.from(owner));
      cipher.setAuthTag(rest.subarray(0, TAG_BYTES));
      return Buffer.concat([cipher.update(rest.subarray(TAG_BYTES)), cipher.final()]).toString('utf8');
    },
  };
}
