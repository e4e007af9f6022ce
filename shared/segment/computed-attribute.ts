import type { Instant, SandboxName } from '#shared/kernel/brand.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import type { SegmentExpression } from './segment-definition.ts';

/** Only a `PROCESSED` one is in the rules: its value is known the moment it is published. */
export const COMPUTED_STATUSES = ['DRAFT', 'PROCESSED', 'DISABLED'] as const;
export type ComputedStatus = (typeof COMPUTED_STATUSES)[number];

/** What an author writes down to have a value on every profile, kept up to date. */
export interface ComputedAttribute {
  readonly id: string;
  readonly sandboxName: SandboxName;
  /** Unique among those of the sandbox: expressions read it as `computed.<name>`. */
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly expression: SegmentExpression;
  readonly schema: { readonly name: string };
  /** Of the fields that the expression names, as of when it was written. */
  readonly declared?: SchemaExtensions;
  readonly status: ComputedStatus;
  /** From 1, one more with every change. */
  readonly version: number;
  readonly creationTime: Instant;
  readonly updateTime: Instant;
}
