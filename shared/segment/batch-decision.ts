/** Memberships that batch decides: what its results say of a definition at an instant, and when that ends by itself. */
import type { BatchResults } from '#shared/profile/batch-results.ts';
import type { Membership } from '#shared/profile/profile-state.ts';
import type { CompiledDefinition } from './compiled-rules.ts';

type Decided = Pick<CompiledDefinition, 'kind' | 'ordinal' | 'since'>;

/**
 * Whether the profile belongs, by batch. Undefined where batch has said nothing: its results were not read, no job has
 * decided a scheduled definition yet, or only by the condition that it had before. Then the membership stays as it is.
 */
export function decidedByBatch(definition: Decided, batch: BatchResults | undefined, at: number): boolean | undefined {
  const { kind, ordinal, since } = definition;
  if (batch === undefined) return undefined;
  if (kind === 'external') return at < (batch.external.get(ordinal)?.validUntil ?? Number.NEGATIVE_INFINITY);
  const result = batch.segments.get(ordinal);
  return result === undefined || result.rulesVersion < since ? undefined : result.qualifies;
}

/** When an external membership ends. */
export function endOfExternal({ kind, ordinal }: Decided, batch: BatchResults | undefined, at: number) {
  const validUntil = kind === 'external' ? batch?.external.get(ordinal)?.validUntil : undefined;
  return validUntil !== undefined && validUntil > at ? validUntil : undefined;
}

/** Since when it is so: the job's instant, and of an upload that came after its own end, that end. Time never goes back. */
export function decidedSince(
  { kind, ordinal }: Decided,
  { external, segments }: BatchResults,
  { current, now }: { readonly current: Membership | undefined; readonly now: number },
): number {
  const said = kind === 'external' ? external.get(ordinal) : segments.get(ordinal);
  if (said === undefined) return now;
  const since = 'validUntil' in said && said.validUntil <= now ? said.validUntil : said.at;
  return Math.min(now, Math.max(since, current?.lastQualificationTime ?? 0));
}
