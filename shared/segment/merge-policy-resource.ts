import type { Instant, SandboxName } from '#shared/kernel/brand.ts';
import type { AttributeMerge } from '#shared/profile/merge-policy.ts';

/** A merge policy as its author keeps it; what evaluators need of it is in the rules. */
export interface MergePolicy {
  readonly id: string;
  readonly sandboxName: SandboxName;
  readonly name: string;
  readonly description?: string;
  readonly attributeMerge: AttributeMerge;
  /** From 1, one more with every change. */
  readonly version: number;
  readonly creationTime: Instant;
  readonly updateTime: Instant;
}
