#!/usr/bin/env node
/** `shoal`: the service from a terminal. `shoal --help` lists what it does. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Files } from './files.ts';
import { run } from './run.ts';

const files: Files = {
  read: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
  writePrivate: (path, text) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode: 0o600 });
  },
  remove: (path) => rmSync(path, { force: true }),
};

async function* lines(): AsyncGenerator<string> {
  yield* createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
// Whoever read the output is gone: `shoal changes follow | head` ends too.
process.stdout.on('error', () => process.exit(0));

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stop.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  fetch: globalThis.fetch,
  files,
  input: lines(),
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
  sleep,
  stopped: stop.signal,
});
