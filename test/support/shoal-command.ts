/** `shoal` with an outside of the test's own: what it is typed, what it asks, what it prints. */
import { run } from '#cli/run.ts';

interface Asked {
  readonly method: string;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Answering = (asked: Asked) => { readonly status?: number; readonly body?: unknown; readonly etag?: string };

interface World {
  readonly answer?: Answering;
  readonly env?: Record<string, string>;
  readonly files?: Map<string, string>;
  readonly input?: readonly string[];
}

async function* linesOf(lines: readonly string[]) {
  yield* lines;
}

export async function shoal(line: readonly string[], { answer, env, files = new Map(), input = [] }: World = {}) {
  const asked: Asked[] = [];
  const out: string[] = [];
  const errors: string[] = [];
  const code = await run(line, {
    env: env ?? { SHOAL_URL: 'https://shoal.example.com', SHOAL_TOKEN: 'secret', HOME: '/home/ann' },
    fetch: async (address, init) => {
      const { method = '', headers, body } = init ?? {};
      const request = {
        method,
        address: String(address),
        headers: headers as Record<string, string>,
        body: body && JSON.parse(String(body)),
      };
      asked.push(request);
      if (answer === undefined) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
      const { status = 200, body: content, etag } = answer(request);
      const text = content === undefined ? null : JSON.stringify(content);
      return new Response(text, { status, ...(etag ? { headers: { etag } } : {}) });
    },
    files: {
      read: (path) => files.get(path),
      writePrivate: (path, text) => void files.set(path, text),
      remove: (path) => void files.delete(path),
    },
    input: linesOf(input),
    print: (text) => void out.push(text),
    printError: (text) => void errors.push(text),
    sleep: async () => {},
    stopped: new AbortController().signal,
  });
  return { code, out: out.join(''), errors: errors.join(''), asked };
}
