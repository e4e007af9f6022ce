/** Profiles that fail at every delivery for a while: what is stored can't be read, or the store won't take what is new. */
import type { MemoryProfileStore } from '#shared/memory/memory-profile-stores.ts';
import {
  type JointStore,
  type ProfileStore,
  type ProfileWrite,
  profileKeyText,
  type StoredProfile,
  type WriteOutcome,
} from '#shared/profile/profile-store.ts';

/** `unreadable`: as if a later release had written it. `refused`: as if it had outgrown its item. */
export type Trouble = 'unreadable' | 'refused';

const UNKNOWN_FORMAT = 251;

/** Keys are `profileKeyText`. What is written back as it was read is stored as it was. */
export function troubled(store: MemoryProfileStore, troubles: ReadonlyMap<string, Trouble>): ProfileStore {
  const formats = new Map<string, number>();
  const spoil = (key: string, stored: StoredProfile): StoredProfile => {
    if (troubles.get(key) !== 'unreadable') return stored;
    formats.set(key, stored.state[0] as number);
    return { ...stored, state: withFormat(stored.state, UNKNOWN_FORMAT) };
  };
  const mend = (write: ProfileWrite): ProfileWrite => {
    const format = formats.get(profileKeyText(write.key));
    const isSpoilt = write.state[0] === UNKNOWN_FORMAT && format !== undefined;
    return isSpoilt ? { ...write, state: withFormat(write.state, format) } : write;
  };
  const isRefused = ({ key, parked }: ProfileWrite) => !parked && troubles.get(profileKeyText(key)) === 'refused';
  return {
    read: async (keys) => new Map([...(await store.read(keys))].map(([key, stored]) => [key, spoil(key, stored)])),
    write: async (writes) => {
      const accepted = writes.filter((write) => !isRefused(write));
      const outcomes = [...(await store.write(accepted.map(mend)))];
      return writes.map((write) => (isRefused(write) ? 'refused' : (outcomes.shift() as WriteOutcome)));
    },
  };
}

/** A joint write is refused for any of its profiles. */
export function troubledJoint(store: JointStore, troubles: ReadonlyMap<string, Trouble>): JointStore {
  const isRefused = ({ key }: ProfileWrite) => troubles.get(profileKeyText(key)) === 'refused';
  return { commit: async (joint) => (joint.writes.some(isRefused) ? 'refused' : store.commit(joint)) };
}

function withFormat(state: Uint8Array, format: number): Uint8Array {
  const copy = Uint8Array.from(state);
  copy[0] = format;
  return copy;
}
