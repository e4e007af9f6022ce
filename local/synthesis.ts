/**
 * The cloud assembly that the runner runs: synthesized by the CDK's own command when its sources have changed, found by
 * a hash of them otherwise. Loading the CDK takes seconds; hashing the sources, milliseconds.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { isRunning } from './running-process.ts';

const SOURCES = ['infra', 'functions', 'shared', 'cdk.json', 'package-lock.json', 'tsconfig.json'];
/** Destinations may write to this machine, and to a stream and a queue that whoever tries them makes. */
const LOCAL_SETTINGS = [
  'localWebhooks=true',
  'destinationStreams=local-changes',
  'destinationQueues=local-changes',
].flatMap((setting) => ['-c', setting]);
const KEPT = 3;
const LOCK_LOOK_MS = 100;

/** Returns the assembly's folder. `onProgress` is called if it has to be made. */
export async function synthesize(projectFolder: string, onProgress: (line: string) => void): Promise<string> {
  // Inside the project: what the functions' bundles leave out is found in its node_modules.
  const cache = join(projectFolder, '.shoal', 'synth');
  const folder = join(cache, hashSources(projectFolder));
  if (existsSync(join(folder, 'manifest.json'))) return folder;
  onProgress('synthesizing the CloudFormation template: its sources are new, this takes some seconds');
  mkdirSync(cache, { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    if (!existsSync(folder)) await make(projectFolder, folder);
  } finally {
    unlock();
  }
  forgetOld(cache);
  return folder;
}

async function make(projectFolder: string, folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  await runCdk(projectFolder, unfinished);
  // Code in a Lambda stands under no package.json; without this one it would stand under the project's.
  writeFileSync(join(unfinished, 'package.json'), '{}');
  renameSync(unfinished, folder);
}

/** One synthesis at a time: runners that start together wait for the first one's. Returns what ends it. */
async function lock(file: string): Promise<() => void> {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!isLocked(file)) rmSync(file, { force: true });
      await new Promise((resolve) => setTimeout(resolve, LOCK_LOOK_MS));
    }
  }
}

function isLocked(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // Created and not yet written, it belongs to somebody who is just starting.
    return pid === 0 || isRunning(pid);
  } catch {
    return false;
  }
}

function hashSources(projectFolder: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const source of SOURCES) {
    const path = join(projectFolder, source);
    const files = statSync(path).isDirectory() ? filesBelow(path) : [path];
    for (const file of files) hash.update(file.slice(projectFolder.length)).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function runCdk(projectFolder: string, output: string): Promise<void> {
  const cdk = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(
    process.execPath,
    [cdk, 'synth', '--quiet', '--no-notices', '--output', output, ...LOCAL_SETTINGS],
    {
      cwd: projectFolder,
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) return resolve();
      rmSync(output, { recursive: true, force: true });
      reject(new Error(`the template could not be synthesized (cdk synth ended with ${code}):\n${printed.trim()}`));
    });
  });
}

function forgetOld(cache: string): void {
  const byAge = readdirSync(cache)
    .filter((name) => !name.endsWith('.lock'))
    .map((name) => ({ path: join(cache, name), time: statSync(join(cache, name)).mtimeMs }))
    .sort((left, right) => right.time - left.time);
  for (const { path } of byAge.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}
