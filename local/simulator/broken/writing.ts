/** Protocols that write profiles otherwise than architecture.md says, each with the reason why it says so. */
import { chunkOf } from '#shared/profile/history.ts';
import { decodeState, encodeState, type ProfileState } from '#shared/profile/profile-state.ts';
import type { ProfileWrite, WriteOutcome } from '#shared/profile/profile-store.ts';
import { writingOtherwise } from './variant.ts';

/** Whoever ends between write and publication loses the changes of that version: nothing says that they are owed. */
export const PUBLISH_AFTER_WRITE = {
  ...writingOtherwise('publish beside the write', async (writes, { profiles }, { publish }) => {
    const outcomes = await profiles.write(writes);
    for (const [index, write] of writes.entries()) {
      if (outcomes[index] === 'written' && write.changes) await publish(write);
    }
    return outcomes;
  }),
  usesStream: false,
};

/** Of two lanes that meet at a profile one overwrites what the other applied. */
export const UNCONDITIONAL_WRITE = writingOtherwise(
  'write without the condition on the version',
  (writes, _, { force }) => force(writes),
);

/** A parked profile's state is left as it is: it may be one that can't be read. */
const restate = (write: ProfileWrite, change: (state: ProfileState) => ProfileState): ProfileWrite =>
  write.parked ? write : { ...write, state: encodeState(change(decodeState(write.state))) };

/** Nothing remembers which events were applied: a redelivered one counts again. */
export const forgetful = (state: ProfileState): ProfileState => ({ ...state, recent: [], clamped: [], seenFloor: -1 });

export const NO_ID_RING = writingOtherwise('keep no ring of event ids', (writes, { profiles }) =>
  profiles.write(writes.map((write) => restate(write, forgetful))),
);

const tailOf = ({ parked, state }: ProfileWrite) => (parked ? [] : decodeState(state).tail);

/** Events that the state in the store doesn't hold yet. */
function uncommitted(write: ProfileWrite, before: Uint8Array) {
  const known = new Set(decodeState(before).tail.map(({ packed }) => Buffer.from(packed).toString('hex')));
  return tailOf(write).filter(({ packed }) => !known.has(Buffer.from(packed).toString('hex')));
}

/** A write that then fails leaves events in history that the state never counted: a rebuild counts them, and so does their redelivery. */
export const HISTORY_BEFORE_STATE = {
  ...writingOtherwise('write history before state', async (writes, ports) => {
    for (const write of writes) {
      const tail = tailOf(write);
      if (tail.length > 0) await ports.history.append(write.key, chunkOf(tail, write.expectedVersion));
    }
    return ports.profiles.write(writes.map((write) => restate(write, (state) => ({ ...state, tail: [] }))));
  }),
  keepsTail: false,
};

/** The same, but only when the tail has grown. */
export const SPILL_UNCOMMITTED = {
  ...writingOtherwise('spill events of the batch in hand', async (writes, ports) => {
    const spilled = await Promise.all(
      writes.map(async (write) => {
        const tail = tailOf(write);
        if (tail.length < 2) return write;
        await ports.history.append(write.key, chunkOf(tail, write.expectedVersion));
        return restate(write, (state) => ({ ...state, tail: [] }));
      }),
    );
    return ports.profiles.write(spilled);
  }),
  keepsTail: false,
};

/** Events that no definition reads go to history alone: nothing remembers them, and nothing orders them with a rebuild. */
export const HISTORY_ONLY_WRITES = {
  ...writingOtherwise('write irrelevant events to history only', async (writes, ports, { world }) => {
    const outcomes = new Map<ProfileWrite, WriteOutcome>();
    const stored = new Map(world.profiles.all().map(([{ profileId }, { state }]) => [profileId, state]));
    for (const write of writes) {
      const before = stored.get(write.key.profileId);
      if (
        before === undefined ||
        write.parked ||
        write.attributes ||
        write.changes ||
        !isSameButForEvents(before, write.state)
      )
        continue;
      const fresh = uncommitted(write, before);
      if (fresh.length === 0) continue;
      await ports.history.append(
        write.key,
        chunkOf(fresh, write.expectedVersion + 1_000_000 + world.profiles.log.length),
      );
      outcomes.set(write, 'written');
    }
    const others = writes.filter((write) => !outcomes.has(write));
    const written = await ports.profiles.write(others);
    return writes.map((write) => outcomes.get(write) ?? (written[others.indexOf(write)] as WriteOutcome));
  }),
  keepsTail: false,
};

function isSameButForEvents(before: Uint8Array, after: Uint8Array): boolean {
  const strip = (bytes: Uint8Array) => {
    const state = decodeState(bytes);
    return encodeState({ ...forgetful(state), tail: [], eventTypes: new Set(), evaluatedAt: 0 });
  };
  return Buffer.compare(strip(before), strip(after)) === 0;
}

/** Nothing tells when time alone changes something. */
export const NO_TIMERS = writingOtherwise('write no due times', (writes, { profiles }) =>
  profiles.write(writes.map((write) => ({ ...write, due: undefined }))),
);
