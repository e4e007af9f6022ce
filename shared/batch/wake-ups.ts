/** Records that ask the one writer to look at profiles again, many to a record of the stream. */
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import { type WakeUp, wakeUpRecord } from '#shared/profile/stream-record.ts';

export interface WakeUps {
  /** Throws unless the stream took all of them; sent again they change nothing. */
  send(cause: WakeUp['cause'], keys: readonly ProfileKey[]): Promise<void>;
}

interface Line {
  readonly partitionKey: string;
  readonly line: string;
}

/** Profiles to a record: few enough that one which fails holds up few others. */
const PROFILES_PER_RECORD = 20;

export function wakeUpLines(cause: WakeUp['cause'], keys: readonly ProfileKey[]): readonly (readonly Line[])[] {
  const records: Line[][] = [];
  for (let start = 0; start < keys.length; start += PROFILES_PER_RECORD) {
    const some = keys.slice(start, start + PROFILES_PER_RECORD);
    const partitionKey = (some[0] as ProfileKey).profileId;
    records.push(some.map((key) => ({ partitionKey, line: wakeUpRecord(cause, key) })));
  }
  return records;
}
