import type { DestinationStore } from '#shared/activation/destination.ts';
import type { BackfillStore } from '#shared/batch/backfill.ts';
import type { SizeStore } from '#shared/batch/sizes.ts';
import type { Instant, SegmentId } from '#shared/kernel/brand.ts';
import type { FieldStore } from '#shared/schema/observed/field-store.ts';
import type { SchemaStore } from '#shared/schema/schema-store.ts';
import type { RulesArtifactStore, SegmentStore } from '#shared/segment/segment-store.ts';

export interface SegmentPorts {
  readonly segments: SegmentStore;
  readonly artifacts: RulesArtifactStore;
  /** How far the walk after a publish is. */
  readonly backfills: Pick<BackfillStore, 'find'>;
  readonly sizes: Pick<SizeStore, 'newest'>;
  readonly destinations: Pick<DestinationStore, 'standing'>;
  readonly schemas: Pick<SchemaStore, 'find'>;
  readonly fields: Pick<FieldStore, 'findIndex'>;
  /** How long events are kept: no window may be longer. */
  readonly retentionMs: number;
  readonly now: () => Instant;
  readonly newId: () => SegmentId;
  /** Waits a while before the given attempt; publishers that collide must not collide again. */
  readonly pause: (attempt: number) => Promise<void>;
}
