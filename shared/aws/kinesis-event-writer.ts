import { setTimeout } from 'node:timers/promises';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';

interface Record {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

const ATTEMPTS_MAX = 4;
const PAUSE_MS = 50;
/** What one `PutRecords` takes. */
const RECORDS_PER_CALL_MAX = 500;

export class KinesisEventWriter {
  readonly #stream: string;
  readonly #client: KinesisClient;

  constructor(stream: string, client = new KinesisClient({})) {
    this.#stream = stream;
    this.#client = client;
  }

  /** Whether each record was taken. `PutRecords` may take some and refuse others; the refused are sent again. */
  async write(records: readonly Record[]): Promise<readonly boolean[]> {
    const taken = records.map(() => false);
    let waiting = records.map((_, index) => index);
    for (let attempt = 1; waiting.length > 0 && attempt <= ATTEMPTS_MAX; attempt++) {
      if (attempt > 1) await setTimeout(PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
      for (let start = 0; start < waiting.length; start += RECORDS_PER_CALL_MAX) {
        const indexes = waiting.slice(start, start + RECORDS_PER_CALL_MAX);
        const accepted = await this.#put(indexes.map((index) => records[index] as Record));
        for (const [position, index] of indexes.entries()) taken[index] = accepted[position] === true;
      }
      waiting = waiting.filter((index) => !taken[index]);
    }
    return taken;
  }

  async #put(records: readonly Record[]): Promise<readonly boolean[]> {
    const { Records = [] } = await this.#client.send(
      new PutRecordsCommand({
        StreamName: this.#stream,
        Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
      }),
    );
    return records.map((_, index) => Records[index]?.ErrorCode === undefined && Records[index] !== undefined);
  }
}
