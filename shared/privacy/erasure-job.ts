/** A request to erase somebody, from the day it came to the receipt, which holds nothing of whom it was about. */
import type { Identity } from '#shared/profile/identity.ts';
import type { Estate } from '#shared/profile/profile-store.ts';

export type ErasureStatus = 'NEW' | 'PROCESSING' | 'COMPLETED' | 'ERROR';

/**
 *     find ──nobody of them is anybody's any more──▶ clear ──what was under way has ended──▶ forget ──once more──▶ clear again ──▶ done
 */
export type ErasureStep = 'find' | 'clear' | 'forget' | 'clear-again' | 'done';

export interface ErasureJob {
  readonly jobId: string;
  readonly sandboxName: string;
  readonly requestedBy: string;
  readonly reason?: string;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  readonly updatedAt: number;
  readonly status: ErasureStatus;
  readonly step: ErasureStep;
  /** Those that were named; gone with the end of the job. */
  readonly identities: readonly Identity[];
  readonly namespaces: Readonly<Record<string, number>>;
  /** Ids of the profiles that were asked to go, noted before they are asked, and their aliases. */
  readonly profileIds: readonly string[];
  /** What they left; gone with the end of the job. */
  readonly estates: readonly Estate[];
  /** How much was removed where, by the name of the store. */
  readonly removed: Readonly<Record<string, number>>;
  /** Stores that are done in this step. */
  readonly clearedStores: readonly string[];
  /** Profiles that really were somebody. */
  readonly profiles: number;
  readonly completedAt?: number;
  /** Why it doesn't get on. */
  readonly trouble?: string;
  readonly revision: number;
}

export const isOpenErasure = ({ status }: Pick<ErasureJob, 'status'>): boolean => status !== 'COMPLETED';

export interface ErasureJobs {
  /** False where there is one of this id. */
  create(job: ErasureJob): Promise<boolean>;
  find(sandboxName: string, jobId: string): Promise<ErasureJob | undefined>;
  /** The newest first. */
  list(
    sandboxName: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<ErasurePage>;
  listOpen(): Promise<readonly Pick<ErasureJob, 'sandboxName' | 'jobId'>[]>;
  /** False where another was faster. */
  update(before: ErasureJob, after: ErasureJob): Promise<boolean>;
}

export interface ErasurePage {
  readonly jobs: readonly ErasureJob[];
  readonly next: string | undefined;
}

/** It may hold events of others, too, and of whom an identity leads to by now. */
export interface SharedPartition {
  readonly profileId: string;
  readonly identities: readonly Identity[];
  /** Epoch milliseconds: what these identities did no later is theirs who was erased. */
  readonly erasedAt: number;
}

/** Somebody who is to leave no trace. */
export interface ErasedPerson {
  readonly sandboxName: string;
  readonly identities: readonly Identity[];
  /** Their own, and of all that became one with them. */
  readonly profileIds: readonly string[];
  /** Ids under which their events are kept, and nobody else's. */
  readonly partitions: readonly string[];
  readonly sharedPartitions: readonly SharedPartition[];
  /** Texts by which they may be found where only values are kept. */
  readonly values: readonly string[];
  /** Whatever is newer is of somebody else. */
  readonly requestedAt: number;
}

/** A place that may hold something of a person. */
export interface PersonalStore {
  readonly name: string;
  /** Repeatable. How much was removed by this call. */
  clear(person: ErasedPerson): Promise<number>;
}
