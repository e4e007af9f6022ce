/** Where records go: the stream itself, or the HTTP API for whoever has a token and no AWS credentials. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LOCAL_CREDENTIALS, REGION } from '#local/aws-account.ts';
import type { LocalFile } from '#local/local-file.ts';
import { type CollectedEvents, EVENTS_PER_CALL_MAX } from '#shared/api/events.ts';
import { KinesisEventWriter } from '#shared/aws/kinesis-event-writer.ts';
import { groupLines, type StreamLine, toStreamRecord } from '#shared/aws/stream-records.ts';

export interface NumberedLine extends StreamLine {
  readonly lineNumber: number;
}

export interface Refused {
  readonly lineNumber: number;
  readonly reason: string;
}

export interface Sink {
  /** What is refused for good. Throws where the other side takes nothing for minutes. */
  write(lines: readonly NumberedLine[]): Promise<readonly Refused[]>;
  close(): void;
}

const ROUNDS_MAX = 10;
const PAUSE_MS = 250;
const PAUSE_MS_MAX = 20_000;
const pause = (round: number) => sleep(Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** round) * (0.5 + Math.random() / 2));

export interface StreamTarget {
  readonly stream: string;
  /** Everything else as the SDK finds it. */
  readonly client?: ConstructorParameters<typeof KinesisClient>[0];
}

export function streamSink({ stream, client: settings }: StreamTarget): Sink {
  const client = new KinesisClient(settings ?? {});
  const writer = new KinesisEventWriter(stream, client);
  return {
    close: () => client.destroy(),
    write: async (lines) => {
      let open = groupLines(lines);
      for (let round = 1; ; round++) {
        const taken = await writer.write(open.map(toStreamRecord));
        open = open.filter((_, index) => taken[index] !== true);
        if (open.length === 0) return [];
        if (round === ROUNDS_MAX) throw new Error(`the stream ${stream} has taken nothing more for minutes`);
        await pause(round);
      }
    },
  };
}

/** The stream of the service on this machine. */
export function localSink({ stream, endpoints }: LocalFile): Sink {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = LOCAL_CREDENTIALS;
  const credentials = { accessKeyId, secretAccessKey };
  return streamSink({ stream, client: { endpoint: endpoints.kinesis, region: REGION, credentials } });
}

export interface ApiTarget {
  readonly apiUrl: string;
  readonly token: string;
  readonly sandbox: string;
}

const CALL_BYTES_MAX = 900 * 1024;

export function apiSink(target: ApiTarget): Sink {
  return {
    close: () => {},
    write: async (lines) => {
      const refused: Refused[] = [];
      for (const call of inCalls(lines)) refused.push(...(await sendUntilAnswered(target, call)));
      return refused;
    },
  };
}

async function sendUntilAnswered(target: ApiTarget, lines: readonly NumberedLine[]): Promise<readonly Refused[]> {
  const refused: Refused[] = [];
  let open = lines;
  for (let round = 1; ; round++) {
    const results = (await send(target, open))?.results;
    const again = open.filter((_, index) => results === undefined || results[index]?.status === 503);
    for (const [index, { lineNumber }] of open.entries()) {
      const { status = 503, reason = '' } = results?.[index] ?? {};
      if (status !== 202 && status !== 503) refused.push({ lineNumber, reason });
    }
    if (again.length === 0) return refused;
    if (round === ROUNDS_MAX) throw new Error(`${target.apiUrl} has taken nothing more for minutes`);
    open = again;
    await pause(round);
  }
}

/** `undefined`: busy, the same may be sent again. */
async function send({ apiUrl, token, sandbox }: ApiTarget, lines: readonly NumberedLine[]) {
  const response = await fetch(`${apiUrl}/data/core/ups/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'x-sandbox-name': sandbox, 'content-type': 'application/json' },
    body: `[${lines.map(({ line }) => line).join(',')}]`,
  });
  if (response.ok) return (await response.json()) as CollectedEvents;
  const text = await response.text();
  if (response.status === 429 || response.status >= 500) return undefined;
  throw new Error(`${apiUrl} answered ${response.status}: ${text}`);
}

function inCalls(lines: readonly NumberedLine[]): readonly NumberedLine[][] {
  const calls: NumberedLine[][] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line.line) + 1;
    const last = calls.at(-1);
    if (last && last.length < EVENTS_PER_CALL_MAX && bytes + size <= CALL_BYTES_MAX) {
      last.push(line);
      bytes += size;
    } else {
      calls.push([line]);
      bytes = size;
    }
  }
  return calls;
}
