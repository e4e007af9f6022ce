import type { PreviewStore } from '#shared/preview/preview-store.ts';
import type { ProfileSegments } from '#shared/profile/profile-segments.ts';
import type { HistoryStore, ProfileStore } from '#shared/profile/profile-store.ts';
import type { SchemaStore } from '#shared/schema/schema-store.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import type { SegmentStore } from '#shared/segment/segment-store.ts';

export interface PreviewPorts {
  readonly previews: PreviewStore;
  readonly segments: ProfileSegments;
  readonly profiles: Pick<ProfileStore, 'read'>;
  readonly history: Pick<HistoryStore, 'read'>;
  readonly rules: RulesStore;
  readonly definitions: Pick<SegmentStore, 'find' | 'findVersion'>;
  readonly schemas: Pick<SchemaStore, 'find'>;
  readonly retentionMs: number;
  readonly now: () => number;
  readonly newId: () => string;
  /** Told of an evaluation that broke off: our mistake, which the preview is ended by. */
  readonly report: (error: unknown) => void;
}
