/** Membership changes as CloudEvents on an EventBridge bus. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PublishedChange } from '#shared/segment/membership-change.ts';
import { inBatches } from './dynamodb-batches.ts';

const ENTRIES_MAX = 10;
const SOURCE = 'shoal';
const DETAIL_TYPE = 'shoal.membership.changed';

export class EventBridgeChanges {
  readonly #bus: string;
  readonly #client: EventBridgeClient;

  constructor(bus: string, client = new EventBridgeClient({})) {
    this.#bus = bus;
    this.#client = client;
  }

  /** Throws if any was turned away: then all are sent again, under the same ids. */
  async announce(changes: readonly PublishedChange[]): Promise<void> {
    for (const batch of inBatches(changes, ENTRIES_MAX)) {
      const Entries = batch.map((change) => ({
        EventBusName: this.#bus,
        Source: SOURCE,
        DetailType: DETAIL_TYPE,
        Time: new Date(change.time),
        Detail: JSON.stringify(cloudEvent(change)),
      }));
      const { FailedEntryCount } = await this.#client.send(new PutEventsCommand({ Entries }));
      if (FailedEntryCount)
        throw new Error(`${FailedEntryCount} of ${batch.length} changes were turned away by the bus`);
    }
  }
}

function cloudEvent(change: PublishedChange) {
  return {
    specversion: '1.0',
    id: change.id,
    source: `${SOURCE}/${change.sandboxName}`,
    type: DETAIL_TYPE,
    subject: change.profileId,
    time: change.time,
    datacontenttype: 'application/json',
    data: change,
  };
}
