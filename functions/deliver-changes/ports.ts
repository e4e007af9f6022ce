import type { AttributeReader } from '#shared/activation/change-event.ts';
import type { Deliver } from '#shared/activation/delivery.ts';
import type { DeliveryLanes, DeliveryQueue } from '#shared/activation/delivery-lane.ts';
import type { Destination, DestinationStore } from '#shared/activation/destination.ts';
import type { Restriction } from '#shared/activation/usage-restrictions.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { ConsentPurpose } from '#shared/profile/consent.ts';
import type { PublishedChange } from '#shared/segment/membership-change.ts';

export interface FeedRow {
  readonly sequence: number;
  readonly change: PublishedChange;
}

export interface DeliverPorts {
  readonly destinations: Pick<DestinationStore, 'find' | 'list'>;
  readonly lanes: DeliveryLanes;
  readonly queue: DeliveryQueue;
  readonly feed: {
    read(
      position: { readonly sandboxName: SandboxName; readonly shard: number; readonly after: number },
      limit: number,
    ): Promise<readonly FeedRow[]>;
  };
  /** By profile id, whatever is refused by now; undefined where somebody is gone. Who is absent refuses nothing. */
  readonly optOuts: (
    sandboxName: string,
    profileIds: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly ConsentPurpose[] | undefined>>;
  /** By profile id, where the destination names attributes. */
  readonly attributes: (
    destination: Destination,
    changes: readonly PublishedChange[],
  ) => Promise<ReadonlyMap<string, AttributeReader>>;
  /** What it must not be told by now: labels and definitions may have changed since it was set up. */
  readonly restrictions: (destination: Destination) => Promise<readonly Restriction[]>;
  readonly deliver: Deliver;
  readonly observe: Observe;
  readonly now: () => number;
  /** In [0, 1). */
  readonly chance: () => number;
}

export interface Observe {
  delivered(changes: number, latenessMs: number): void;
  failed(destination: Destination, reason: string): void;
  refused(destination: Destination, reason: string): void;
  lost(destination: Destination, changes: number): void;
  withheld(changes: number): void;
}
