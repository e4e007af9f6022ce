/**
 * The published definitions of a sandbox as one versioned artifact: what every evaluator loads. How it comes about: rules.ts.
 */
import type { Keep } from '#shared/pql/incremental/plan.ts';
import type { AttributeMerge } from '#shared/profile/merge-policy.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';

/**
 * Who decides: `scheduled` a batch job, because the author asked for nothing else; `external` somebody else, who uploads
 * memberships. Both are read from what batch left at the profile.
 */
export type BatchKind = 'scheduled' | 'external';

export interface RulesDefinition {
  readonly id: string;
  readonly name: string;
  readonly ordinal: number;
  readonly version: number;
  readonly since: number;
  /** When its condition was published, epoch milliseconds; absent in rules of earlier releases. */
  readonly publishedAt?: number;
  /** Absent where its own expression decides, as things happen. */
  readonly kind?: BatchKind;
  /** Absent where the sandbox's default holds. */
  readonly mergePolicyId?: string;
  /** `pql/text`; of an external audience empty. */
  readonly expression: string;
  readonly timeZone?: string;
  /** What the sandbox declared of the fields that it names: absent where the default fields are all that it reads. */
  readonly declared?: SchemaExtensions;
  /** Nobody who opted out is a member, whatever its expression says; absent where they may be. */
  readonly excludesOptOut?: true;
  /** The leaf of each slot of its plan, by ordinal. */
  readonly leaves: readonly number[];
}

export interface RulesLeaf {
  readonly key: string;
  readonly ordinal: number;
  readonly since: number;
  readonly keep: Keep;
}

/** A definition that is gone: its members exit when their profile is next evaluated. */
export interface RetiredDefinition {
  readonly id: string;
  readonly name: string;
  readonly ordinal: number;
}

/** What `computed.<name>` stands for in the expressions of definitions and of other computed attributes. */
export interface RulesComputedAttribute {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** `pql/text`, of any type. */
  readonly expression: string;
  /** Of the fields that it names, as of when it was written. */
  readonly declared?: SchemaExtensions;
}

export interface RulesArtifact {
  /** 1 where nothing is in it that a release which knows only that would read wrongly. */
  readonly format: 1 | 2;
  readonly rulesVersion: number;
  readonly nextSegmentOrdinal: number;
  readonly nextLeafOrdinal: number;
  readonly definitions: readonly RulesDefinition[];
  readonly leaves: readonly RulesLeaf[];
  readonly retired: readonly RetiredDefinition[];
  readonly mergePolicies?: readonly RulesMergePolicy[];
  readonly defaultMergePolicyId?: string;
  readonly computed?: readonly RulesComputedAttribute[];
  /** Whether identities that are named together are one person; absent where it was never set, and then they are. */
  readonly identityGraph?: IdentityGraph;
}

export type IdentityGraph = 'none' | 'pdg';

export interface RulesMergePolicy {
  readonly id: string;
  readonly attributeMerge: AttributeMerge;
}

export type PublishedDefinition = Pick<
  RulesDefinition,
  | 'id'
  | 'name'
  | 'version'
  | 'publishedAt'
  | 'kind'
  | 'mergePolicyId'
  | 'expression'
  | 'timeZone'
  | 'declared'
  | 'excludesOptOut'
>;

export type RulesChange =
  | { readonly kind: 'identity-graph'; readonly identityGraph: IdentityGraph }
  | { readonly kind: 'put'; readonly definition: PublishedDefinition }
  | { readonly kind: 'delete'; readonly id: string }
  | {
      readonly kind: 'merge-policies';
      readonly mergePolicies: readonly RulesMergePolicy[];
      readonly defaultMergePolicyId?: string;
      /** Epoch milliseconds. */
      readonly changedAt: number;
    }
  | { readonly kind: 'put-computed'; readonly attribute: RulesComputedAttribute; readonly changedAt: number }
  | { readonly kind: 'delete-computed'; readonly id: string };
