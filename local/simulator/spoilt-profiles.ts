/** Profiles whose stored state can't be read for a while, as if a release had written what this one doesn't know. */
import type { MemoryProfileStore } from '#shared/memory/memory-profile-stores.ts';
import { type ProfileStore, profileKeyText, type StoredProfile } from '#shared/profile/profile-store.ts';

const UNKNOWN_FORMAT = 251;
const KNOWN_FORMAT_OFFSET = 0;

/** Keys in `spoilt` are `profileKeyText`. What is written back as it was read is stored as it was. */
export function readableOnly(store: MemoryProfileStore, spoilt: ReadonlySet<string>): ProfileStore {
  const formats = new Map<string, number>();
  const spoil = (key: string, stored: StoredProfile): StoredProfile => {
    if (!spoilt.has(key)) return stored;
    formats.set(key, stored.state[KNOWN_FORMAT_OFFSET] as number);
    return { ...stored, state: withFormat(stored.state, UNKNOWN_FORMAT) };
  };
  return {
    read: async (keys) => {
      const found = await store.read(keys);
      return new Map([...found].map(([key, stored]) => [key, spoil(key, stored)]));
    },
    write: (writes) =>
      store.write(
        writes.map((write) => {
          const format = formats.get(profileKeyText(write.key));
          const isSpoilt = write.state[KNOWN_FORMAT_OFFSET] === UNKNOWN_FORMAT;
          return isSpoilt && format !== undefined ? { ...write, state: withFormat(write.state, format) } : write;
        }),
      ),
  };
}

function withFormat(state: Uint8Array, format: number): Uint8Array {
  const copy = Uint8Array.from(state);
  copy[KNOWN_FORMAT_OFFSET] = format;
  return copy;
}
