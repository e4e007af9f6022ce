/**
 * Every function as one file of JavaScript, all of them bundled by one call when the first is asked for: a process for each,
 * as CDK's own construct would start, takes a minute of a laptop's time for what is done in two seconds.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

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

/** The folder that an image is built of: the function's `Dockerfile` and its `container.ts` as `index.mjs`. */
export function imageOf(name: string): string {
  const outdir = newFolder('image-');
  buildSync({ ...OPTIONS, entryPoints: [{ in: join(sourcesOf(name), 'container.ts'), out: 'index' }], outdir });
  copyFileSync(join(sourcesOf(name), 'Dockerfile'), join(outdir, 'Dockerfile'));
  return outdir;
}

function newFolder(prefix: string): string {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, prefix));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const OPTIONS: BuildOptions = {
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
};

function bundleAll(): string {
  const outdir = newFolder('functions-');
  const names = readdirSync(join(root, 'functions')).filter((name) => existsSync(join(sourcesOf(name), 'handler.ts')));
  buildSync({
    ...OPTIONS,
    entryPoints: names.map((name) => ({ in: join(sourcesOf(name), 'handler.ts'), out: `${name}/index` })),
    outdir,
    external: ['@aws-sdk/*'], // part of the runtime, patched with it
  });
  return outdir;
}
