/** Timer records on the event stream. */
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import { inBatches } from './dynamodb-batches.ts';

const RECORDS_MAX = 500;

export class KinesisTimers {
  readonly #stream: string;
  readonly #client: KinesisClient;

  constructor(stream: string, client = new KinesisClient({})) {
    this.#stream = stream;
    this.#client = client;
  }

  /** Throws if any record was turned away; what was taken before is sent again then, which harms nothing. */
  async send(keys: readonly ProfileKey[]): Promise<void> {
    for (const batch of inBatches(keys, RECORDS_MAX)) {
      const Records = batch.map(({ sandboxName, profileId }) => ({
        PartitionKey: profileId,
        Data: Buffer.from(JSON.stringify({ recordType: 'timer', sandboxName, profileId })),
      }));
      const { FailedRecordCount } = await this.#client.send(
        new PutRecordsCommand({ StreamName: this.#stream, Records }),
      );
      if (FailedRecordCount) throw new Error(`${FailedRecordCount} of ${batch.length} timer records were turned away`);
    }
  }
}
