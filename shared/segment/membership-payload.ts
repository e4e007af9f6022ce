/** What a membership carries besides its status: of a definition that reads a score, the score, as the published schema has it. */
import type { BatchResults } from '#shared/profile/batch-results.ts';
import type { Membership } from '#shared/profile/profile-state.ts';
import type { CompiledDefinition } from './compiled-rules.ts';

export interface MembershipPayload {
  readonly payloadType: 'propensity';
  /** The probability, above 0 and at most 1. */
  readonly payloadPropensityValue: number;
}

const READ = /\bpropensity\s*\.\s*([A-Za-z][A-Za-z0-9_]*)/g;

/** By the first score that the expression names and the profile has; nothing of a membership that is over. */
export function payloadOf(
  { expression, attributeTerms: { roots } }: Pick<CompiledDefinition, 'expression' | 'attributeTerms'>,
  { status }: Membership,
  batch: BatchResults | undefined,
): MembershipPayload | undefined {
  if (status !== 'realized' || batch === undefined || !roots.has('propensity')) return undefined;
  for (const [, instanceId = ''] of expression.matchAll(READ)) {
    const score = batch.scores.get(instanceId);
    if (score !== undefined) return { payloadType: 'propensity', payloadPropensityValue: score.probability };
  }
  return undefined;
}
