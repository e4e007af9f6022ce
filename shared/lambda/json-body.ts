import { Problem } from '#shared/api/problem.ts';

export interface SentBody {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** Deeper than any body of ours, and shallow enough for whatever walks through it. */
export const BODY_DEPTH_MAX = 200;

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
  const text = bytes.toString('utf8');
  requireShallow(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Problem('invalid-request', `The body is not JSON: ${(error as SyntaxError).message}.`);
  }
}

function requireShallow(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(STRINGS_AND_BRACKETS)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > BODY_DEPTH_MAX) {
      throw new Problem('invalid-request', `The body nests deeper than ${BODY_DEPTH_MAX} lists and objects.`);
    }
  }
}

/** A bracket within a string is none. */
const STRINGS_AND_BRACKETS = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs;

/** Half a character, which no store takes: clients that cut texts by code units send it. */
export function holdsHalfCharacters(value: unknown): boolean {
  return UNPAIRED.test(JSON.stringify(value) ?? '');
}

/** `JSON.stringify` writes a pair as it is, and only a single one as an escape. */
const UNPAIRED = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;
