/** The body of a request and the key that it came with, wherever the specification lets it stand. */
import { gunzipSync } from 'node:zlib';
import { Problem } from '#shared/api/problem.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

interface Sent {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export const isObject = (value: unknown): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Browsers send text/plain to do without a preflight, so the content type is not asked for. */
export function readBody(sent: Sent, bytesMax: number): JsonObject {
  const bytes = decompress(sent, bytesMax);
  if (bytes.length > bytesMax) throw tooLarge(bytesMax);
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw new Problem('invalid-request', `The body is not JSON: ${(error as SyntaxError).message}.`);
  }
  if (!isObject(body)) throw new Problem('invalid-request', 'The body is no JSON object.');
  return body;
}

function decompress({ headers, body }: Sent, bytesMax: number): Uint8Array {
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new Problem('invalid-request', `Send the body plain or as gzip, not as ${encoding}.`);
  try {
    return gunzipSync(body, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bytesMax);
    throw new Problem('invalid-request', 'The body is no gzip, though content-encoding says so.');
  }
}

/** 400 and not 413: the specification says so, and clients decide by it that sending again is of no use. */
const tooLarge = (bytesMax: number) =>
  new Problem('invalid-request', `The body has more than ${bytesMax / 1024} KB, which is what is taken here.`);

/** The user name of basic authentication; without that header the body's `writeKey`. */
export function writeKeyOf({ headers }: Sent, readWriteKey: () => unknown): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) {
    const inBody = readWriteKey();
    return typeof inBody === 'string' && inBody !== '' ? inBody : undefined;
  }
  const [, credentials] = /^Basic\s+([\w+/=-]+)\s*$/i.exec(authorization) ?? [];
  if (credentials === undefined) return undefined;
  const [user] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  return user || undefined;
}
