/** Wake-up records on the event stream. */
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { type WakeUps, wakeUpLines } from '#shared/batch/wake-ups.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import type { WakeUp } from '#shared/profile/stream-record.ts';
import { KinesisEventWriter } from './kinesis-event-writer.ts';
import { toStreamRecord } from './stream-records.ts';

export class KinesisWakeUps implements WakeUps {
  readonly #writer: KinesisEventWriter;

  constructor(stream: string, client = new KinesisClient({})) {
    this.#writer = new KinesisEventWriter(stream, client);
  }

  async send(cause: WakeUp['cause'], keys: readonly ProfileKey[]): Promise<void> {
    const records = wakeUpLines(cause, keys).map(toStreamRecord);
    const refused = (await this.#writer.write(records)).filter((taken) => !taken).length;
    if (refused > 0) throw new Error(`${refused} of ${records.length} wake-up records were turned away`);
  }
}
