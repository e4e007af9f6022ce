/**
 * The console's files, built when their sources have changed and found by a hash of them otherwise: for `npm start`,
 * which serves them, and for the stack, which deploys them. `npm run console:build` prints the folder and the weights.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { checkBudget, weigh } from './budget.ts';

const SOURCES = ['console', 'shared', 'package-lock.json'];
const KEPT = 3;

/** Returns the folder. `onProgress` is called if it has to be made. */
export function buildConsole(projectFolder: string, onProgress: (line: string) => void = () => {}): string {
  const cache = join(projectFolder, '.shoal', 'console');
  const folder = join(cache, hashSources(projectFolder));
  if (existsSync(join(folder, 'index.html'))) return folder;
  onProgress('building the console: its sources are new, this takes some seconds');
  mkdirSync(cache, { recursive: true });
  const unfinished = `${folder}.${process.pid}`;
  runVite(projectFolder, unfinished);
  checkBudget(unfinished);
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
  forgetOld(cache);
  return folder;
}

function runVite(projectFolder: string, output: string): void {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  const given = ['build', join(projectFolder, 'console'), '--outDir', output, '--logLevel', 'error'];
  try {
    // Whoever calls may be a test, whose mode would bring React's development build.
    const env = { ...process.env, NODE_ENV: 'production' };
    execFileSync(process.execPath, [vite, ...given], { cwd: projectFolder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    rmSync(output, { recursive: true, force: true });
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    throw new Error(`the console could not be built:\n${stdout}${stderr}`.trim(), { cause: error });
  }
}

function hashSources(projectFolder: string): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(projectFolder, source);
    const files = statSync(path).isDirectory() ? filesBelow(path) : [path];
    for (const file of files) hash.update(file.slice(projectFolder.length)).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function forgetOld(cache: string): void {
  const byAge = readdirSync(cache)
    .map((name) => ({ path: join(cache, name), time: statSync(join(cache, name)).mtimeMs }))
    .sort((left, right) => right.time - left.time);
  for (const { path } of byAge.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}

if (import.meta.main) {
  const folder = buildConsole(resolve(import.meta.dirname, '..'), (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${folder}\n`);
  for (const { what, kilobytes, kilobytesMax } of weigh(folder)) {
    process.stdout.write(`${kilobytes.toFixed(1).padStart(7)} of ${kilobytesMax} kB gzipped: ${what}\n`);
  }
}
