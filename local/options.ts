/** The command line of `npm start`. What is wrong with it is said with what would be right. */
import { parseArgs } from 'node:util';

export interface Options {
  /** 0 takes any free port. */
  readonly port: number;
  readonly demo: boolean;
  /** State is kept here from one run to the next; `undefined` forgets it. */
  readonly dataFolder: string | undefined;
  /** Epoch milliseconds at which the service's clock starts; `undefined` is the machine's. */
  readonly clockStart: number | undefined;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `usage: npm start -- [--port 8787] [--no-demo] [--data DIR] [--clock ISO]
  --port   port of the HTTP API; 0 takes any free one
  --no-demo  send no demo events
  --data   folder that keeps the state from one start to the next
  --clock  instant at which the service's clock starts, for instance 1998-07-01T00:00:00Z`;

const DEFAULT_PORT = 8787;
const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

export function parseOptions(given: readonly string[]): Options {
  const { port, 'no-demo': noDemo, data, clock, help } = parse(given);
  if (help) throw new UsageError(USAGE);
  return {
    port: port === undefined ? DEFAULT_PORT : parsePort(port),
    demo: !noDemo,
    dataFolder: data === undefined ? undefined : parseFolder(data),
    clockStart: clock === undefined ? undefined : parseClock(clock),
  };
}

function parse(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string' },
        'no-demo': { type: 'boolean' },
        data: { type: 'string' },
        clock: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port ${text}: a port is a number from 0 to 65535`);
}

function parseFolder(text: string): string {
  if (text !== '') return text;
  throw new UsageError('--data needs the name of a folder');
}

function parseClock(text: string): number {
  const instant = Date.parse(text);
  if (ISO_INSTANT.test(text) && !Number.isNaN(instant)) return instant;
  throw new UsageError(`--clock ${text}: write an instant with its offset, for instance 1998-07-01T00:00:00Z`);
}
