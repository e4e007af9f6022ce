import { Problem } from '#shared/api/problem.ts';

export interface SentBody {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** The body as JSON within a size, or the problem that says which of the two it is not. */
export function parseJsonBody({ headers, body = '', isBase64Encoded }: SentBody, bytesMax: number): unknown {
  const type = headers['content-type'] ?? '';
  if (!JSON_TYPE.test(type.trim())) {
    throw new Problem('unsupported-media-type', `Send content-type application/json instead of "${type}".`);
  }
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > bytesMax) {
    throw new Problem('too-large', `The body has ${bytes.length} bytes; at most ${bytesMax} are taken.`);
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new Problem('invalid-request', `The body is not JSON: ${(error as SyntaxError).message}.`);
  }
}
