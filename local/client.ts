/** The public doors of a running service, for the demo, scripts and tests: definitions and changes by HTTP, events by Kinesis. */
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { LOCAL_CREDENTIALS, REGION } from './aws-account.ts';
import type { LocalFile } from './local-file.ts';

export interface Change {
  readonly id: string;
  readonly sandboxName: string;
  readonly profileId: string;
  readonly identities: readonly { readonly namespace: string; readonly id: string }[];
  readonly segmentId: string;
  readonly segmentName: string;
  readonly status: 'realized' | 'exited';
  readonly time: string;
  readonly cause: string;
  readonly version: number;
  readonly index: number;
  readonly repeated?: 'resync' | 'consent';
}

export interface ChangePage {
  readonly changes: readonly Change[];
  readonly next: string;
  readonly hasMore: boolean;
}

export interface StreamRecordInput {
  readonly partitionKey: string;
  /** An event, or several of one profile. */
  readonly body: unknown;
}

const RECORDS_PER_CALL = 500;
const CALL_BYTES_MAX = 4 * 1024 * 1024;
const PAGE_LIMIT = 1000;

export class ShoalClient {
  readonly local: LocalFile;
  readonly #kinesis: KinesisClient;

  constructor(local: LocalFile) {
    this.local = local;
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = LOCAL_CREDENTIALS;
    const credentials = { accessKeyId, secretAccessKey };
    this.#kinesis = new KinesisClient({ endpoint: local.endpoints.kinesis, region: REGION, credentials });
  }

  /** Throws what the API answered, unless it is a success. */
  async request<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.local.apiUrl}/data/core/ups${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.local.token}`,
        'x-sandbox-name': this.local.sandbox,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  /** Returns the definition's id. */
  async createDefinition(name: string, pql: string): Promise<string> {
    const expression = { type: 'PQL', format: 'pql/text', value: pql };
    const schema = { name: '_xdm.context.profile' };
    return (await this.request<{ id: string }>('POST', '/segment/definitions', { name, schema, expression })).id;
  }

  changes(after?: string, limit = PAGE_LIMIT): Promise<ChangePage> {
    const query = new URLSearchParams({ limit: String(limit), ...(after !== undefined && { after }) });
    return this.request('GET', `/changes?${query}`);
  }

  /** Every change from the cursor on, and the cursor after them. */
  async allChanges(
    after?: string,
  ): Promise<{ readonly changes: readonly Change[]; readonly next: string | undefined }> {
    const changes: Change[] = [];
    let next = after;
    for (;;) {
      const page = await this.changes(next);
      changes.push(...page.changes);
      next = page.next;
      if (!page.hasMore) return { changes, next };
    }
  }

  async put(records: readonly StreamRecordInput[]): Promise<void> {
    for (const call of inCalls(records)) {
      const command = new PutRecordsCommand({ StreamName: this.local.stream, Records: call });
      const { FailedRecordCount } = await this.#kinesis.send(command);
      if (FailedRecordCount) throw new Error(`${FailedRecordCount} of ${call.length} records were not taken`);
    }
  }

  async progress(): Promise<{ readonly isIdle: boolean; readonly now: number }> {
    return (await fetch(this.local.endpoints.progress)).json() as Promise<{ isIdle: boolean; now: number }>;
  }

  /** Resolves when everything put so far is processed, its changes published. */
  async untilIdle(): Promise<void> {
    // A record passes two streams, and between them nothing may be waiting for an instant.
    for (let quiet = 0; quiet < 4; ) {
      quiet = (await this.progress()).isIdle ? quiet + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }

  close(): void {
    this.#kinesis.destroy();
  }
}

interface PutEntry {
  readonly PartitionKey: string;
  readonly Data: Uint8Array;
}

function inCalls(records: readonly StreamRecordInput[]): readonly PutEntry[][] {
  const calls: PutEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { partitionKey, body } of records) {
    const entry = { PartitionKey: partitionKey, Data: Buffer.from(JSON.stringify(body)) };
    const last = calls.at(-1);
    bytes += entry.Data.length;
    if (last && last.length < RECORDS_PER_CALL && bytes <= CALL_BYTES_MAX) {
      last.push(entry);
    } else {
      calls.push([entry]);
      bytes = entry.Data.length;
    }
  }
  return calls;
}
