/** What was set aside and waits for an operator: listed, read, and removed when it is in the stream again. */
import type { ParkedItem, ProfileKey, RefusedLink, RejectedRecord } from './profile-store.ts';

export interface PageRequest {
  /** The last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  /** The `after` of the next page; undefined at the end. */
  readonly next: string | undefined;
}

export interface ParkedSummary {
  readonly items: number;
  /** The count ended before the items did. */
  readonly hasMore: boolean;
  /** The one that was set aside first: its reason is why the profile is parked. */
  readonly first: ParkedItem | undefined;
}

export interface ParkedItems {
  /** Ids of profiles that items wait for, in text order. */
  profiles(sandboxName: string, page: PageRequest): Promise<Page<string>>;
  summary(key: ProfileKey): Promise<ParkedSummary>;
  /** In text order of their ids, from the first. */
  items(key: ProfileKey, limit: number): Promise<Page<ParkedItem>>;
  /** An id that is not there is passed over. */
  remove(key: ProfileKey, ids: readonly string[]): Promise<void>;
}

/** Ids begin with the day of arrival: `2026-03-01/…`. */
export interface RejectedRecords {
  ofDay(day: string, page: PageRequest): Promise<Page<RejectedRecord>>;
  find(id: string): Promise<RejectedRecord | undefined>;
  remove(id: string): Promise<void>;
}

export interface RefusedLinksOfDay {
  /** By the id of the profile; a day is `2026-03-01`. */
  ofDay(sandboxName: string, day: string, page: PageRequest): Promise<Page<RefusedLink>>;
}

export interface FailedBatch {
  readonly id: string;
  /** The invocation record that Lambda wrote. */
  readonly text: string;
}

export interface FailedBatches {
  list(page: PageRequest): Promise<Page<FailedBatch>>;
  find(id: string): Promise<FailedBatch | undefined>;
  remove(id: string): Promise<void>;
}
