/** Settings that stand in the rules as well, such as merge policies: written together with the rules that follow. */
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { RulesPointer } from './segment-store.ts';

export interface RulesResource {
  readonly id: string;
  readonly version: number;
}

/** All of it or nothing, and only if nobody else changed any of it meanwhile. */
export interface RulesResourceCommit<Resource extends RulesResource> {
  readonly sandboxName: SandboxName;
  /** As it was read; absent for a new one. */
  readonly before?: Resource;
  /** Absent when it is deleted. */
  readonly after?: Resource;
  /** The revision of the sandbox's destinations that none of them goes by it. */
  readonly destinations?: number;
  /** Present when the change concerns what is evaluated. `previousVersion` is 0 where there were no rules. */
  readonly rules?: { readonly previousVersion: number; readonly next: RulesPointer };
}

/** Reads are consistent: a change that was committed is seen. */
export interface RulesResourceStore<Resource extends RulesResource> {
  find(sandboxName: SandboxName, id: string): Promise<Resource | undefined>;
  /** In the order of ids. */
  list(sandboxName: SandboxName): Promise<readonly Resource[]>;
  /** `changed`: another writer was faster with it or with the rules; read again and decide anew. */
  commit(commit: RulesResourceCommit<Resource>): Promise<'committed' | 'changed'>;
}
