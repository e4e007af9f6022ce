/**
 * The DynamoDB engine as a child process. It gets its own process group, so that Ctrl-C reaches the runner first and
 * the engine last; a shell between the two holds a pipe from the runner and ends the engine when the runner is gone,
 * however it went.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import net from 'node:net';
import { dirname, join } from 'node:path';

export interface EngineProcess {
  readonly endpoint: string;
  /** Resolves when the engine has written everything and is gone. */
  stop(): Promise<void>;
  /** Called if it ends by itself. */
  onExit(listener: (reason: string) => void): void;
}

const START_ATTEMPTS = 3;
const READY = /listening on/i;

const WATCHED = `exec 3<&0
"$0" "$@" 3<&- </dev/null &
engine=$!
{ cat <&3 >/dev/null; kill $engine 2>/dev/null; } &
wait $engine`;

export function findBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'dynoxide');
  } catch (error) {
    const message =
      `there is no embedded DynamoDB engine for ${process.platform}-${process.arch} (package ${name}): ` +
      'set AWS_ENDPOINT_URL_DYNAMODB to one that runs elsewhere, for instance DynamoDB Local';
    throw new Error(message, { cause: error });
  }
}

export async function startProcess(databaseFile: string | undefined): Promise<EngineProcess> {
  const binary = findBinary();
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const options = ['serve', '--port', String(port), ...(databaseFile ? ['--db-path', databaseFile] : [])];
    const child = spawn('sh', ['-c', WATCHED, binary, ...options], { detached: true, stdio: 'pipe' });
    const output = await readyOrExited(child);
    if (READY.test(output)) return wrap(child, `http://127.0.0.1:${port}`);
    child.kill();
    // Another program may have taken the port since it was found free.
    if (attempt === START_ATTEMPTS) throw new Error(`the DynamoDB engine did not start: ${output.trim()}`);
  }
}

function wrap(child: ChildProcess, endpoint: string): EngineProcess {
  let isStopping = false;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    endpoint,
    stop: () => {
      isStopping = true;
      child.stdin?.end();
      return exited;
    },
    onExit: (listener) => {
      child.once('exit', (code, signal) => {
        if (!isStopping) listener(`the DynamoDB engine ended by itself (${signal ?? `exit code ${code}`})`);
      });
    },
  };
}

function readyOrExited(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve) => {
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (READY.test(output)) resolve(output);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('exit', () => resolve(output));
    child.once('error', (error) => resolve(String(error)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
