/** Protocols that make one person of two otherwise than identity.md says. */

import type { Ports } from '#functions/process-events/ports.ts';
import { decodeAttributes, encodeAttributes } from '#shared/profile/profile-attributes.ts';
import type { JointWrite, ProfileWrite, WriteOutcome } from '#shared/profile/profile-store.ts';
import { type Access, PRODUCTION, type Variant } from './variant.ts';

/** A variant that differs in how several profiles are written at once. */
function mergingOtherwise(
  name: string,
  commit: (joint: JointWrite, ports: Ports, access: Access) => Promise<WriteOutcome>,
): Variant {
  const processing: Variant['processing'] = (taken, ports, access) => ({
    taken,
    ports: { ...ports, joint: { commit: (joint) => commit(joint, ports, access) } },
  });
  return { ...PRODUCTION, name, processing };
}

/** Whoever ends after the loser became an alias, or is overtaken at the winner, leaves nobody with the loser's events. */
export const MERGE_WITHOUT_TRANSACTION = mergingOtherwise(
  'merge without a transaction',
  async ({ writes, moves = [] }, { profiles }, { world }) => {
    for (const write of [...writes].reverse()) {
      const [outcome] = await profiles.write([write]);
      if (outcome !== 'written') return outcome as WriteOutcome;
    }
    for (const { sandboxName, identities, profileId } of moves)
      world.identities.move(sandboxName, identities, profileId);
    return 'written';
  },
);

/** A timer, or an event whose identity still leads to the one that lost, brings that one back to life. */
export const ALIAS_NOT_FOLLOWED: Variant = {
  ...PRODUCTION,
  name: 'not follow aliases',
  processing: (taken, ports) => {
    const read: typeof ports.profiles.read = async (keys, options) => {
      const found = await ports.profiles.read(keys, options);
      return new Map([...found].map(([key, { leadsTo: _, ...stored }]) => [key, stored]));
    };
    return { taken, ports: { ...ports, profiles: { read, write: (writes) => ports.profiles.write(writes) } } };
  },
};

const changed = (joint: JointWrite, change: (write: ProfileWrite) => ProfileWrite): JointWrite => ({
  ...joint,
  writes: joint.writes.map(change),
});

/** What the loser did is forgotten with the next leaf that must be filled. */
export const PARTITIONS_NOT_LISTED = mergingOtherwise('not list where the events of the loser are', (joint, ports) =>
  ports.joint.commit(
    changed(joint, (write) => {
      if (write.attributes === undefined) return write;
      const { partitions: _, ...attributes } = decodeAttributes(write.attributes);
      return { ...write, attributes: encodeAttributes(attributes) };
    }),
  ),
);

/** Subscribers keep somebody who no longer exists. */
export const LOSER_STAYS_A_MEMBER = mergingOtherwise('leave the loser in its segments', (joint, ports) =>
  ports.joint.commit(
    changed(joint, (write) => (write.leadsTo === undefined ? write : { ...write, changes: undefined })),
  ),
);
