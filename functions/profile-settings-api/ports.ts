import type { DestinationStore } from '#shared/activation/destination.ts';
import type { GraphRebuildStore } from '#shared/batch/graph-rebuild.ts';
import type { Instant } from '#shared/kernel/brand.ts';
import type { SchemaStore } from '#shared/schema/schema-store.ts';
import type { ComputedAttribute } from '#shared/segment/computed-attribute.ts';
import type { MergePolicy } from '#shared/segment/merge-policy-resource.ts';
import type { RulesResourceStore } from '#shared/segment/rules-resource-store.ts';
import type { RulesArtifactStore, SegmentStore } from '#shared/segment/segment-store.ts';

export interface ProfileSettingsPorts {
  readonly policies: RulesResourceStore<MergePolicy>;
  readonly attributes: RulesResourceStore<ComputedAttribute>;
  readonly segments: Pick<SegmentStore, 'findRules' | 'list' | 'findMany'>;
  readonly artifacts: RulesArtifactStore;
  readonly destinations: Pick<DestinationStore, 'standing'>;
  readonly schemas: Pick<SchemaStore, 'find'>;
  readonly retentionMs: number;
  readonly now: () => Instant;
  readonly newId: () => string;
  /** Of two the later one's is greater. */
  readonly newJobId: () => string;
  readonly rebuilds: Pick<GraphRebuildStore, 'put'>;
  /** Waits a while before the given attempt; writers that collide must not collide again. */
  readonly pause: (attempt: number) => Promise<void>;
}
