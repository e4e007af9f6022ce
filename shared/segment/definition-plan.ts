/** From a definition's text to what evaluates it: the one place where published expressions are compiled. */
import { InvariantViolation, invariant } from '#shared/kernel/invariant.ts';
import { inlineComputed } from '#shared/pql/computed.ts';
import { analyze, analyzeAsReplay } from '#shared/pql/incremental/index.ts';
import type { Plan } from '#shared/pql/incremental/plan.ts';
import { check, dependencies, parse, simplify } from '#shared/pql/index.ts';
import { withConsent } from '#shared/profile/consent.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';
import { type AttributeTerms, attributeTerms, NO_TERMS } from './attribute-terms.ts';
import { type ComputedTable, NO_COMPUTED, schemaWith } from './computed-table.ts';

export interface DefinitionPlan {
  readonly plan: Plan;
  readonly attributeTerms: AttributeTerms;
  /** Ids and names of the segments that it asks about. */
  readonly segments: readonly string[];
}

interface Condition {
  readonly kind?: 'scheduled' | 'external' | undefined;
  readonly expression: string;
  readonly timeZone?: string;
  /** What the sandbox declared of the fields that it names, when it was accepted. */
  readonly declared?: SchemaExtensions;
  readonly excludesOptOut?: boolean;
}

/** The expression must be one that was accepted: a mistake in it is a violated invariant. */
export const analyzeDefinition = (condition: Condition, computed = NO_COMPUTED): DefinitionPlan =>
  condition.kind === undefined ? planWith(analyze, condition, computed) : DECIDED_BY_BATCH;

/** Nothing is kept of its events, and no event, attribute or segment makes it look again: see `BatchKind`. */
const DECIDED_BY_BATCH: DefinitionPlan = {
  plan: {
    evaluationClass: 'incremental',
    reasons: ['it is evaluated in batch only'],
    leaves: [],
    clock: 'none',
    evaluate: () => {
      throw new InvariantViolation('what batch decides is not evaluated from events');
    },
    nextFlip: () => undefined,
  },
  attributeTerms: NO_TERMS,
  segments: [],
};

/** The same, evaluated from history whatever its shape. */
export const replayDefinition = (condition: Condition, computed = NO_COMPUTED): DefinitionPlan =>
  planWith(analyzeAsReplay, condition, computed);

function planWith(
  make: typeof analyze,
  { expression: own, timeZone, declared = {}, excludesOptOut = false }: Condition,
  computed: ComputedTable,
): DefinitionPlan {
  const expression = excludesOptOut ? withConsent(own) : own;
  const parsed = parse(expression);
  invariant(parsed.ok, `a published expression does not parse: ${expression}`);
  const schema = schemaWith(composedSchema(declared), computed);
  const { expression: written, diagnostics } = check(parsed.value, schema, { mode: 'segment', timeZone });
  invariant(
    !diagnostics.some(({ severity }) => severity === 'error'),
    `a published expression is wrong: ${expression}`,
  );
  const checked = inlineComputed(written, computed.expressions);
  const { segments } = dependencies(checked);
  return { plan: make(simplify(checked), { timeZone }), attributeTerms: attributeTerms(checked, timeZone), segments };
}
