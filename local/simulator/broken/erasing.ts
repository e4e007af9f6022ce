/** Protocols that erase somebody otherwise than privacy.md says. */
import type { Ports } from '#functions/process-events/ports.ts';
import type { Erasure, JointWrite } from '#shared/profile/profile-store.ts';
import { PRODUCTION, type Variant } from './variant.ts';

/** A variant that differs in what is written when a profile is erased. */
function erasingOtherwise(name: string, change: (joint: JointWrite) => JointWrite): Variant {
  const commit = (joint: JointWrite, ports: Ports) =>
    ports.joint.commit(joint.erasures === undefined ? joint : change(joint));
  const processing: Variant['processing'] = (taken, ports) => ({
    taken,
    ports: { ...ports, joint: { commit: (joint) => commit(joint, ports) } },
  });
  return { ...PRODUCTION, name, processing };
}

/** What is left of the profile goes on as somebody, whom its identities lead to. */
export const TOMBSTONE_FORGOTTEN: Variant = (() => {
  const emptied = erasingOtherwise('leave no tombstone', ({ writes, ...joint }) => ({
    ...joint,
    writes: writes.map(({ erasedAt: _, ...write }) => write),
  }));
  return {
    ...emptied,
    processing: (batch, given, access) => {
      const { taken, ports } = emptied.processing(batch, given, access);
      // What was carried out would be carried out again and again.
      const find: typeof ports.erasures.find = async (key) => {
        const order = await given.erasures.find(key);
        return order?.estate === undefined ? order : undefined;
      };
      return { taken, ports: { ...ports, erasures: { find } } };
    },
  };
})();

const bequeathing = (change: (estate: NonNullable<Erasure['order']['estate']>) => object) => (joint: JointWrite) =>
  ({
    ...joint,
    erasures: joint.erasures?.map((erasure) => {
      const { estate } = erasure.order;
      return estate === undefined
        ? erasure
        : { ...erasure, order: { ...erasure.order, estate: { ...estate, ...change(estate) } } };
    }),
  }) as JointWrite;

/** What the profiles that were merged into this one did lies under their ids, and stays there. */
export const ONLY_OWN_PARTITION_CLEARED = erasingOtherwise(
  'clear away only what lies under the own id',
  bequeathing(({ partitions }) => ({ partitions: partitions.slice(0, 1) })),
);

/** What was taken apart from the person goes with them. */
export const SHARED_PARTITIONS_CLEARED = erasingOtherwise(
  'clear away what others share',
  bequeathing(() => ({ sharesPartitions: false })),
);

/** Subscribers keep somebody who no longer exists. */
export const ERASED_STAYS_A_MEMBER = erasingOtherwise('leave the erased in their segments', ({ writes, ...joint }) => ({
  ...joint,
  writes: writes.map(({ changes: _, ...write }) => write),
}));
