/**
 * The console's built files as one: what the stack takes as its asset. Two megabytes of text; the CDK's own deployment of
 * files would put a layer of 22 MB into every synthesis.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join, relative, sep } from 'node:path';
import { buildConsole } from './build.ts';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
]);

/** Returns the bundle's path. */
export function bundleConsole(projectFolder: string): string {
  const folder = buildConsole(projectFolder);
  const bundles = join(projectFolder, '.shoal', 'console-bundles');
  const path = join(bundles, `${basename(folder)}.json`);
  if (existsSync(path)) return path;
  mkdirSync(bundles, { recursive: true });
  writeFileSync(path, JSON.stringify(filesIn(folder)));
  return path;
}

function filesIn(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.vite'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: relative(folder, file).split(sep).join('/'),
      type: TYPES.get(extname(file)) ?? 'application/octet-stream',
      // Built files carry a hash in their names; the page is asked for each time.
      cacheControl: extname(file) === '.html' ? 'no-cache' : 'public, max-age=31536000, immutable',
      content: readFileSync(file).toString('base64'),
    }));
}
