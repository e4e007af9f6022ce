/**
 * Every function as one file of JavaScript, all of them bundled by one call when the first is asked for: a process for each,
 * as CDK's own construct would start, takes a minute of a laptop's time for what is done in two seconds.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(import.meta.dirname, '../..');
/** At a fixed depth below the root, so that source maps, and with them asset hashes, are the same everywhere. */
const CACHE = join(root, 'node_modules/.cache/shoal');

/** ESM bundles of CommonJS dependencies call `require` for Node's built-ins. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

let bundles: string | undefined;

/** The folder that holds the function's `index.mjs` and its source map. */
export function bundleOf(name: string): string {
  bundles ??= bundleAll();
  return join(bundles, name);
}

export const sourcesOf = (name: string) => join(root, 'functions', name);

function bundleAll(): string {
  mkdirSync(CACHE, { recursive: true });
  const outdir = mkdtempSync(join(CACHE, 'functions-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const names = readdirSync(join(root, 'functions')).filter((name) => existsSync(join(sourcesOf(name), 'handler.ts')));
  buildSync({
    entryPoints: names.map((name) => ({ in: join(sourcesOf(name), 'handler.ts'), out: `${name}/index` })),
    outdir,
    absWorkingDir: root,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
    banner: { js: REQUIRE },
    external: ['@aws-sdk/*'], // part of the runtime, patched with it
  });
  return outdir;
}
