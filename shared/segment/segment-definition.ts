/** What an author writes down to say who belongs to an audience, and how it is kept. */
import type { Instant, SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import type { BatchKind } from './rules.ts';

export interface SegmentExpression {
  readonly type: 'PQL';
  readonly format: 'pql/text' | 'pql/json';
  readonly value: string;
}

/** How the service keeps its memberships up to date, found when the expression was checked, and why so. */
export interface SegmentEvaluation {
  readonly evaluationClass: 'incremental' | 'replay';
  readonly reasons: readonly string[];
}

/** Only `published` definitions are evaluated. */
export const LIFECYCLE_STATES = ['draft', 'published', 'inactive', 'archived'] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

/** Where an audience comes from, as its uploader says; nothing here goes by it. */
export interface AudienceOrigin {
  readonly audienceId?: string;
  readonly namespace?: string;
  readonly originName?: string;
  readonly datasetId?: string;
  readonly linkedAudienceRef?: Readonly<Record<string, string>>;
}

export interface SegmentDefinition {
  readonly id: SegmentId;
  readonly sandboxName: SandboxName;
  /** Unique among the definitions of its sandbox, to the letter. */
  readonly name: string;
  readonly description?: string;
  readonly schema: { readonly name: string };
  readonly expression: SegmentExpression;
  /** Calendar terms of the expression follow it; UTC without one. */
  readonly timeZone?: string;
  /** What the sandbox declared of the fields that the expression names, when it was accepted: it is evaluated by it. */
  readonly declared?: SchemaExtensions;
  readonly mergePolicyId?: string;
  readonly profileInstanceId?: string;
  readonly payloadSchema?: string;
  readonly imsOrgId?: string;
  readonly dataGovernancePolicy: { readonly excludeOptOut: boolean };
  /** Absent where it is kept up to date continuously. */
  readonly kind?: BatchKind;
  readonly origin?: AudienceOrigin;
  readonly evaluation: SegmentEvaluation;
  readonly lifecycleState: LifecycleState;
  /** Where people find it: names from the outermost folder on, each after a slash. */
  readonly folder?: string;
  readonly labels: readonly string[];
  readonly tags: readonly string[];
  /** The version of the rules since which its condition holds; absent while it is not published. */
  readonly since?: number;
  /** From 1, one more with every change. */
  readonly version: number;
  readonly creationTime: Instant;
  readonly updateTime: Instant;
  /** Subjects of tokens; absent in definitions of earlier releases. */
  readonly createdBy?: string;
  readonly updatedBy?: string;
  /** Why this version was made. */
  readonly note?: string;
}

export const isPublished = (definition: SegmentDefinition | undefined): boolean =>
  definition?.lifecycleState === 'published';
