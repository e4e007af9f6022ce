/** What an author is about to make of a definition, kept beside it until it is published or dropped. */
import type { Instant, SegmentId } from '#shared/kernel/brand.ts';
import type { SegmentDefinition } from './segment-definition.ts';

type Drafted =
  | 'name'
  | 'description'
  | 'expression'
  | 'timeZone'
  | 'mergePolicyId'
  | 'folder'
  | 'labels'
  | 'tags'
  | 'dataGovernancePolicy';

export interface DraftRevision {
  readonly definitionId: SegmentId;
  /** From 1, one more each time it is saved. */
  readonly revision: number;
  /** Of the definition, which the author saw. */
  readonly basedOnVersion: number;
  /** What it changes; all else stays as it is when the draft is published. `null` takes a field away. */
  readonly fields: { readonly [Field in Drafted]?: SegmentDefinition[Field] | null };
  readonly updateTime: Instant;
  readonly updatedBy: string;
}
