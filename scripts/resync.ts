/**
 * Run when changes were lost: after publishing stood still for longer than DynamoDB Streams keeps its records. Every
 * profile of a sandbox publishes its memberships again. `npm run resync -- [--api URL] [--sandbox NAME] [--after CURSOR]`
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readLocalFile } from '#local/local-file.ts';
import type { ResyncAnswer } from '#shared/api/set-aside.ts';

const USAGE = `usage: npm run resync -- [--api URL] [--sandbox prod] [--limit 500] [--after CURSOR]

URL ends before /data/core/ups; the token of an operator is read from SHOAL_TOKEN. Without --api the service that
npm start runs is asked.`;

const ATTEMPTS_MAX = 8;
const PAUSE_MS = 500;
const RETRIED: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

interface Target {
  readonly apiUrl: string;
  readonly token: string;
  readonly sandbox: string;
}

interface PageRequest {
  readonly after?: string;
  readonly limit: number;
}

function target(api: string | undefined, sandbox: string): Target {
  if (api === undefined) {
    const { apiUrl, token } = readLocalFile(process.env.SHOAL_DIR ?? join(import.meta.dirname, '..', '.shoal'));
    return { apiUrl, token, sandbox };
  }
  const token = process.env.SHOAL_TOKEN;
  if (!token) throw new Error(`SHOAL_TOKEN is not set\n${USAGE}`);
  return { apiUrl: api.replace(/\/$/, ''), token, sandbox };
}

/** The same page again where the service is busy: a profile that publishes twice harms nobody. */
async function resyncPage({ apiUrl, token, sandbox }: Target, page: PageRequest): Promise<ResyncAnswer> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${apiUrl}/data/core/ups/system/resync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'x-sandbox-name': sandbox, 'content-type': 'application/json' },
      body: JSON.stringify(page),
    });
    if (response.ok) return (await response.json()) as ResyncAnswer;
    const text = await response.text();
    if (!RETRIED.has(response.status) || attempt === ATTEMPTS_MAX) {
      throw new Error(`the service answered ${response.status}: ${text}`);
    }
    await sleep(PAUSE_MS * 2 ** attempt);
  }
}

/** The cursor is shown whenever it stops, so that a long resync is taken up where it ended. */
async function resyncAll(service: Target, { after, limit }: PageRequest): Promise<number> {
  let profiles = 0;
  let cursor = after;
  try {
    for (;;) {
      const page = await resyncPage(service, { limit, ...(cursor !== undefined && { after: cursor }) });
      profiles += page.profiles;
      process.stdout.write(`\r${profiles.toLocaleString('en')} profiles of ${service.sandbox} publish again`);
      if (page.next === null) return profiles;
      cursor = page.next;
    }
  } catch (error) {
    const again = cursor === undefined ? 'nothing was done' : `go on with --after ${cursor}`;
    throw new Error(`\n${(error as Error).message}\n${again}`);
  }
}

try {
  const { values } = parseArgs({
    options: {
      api: { type: 'string' },
      sandbox: { type: 'string', default: 'prod' },
      limit: { type: 'string', default: '500' },
      after: { type: 'string' },
    },
  });
  const { api, sandbox, limit, after } = values;
  const page = { limit: Number(limit), ...(after !== undefined && { after }) };
  const profiles = await resyncAll(target(api, sandbox), page);
  process.stdout.write(`\ndone: ${profiles.toLocaleString('en')} profiles\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
