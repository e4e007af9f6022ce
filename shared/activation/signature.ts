/**
 * How a webhook knows who calls and when: HMAC-SHA256 over `<seconds>.<body>`, once for each key that is valid.
 *
 *   shoal-signature: t=1767225600, k=key-1, v1=<hex>, k=key-0, v1=<hex>
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const SIGNATURE_HEADER = 'shoal-signature';
/** Older than this, a receiver should take a request for one that somebody recorded. */
export const SIGNATURE_AGE_SECONDS_MAX = 300;

export interface OpenKey {
  readonly keyId: string;
  readonly secret: string;
}

export function sign(body: string, keys: readonly OpenKey[], seconds: number): string {
  return [`t=${seconds}`, ...keys.map(({ keyId, secret }) => `k=${keyId}, v1=${digest(body, secret, seconds)}`)].join(
    ', ',
  );
}

const digest = (body: string, secret: string, seconds: number) =>
  createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');

/** Whether the header was made with the key for this body, not long before `now` in seconds. */
export function isSigned(header: string, body: string, { keyId, secret }: OpenKey, now: number): boolean {
  const [time = '', ...rest] = header.split(',').map((part) => part.trim());
  const seconds = Number(time.slice('t='.length));
  if (!time.startsWith('t=') || !(Math.abs(now - seconds) <= SIGNATURE_AGE_SECONDS_MAX)) return false;
  const at = rest.indexOf(`k=${keyId}`);
  const sent = Buffer.from(rest[at + 1]?.slice('v1='.length) ?? '', 'hex');
  const expected = Buffer.from(digest(body, secret, seconds), 'hex');
  return at >= 0 && sent.length === expected.length && timingSafeEqual(sent, expected);
}
