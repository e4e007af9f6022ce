/** Where a deliberately broken protocol takes the place of the right one: only in tests of the simulator. */

import type { Ports } from '#functions/process-events/ports.ts';
import type { ChangeFeed } from '#functions/publish-changes/publish-changes.ts';
import type { SweepPorts } from '#functions/sweep-due/sweep-due.ts';
import type { MemoryChangesTable } from '#shared/memory/memory-change-feed.ts';
import type { ProfileWrite, WriteOutcome } from '#shared/profile/profile-store.ts';
import type { Delivery } from '../producer.ts';
import type { Entry } from '../sharded-log.ts';
import type { World } from '../world.ts';

/** What a broken protocol may use besides the ports; it fails as they do. */
export interface Access {
  readonly world: World;
  readonly force: (writes: readonly ProfileWrite[]) => Promise<readonly WriteOutcome[]>;
  readonly publish: (write: ProfileWrite) => Promise<void>;
}

export interface Processing {
  readonly taken: readonly Entry<Delivery>[];
  readonly ports: Ports;
}

export interface Variant {
  readonly name: string;
  /** Whether changes leave through the table's stream. */
  readonly usesStream: boolean;
  /** Whether the events that a version applied are in its tail. */
  readonly keepsTail: boolean;
  readonly processing: (batch: readonly Entry<Delivery>[], ports: Ports, access: Access) => Processing;
  readonly sweeping: (ports: SweepPorts, world: World) => SweepPorts;
  readonly feed: (table: MemoryChangesTable) => ChangeFeed | undefined;
}

/** The protocol as it is. */
export const PRODUCTION: Variant = {
  name: 'the production protocol',
  usesStream: true,
  keepsTail: true,
  processing: (taken, ports) => ({ taken, ports }),
  sweeping: (ports) => ports,
  feed: () => undefined,
};

/** A variant that differs in how profiles are written. */
export function writingOtherwise(
  name: string,
  write: (writes: readonly ProfileWrite[], ports: Ports, access: Access) => Promise<readonly WriteOutcome[]>,
): Variant {
  const processing: Variant['processing'] = (taken, ports, access) => ({
    taken,
    ports: {
      ...ports,
      profiles: { read: (keys) => ports.profiles.read(keys), write: (writes) => write(writes, ports, access) },
    },
  });
  return { ...PRODUCTION, name, processing };
}
