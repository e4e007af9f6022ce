/** What the service must know of an expression before it keeps it: that it is PQL, its text, and whom it refers to. */
import { expressionText, invalidExpression } from '#shared/api/expression-text.ts';
import { Problem } from '#shared/api/problem.ts';
import { computedMistakes, inlineComputed } from '#shared/pql/computed.ts';
import { type Diagnostic, errorAt } from '#shared/pql/diagnostic.ts';
import { windowsBeyond } from '#shared/pql/incremental/retention.ts';
import { type Checked, compilePql, parse, type Schema } from '#shared/pql/index.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';
import { declarationsFor } from '#shared/schema/declarations.ts';
import { type ComputedTable, schemaWith } from '#shared/segment/computed-table.ts';
import { analyzeDefinition, type DefinitionPlan } from '#shared/segment/definition-plan.ts';
import type { RulesDefinition } from '#shared/segment/rules.ts';
import type { SegmentDefinition, SegmentEvaluation } from '#shared/segment/segment-definition.ts';

export type Written = Pick<SegmentDefinition, 'expression' | 'timeZone' | 'declared'>;

export interface CheckedExpression {
  /** As `pql/text`. */
  readonly text: string;
  /** Absent where there are errors. */
  readonly checked?: Checked;
  /** Warnings too. */
  readonly diagnostics: readonly Diagnostic[];
}

type Published = Pick<RulesDefinition, 'expression' | 'timeZone' | 'declared'>;

/** Refuses what can't be evaluated, with every diagnostic and its position. */
export function requireValid({ expression, ...more }: Published, computed: ComputedTable): void {
  const written = { expression: { type: 'PQL', format: 'pql/text', value: expression }, ...more } as const;
  required(checkExpression(written, { computed }));
}

export interface CheckedAgainst {
  readonly retentionMs?: number;
  /** All that is known of the sandbox, which means the same as what the expression takes along, and warns of more. */
  readonly schema?: Schema;
  readonly computed: ComputedTable;
}

/**
 * What there is to say of an expression; with a retention, also of windows beyond it. `checked` has what computed attributes
 * stand for in their place.
 */
export function checkExpression(
  { expression, timeZone, declared = {} }: Written,
  { retentionMs, schema = composedSchema(declared), computed }: CheckedAgainst,
): CheckedExpression {
  const text = expressionText(expression);
  const options = { mode: 'segment', ...(timeZone === undefined ? {} : { timeZone }) } as const;
  const compiled = compilePql(text, schemaWith(schema, computed), options);
  if (!compiled.ok) return { text, diagnostics: compiled.error };
  const { warnings } = compiled.value;
  const checked = inlineComputed(compiled.value.checked, computed.expressions);
  const tooLong = retentionMs === undefined ? [] : windowsBeyond(checked, retentionMs);
  const mistakes = [...computedMistakes(checked), ...tooLong];
  return mistakes.length > 0
    ? { text, diagnostics: [...mistakes, ...warnings] }
    : { text, checked, diagnostics: warnings };
}

function required({ text, checked, diagnostics }: CheckedExpression): { readonly text: string } {
  if (checked === undefined) throw invalidExpression(diagnostics);
  return { text };
}

/** The same of what can't even be read as JSON, by what the sandbox declares now. */
export function diagnosticsOf(
  written: Written,
  against: CheckedAgainst,
  extensions: SchemaExtensions,
): readonly Diagnostic[] {
  try {
    const { declared: _, ...undeclared } = written;
    return checkExpression({ ...undeclared, ...declaredFor(written.expression, extensions) }, against).diagnostics;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const place = { start: 0, end: 0, line: 1, column: 1 };
    return error.details.diagnostics ?? [errorAt(place, 'PQL2201', 'the value is not JSON')];
  }
}

/** Decided by the service, never by the author; the expression is checked with it. */
export function evaluationOf(written: Written, retentionMs: number, computed: ComputedTable): SegmentEvaluation {
  const { text } = required(checkExpression(written, { retentionMs, computed }));
  const { evaluationClass, reasons } = planOf(text, written, computed).plan;
  return { evaluationClass, reasons };
}

export function planOf(text: string, { timeZone, declared }: Written, computed: ComputedTable): DefinitionPlan {
  const chosen = { ...(timeZone === undefined ? {} : { timeZone }), ...(declared && { declared }) };
  return analyzeDefinition({ expression: text, ...chosen }, computed);
}

type Declared = Pick<SegmentDefinition, 'declared'>;

/** As a field that is set or taken away; nothing where the expression stays. */
export const declaredField = (found: Declared | undefined) =>
  found === undefined ? {} : { declared: found.declared ?? null };

/** What the sandbox declares, by now, of the fields that the expression names; nothing where it can't be read. */
export function declaredFor(expression: SegmentDefinition['expression'], extensions: SchemaExtensions): Declared {
  const parsed = parse(expressionText(expression));
  const declared = parsed.ok ? declarationsFor(parsed.value, extensions) : undefined;
  return declared === undefined ? {} : { declared };
}
