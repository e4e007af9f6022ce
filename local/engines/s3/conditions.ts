/** Conditional requests: who writes only if nobody did before, and who reads only what changed. */
import { S3Error } from './error.ts';
import type { StoredObject } from './object-store.ts';

type Headers = Readonly<Record<string, string>>;

export function checkWrite(headers: Headers, current: StoredObject | undefined): void {
  const { 'if-none-match': noneMatch, 'if-match': match } = headers;
  if (noneMatch !== undefined && noneMatch !== '*') {
    throw new S3Error(501, 'NotImplemented', 'a write takes If-None-Match: * and no other');
  }
  if (noneMatch === '*' && current) throw failed('If-None-Match');
  if (match !== undefined && !current) throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist');
  if (match !== undefined && current && !matches(match, current)) throw failed('If-Match');
}

/** True if the client's copy is still right and it needs no body. */
export function isUnchanged(headers: Headers, current: StoredObject): boolean {
  const { 'if-none-match': noneMatch, 'if-match': match } = headers;
  if (match !== undefined && !matches(match, current)) throw failed('If-Match');
  return noneMatch !== undefined && matches(noneMatch, current);
}

function matches(header: string, { etag }: StoredObject): boolean {
  return header
    .split(',')
    .some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === etag.replaceAll('"', ''));
}

function failed(header: string): S3Error {
  return new S3Error(
    412,
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${header}`,
  );
}
