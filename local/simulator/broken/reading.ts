/** Protocols that take events, timers or sequence numbers otherwise than architecture.md says. */

import type { ChangeFeed } from '#functions/publish-changes/publish-changes.ts';
import { deaggregate } from '#shared/aws/deaggregate.ts';
import type { MemoryChangesTable } from '#shared/memory/memory-change-feed.ts';
import { readStreamRecord } from '#shared/profile/stream-record.ts';
import type { Delivery } from '../producer.ts';
import type { Entry } from '../sharded-log.ts';
import type { World } from '../world.ts';
import { PRODUCTION, type Variant } from './variant.ts';

/** By world and profile, how far the stream was applied. */
const marks = new WeakMap<World, Map<string, string>>();

/** Whose record it is, by the first identity in it. */
function ownerOf({ payload, arrival }: Entry<Delivery>): string | undefined {
  const [item] = deaggregate(payload.data).flatMap((data) => readStreamRecord(data, arrival));
  return item && 'identities' in item ? item.identities.map(({ id }) => id.replace(/^\D+/, '')).join() : undefined;
}

/**
 * The profile remembers the highest sequence number that it has seen. What reaches it by another shard with a lower
 * number is taken for a repetition, and lost.
 */
export const HIGH_WATER_MARK: Variant = {
  ...PRODUCTION,
  name: 'trust a high-water mark of the stream',
  processing: (batch, ports, { world }) => {
    const seen = marks.get(world) ?? new Map<string, string>();
    marks.set(world, seen);
    const owners = new Map(batch.map((entry) => [entry, ownerOf(entry)]));
    const taken = batch.filter((entry) => {
      const owner = owners.get(entry);
      return owner === undefined || entry.sequenceNumber > (seen.get(owner) ?? '');
    });
    const write: typeof ports.profiles.write = async (writes) => {
      const outcomes = await ports.profiles.write(writes);
      if (outcomes.some((outcome) => outcome !== 'written')) return outcomes;
      for (const entry of taken) {
        const owner = owners.get(entry);
        if (owner !== undefined && entry.sequenceNumber > (seen.get(owner) ?? ''))
          seen.set(owner, entry.sequenceNumber);
      }
      return outcomes;
    };
    return { taken, ports: { ...ports, profiles: { read: (keys) => ports.profiles.read(keys), write } } };
  },
};

/** A timer record that is lost, or comes before its time by the reader's clock, was the only one. */
export const TIMER_NEVER_RESENT: Variant = (() => {
  const sent = new WeakMap<World, Set<string>>();
  return {
    ...PRODUCTION,
    name: 'never send a timer again',
    sweeping: (ports, world) => ({
      ...ports,
      findDue: async (shard, at, limit) => {
        const known = sent.get(world) ?? new Set<string>();
        sent.set(world, known);
        const due = await ports.findDue(shard, at, limit);
        const fresh = due.filter(({ key, dueAt }) => !known.has(`${key.profileId} ${dueAt}`));
        for (const { key, dueAt } of fresh) known.add(`${key.profileId} ${dueAt}`);
        return fresh;
      },
    }),
  };
})();

/** A later number may be visible before a smaller one is: a reader's cursor moves on, past what is still to come. */
export const FEED_OUTSIDE_TRANSACTION: Variant = {
  ...PRODUCTION,
  name: 'allot the feed sequence outside the transaction',
  feed: (table) => new SequencedFeed(table),
};

class SequencedFeed implements ChangeFeed {
  readonly #table: MemoryChangesTable;

  constructor(table: MemoryChangesTable) {
    this.#table = table;
  }

  async append(sandboxName: string, shard: number, changes: Parameters<ChangeFeed['append']>[2]): Promise<void> {
    const pk = `${sandboxName}#${shard}`;
    for (const change of changes) {
      const taken = await this.#table.query(pk, 0, Number.POSITIVE_INFINITY);
      if (!taken.some((row) => row.change.id === change.id))
        await this.#table.put(pk, { sequence: await this.#table.allot(pk), change });
    }
  }
}
