/**
 * The console as the CDN serves it: files by name, its one page for every other address, and `/config.json` beside them.
 * The local one signs in by itself, with the token of `.shoal/local.json`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { EngineRequest, EngineResponse } from './engines/listener.ts';

/** Answers GET and HEAD; `undefined` for a request that isn't the console's. */
export type ConsoleSite = (request: EngineRequest) => EngineResponse | undefined;

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json'],
  ['.svg', 'image/svg+xml'],
]);

/**
 * What names a file, or the API: the page in its place would be a script that doesn't parse. Further down an ending says
 * nothing: addresses of people end in the name of a mail server.
 */
const NO_PAGE = /^\/(assets\/|data\/|[^/]*[.][^/]*$)/;

const KEPT_FOR_EVER = 'public, max-age=31536000, immutable';

export function openConsoleSite(folder: string, token: string, sandboxes: readonly string[]): ConsoleSite {
  const config = { apiUrl: '', sandboxes, signIn: { kind: 'token', token } };
  const files = new Map([...readFiles(folder), ['/config.json', file('.json', JSON.stringify(config))]]);
  const page = files.get('/index.html');
  return ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    const [path = '/'] = url.split('?');
    return files.get(path) ?? (NO_PAGE.test(path) ? undefined : page);
  };
}

function readFiles(folder: string): readonly (readonly [string, EngineResponse])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.vite'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [`/${relative(folder, path).split(sep).join('/')}`, file(extname(path), readFileSync(path))] as const;
    });
}

/** Built files carry a hash in their names; the page and the configuration are asked for each time. */
function file(ending: string, body: string | Buffer): EngineResponse {
  const type = TYPES.get(ending) ?? 'application/octet-stream';
  const isNamedByHash = ending === '.js' || ending === '.css';
  return {
    status: 200,
    headers: { 'content-type': type, 'cache-control': isNamedByHash ? KEPT_FOR_EVER : 'no-cache' },
    body,
  };
}
