/** `.shoal/local.json`: where a running service is found, for clients, scripts and tests. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LocalFile {
  /** Ends before `/data/core/ups`. */
  readonly apiUrl: string;
  /** Where the console is; `null` if the runner was started without one. */
  readonly consoleUrl: string | null;
  /** For every sandbox and role. */
  readonly token: string;
  /** For calls by the Segment specification into `sandbox`; `null` if the template has no ingestion by write key. */
  readonly writeKey: string | null;
  readonly stream: string;
  readonly sandbox: string;
  readonly endpoints: Readonly<Record<EndpointName, string>>;
  readonly pid: number;
}

export type EndpointName =
  | 'kinesis'
  | 'dynamodb'
  | 'dynamodbStreams'
  | 'stepfunctions'
  | 'scheduler'
  | 'sqs'
  | 's3'
  | 'secretsManager'
  | 'eventBridge'
  /** GET: what was put last on the bus named after it. */
  | 'busEvents'
  /** GET: whether everything that was put is processed. */
  | 'progress'
  /** POST { subject?, sandboxes?, roles? }: another token. */
  | 'token'
  /** GET: the public keys that tokens are verified with. */
  | 'jwks';

export function writeLocalFile(folder: string, content: LocalFile): void {
  const path = join(folder, 'local.json');
  writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.${process.pid}`, path);
}

/** Leaves the file of a runner that was started meanwhile. */
export function removeLocalFile(folder: string): void {
  const path = join(folder, 'local.json');
  if (existsSync(path) && readLocalFile(folder).pid === process.pid) rmSync(path);
}

export function readLocalFile(folder: string): LocalFile {
  return JSON.parse(readFileSync(join(folder, 'local.json'), 'utf8')) as LocalFile;
}
