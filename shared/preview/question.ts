/** An expression as a preview asks it: what decides, and what must be read of a profile to decide. */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { analyze } from '#shared/pql/incremental/index.ts';
import type { LeafSpec } from '#shared/pql/incremental/plan.ts';
import { windowsBeyond } from '#shared/pql/incremental/retention.ts';
import { type Checked, compile, type Diagnostic, dependencies, type EvaluationInput } from '#shared/pql/index.ts';
import { hash32 } from '#shared/profile/hash.ts';
import type { ProfileState } from '#shared/profile/profile-state.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import { rootsIn } from '#shared/segment/attribute-terms.ts';
import { readsMerged } from '#shared/segment/rules-policies.ts';

/** What stays the same between the requests of a preview. */
export interface QuestionText {
  /** `pql/text`. */
  readonly expression: string;
  readonly timeZone?: string | undefined;
  /** What the sandbox declares of the fields that it names. */
  readonly declared?: SchemaExtensions | undefined;
  readonly mergePolicyId?: string | undefined;
}

export interface Question extends QuestionText {
  readonly checked: Checked;
  readonly holds: (input: EvaluationInput) => boolean;
  /** Ids and names of the segments that it asks about. */
  readonly segments: readonly string[];
  /** Of any data set: what is read of nobody need not be merged. */
  readonly readsAttributes: boolean;
  /** Whether it may read an event of a profile whose events are of these types (hashes). */
  readonly readsEventsOf: (state: Pick<ProfileState, 'eventTypes'>) => boolean;
}

/** Fails where it looks further back than events are kept. */
export function questionOf(
  checked: Checked,
  text: QuestionText,
  retentionMs: number,
): Result<Question, readonly Diagnostic[]> {
  const tooLong = windowsBeyond(checked, retentionMs);
  if (tooLong.length > 0) return fail(tooLong);
  const { timeZone } = text;
  const evaluate = compile(checked, { mode: 'segment', timeZone });
  const { evaluationClass, leaves } = analyze(checked, timeZone === undefined ? {} : { timeZone });
  const isReplayed = evaluationClass === 'replay';
  const readsType = leaves.map(readerOf);
  return ok({
    ...text,
    checked,
    holds: (input) => evaluate(input) === true,
    segments: dependencies(checked).segments,
    readsAttributes: readsMerged(rootsIn(checked)),
    readsEventsOf: ({ eventTypes }) =>
      eventTypes.size > 0 && (isReplayed || readsType.some((reads) => reads(eventTypes))),
  });
}

function readerOf({ eventTypes }: LeafSpec): (known: ReadonlySet<number>) => boolean {
  if (eventTypes === 'any') return () => true;
  const hashes = eventTypes.map(hash32);
  return (known) => hashes.some((type) => known.has(type));
}
