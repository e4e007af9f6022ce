/**
 * Events on somebody's Kinesis stream, in the order of each profile: `PutRecords` may take a later record and refuse an
 * earlier one, so a call holds one record a profile, and the next call waits until all of it was taken.
 */
import { KinesisClient } from '@aws-sdk/client-kinesis';
import type { CloudEvent } from '#shared/activation/change-event.ts';
import { type DeliveryResult, delivered, failed } from '#shared/activation/delivery.ts';
import { KinesisEventWriter } from './kinesis-event-writer.ts';

export class KinesisDestination {
  readonly #client: KinesisClient;

  constructor(client = new KinesisClient({})) {
    this.#client = client;
  }

  async deliver(streamName: string, events: readonly CloudEvent[]): Promise<DeliveryResult> {
    const writer = new KinesisEventWriter(streamName, this.#client);
    for (const wave of wavesOf(events)) {
      const records = wave.map((event) => ({
        partitionKey: event.subject ?? event.id,
        data: new TextEncoder().encode(JSON.stringify(event)),
      }));
      const taken = await writer.write(records);
      const missing = taken.filter((isTaken) => !isTaken).length;
      if (missing > 0) return failed(`the stream ${streamName} did not take ${missing} of ${records.length} records`);
    }
    return delivered();
  }
}

/** The first of each profile, then the second of each, and so on. */
function wavesOf(events: readonly CloudEvent[]): readonly (readonly CloudEvent[])[] {
  const counts = new Map<string, number>();
  const waves: CloudEvent[][] = [];
  for (const event of events) {
    const profile = event.subject ?? event.id;
    const before = counts.get(profile) ?? 0;
    counts.set(profile, before + 1);
    waves[before] ??= [];
    waves[before].push(event);
  }
  return waves;
}
