/** A runner of one's own in another process, with folders of its own, for scripts and tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type LocalFile, readLocalFile } from './local-file.ts';

export interface ChildRunner {
  readonly local: LocalFile;
  /** Where local.json and the logs are. */
  readonly homeFolder: string;
  /** Returns the exit code. */
  stop(signal?: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
}

export interface ChildRunnerSettings {
  readonly options?: readonly string[];
  readonly onLine?: (line: string) => void;
}

export async function startChildRunner({ options = [], onLine }: ChildRunnerSettings = {}): Promise<ChildRunner> {
  const homeFolder = mkdtempSync(join(tmpdir(), 'shoal-'));
  const given = [join(import.meta.dirname, 'main.ts'), '--port', '0', ...options];
  const child = spawn(process.execPath, given, {
    env: { ...process.env, SHOAL_DIR: homeFolder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Whoever ends without stopping its runner must not leave it running.
  const endWithParent = () => child.kill('SIGTERM');
  process.once('exit', endWithParent);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await untilReady(child, exited, onLine);
  const stop = async (signal: 'SIGINT' | 'SIGTERM' = 'SIGTERM') => {
    child.kill(signal);
    const code = await exited;
    process.off('exit', endWithParent);
    rmSync(homeFolder, { recursive: true, force: true });
    return code;
  };
  return { local: readLocalFile(homeFolder), homeFolder, stop };
}

async function untilReady(
  child: ChildProcess,
  exited: Promise<unknown>,
  onLine?: (line: string) => void,
): Promise<void> {
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')));
  if (!child.stdout) return;
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      onLine?.(line);
      if (line.startsWith('ready ')) resolve();
    });
  });
  const failed = exited.then((code) => {
    throw new Error(`the runner ended with ${code} before it was ready: ${errors.join('').trim()}`);
  });
  await Promise.race([ready, failed]);
  failed.catch(() => {});
}
