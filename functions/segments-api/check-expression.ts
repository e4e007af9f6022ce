/** What the service must know of an expression before it keeps it: that it is PQL, its text, and whom it refers to. */
import { Problem } from '#shared/api/problem.ts';
import { type Diagnostic, errorAt } from '#shared/pql/diagnostic.ts';
import { windowsBeyond } from '#shared/pql/incremental/retention.ts';
import { type Checked, compilePql, fromJson, parse, print, type Schema } from '#shared/pql/index.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';
import { declarationsFor } from '#shared/schema/declarations.ts';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';
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

/** The expression as `pql/text`, or the problem with every diagnostic and its position. */
export const checkedText = (written: Written): string => required(checkExpression(written)).text;

/**
 * What there is to say of an expression; with a retention, also of windows beyond it. It is checked by what it takes along,
 * unless by all that is known of the sandbox, which means the same and warns of more.
 */
export function checkExpression(
  { expression, timeZone, declared = {} }: Written,
  retentionMs?: number,
  schema: Schema = composedSchema(declared),
): CheckedExpression {
  const text = spelledOut(expression);
  const options = { mode: 'segment', ...(timeZone === undefined ? {} : { timeZone }) } as const;
  const compiled = compilePql(text, schema, options);
  if (!compiled.ok) return { text, diagnostics: compiled.error };
  const { checked, warnings } = compiled.value;
  const tooLong = retentionMs === undefined ? [] : windowsBeyond(checked, retentionMs);
  return tooLong.length > 0
    ? { text, diagnostics: [...tooLong, ...warnings] }
    : { text, checked, diagnostics: warnings };
}

function required({ text, checked, diagnostics }: CheckedExpression): { readonly text: string } {
  if (checked === undefined) throw invalidExpression(diagnostics);
  return { text };
}

/** The same of what can't even be read as JSON, by what the sandbox declares now. */
export function diagnosticsOf(
  written: Written,
  retentionMs: number,
  extensions: SchemaExtensions,
): readonly Diagnostic[] {
  try {
    const { declared: _, ...undeclared } = written;
    return checkExpression({ ...undeclared, ...declaredFor(written.expression, extensions) }, retentionMs).diagnostics;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const place = { start: 0, end: 0, line: 1, column: 1 };
    return error.details.diagnostics ?? [errorAt(place, 'PQL2201', 'the value is not JSON')];
  }
}

/** Decided by the service, never by the author; the expression is checked with it. */
export function evaluationOf(written: Written, retentionMs: number): SegmentEvaluation {
  const { text } = required(checkExpression(written, retentionMs));
  const { evaluationClass, reasons } = planOf(text, written).plan;
  return { evaluationClass, reasons };
}

export const planOf = (text: string, { timeZone, declared }: Written) =>
  analyzeDefinition({
    expression: text,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(declared && { declared }),
  });

type Declared = Pick<SegmentDefinition, 'declared'>;

/** As a field that is set or taken away; nothing where the expression stays. */
export const declaredField = (found: Declared | undefined) =>
  found === undefined ? {} : { declared: found.declared ?? null };

/** What the sandbox declares, by now, of the fields that the expression names; nothing where it can't be read. */
export function declaredFor(expression: SegmentDefinition['expression'], extensions: SchemaExtensions): Declared {
  const parsed = parse(spelledOut(expression));
  const declared = parsed.ok ? declarationsFor(parsed.value, extensions) : undefined;
  return declared === undefined ? {} : { declared };
}

const spelledOut = ({ format, value }: SegmentDefinition['expression']) =>
  format === 'pql/json' ? textOf(value) : value;

/** The other spelling of the same tree; evaluators read text only. */
export function textOf(json: string): string {
  const tree = fromJson(parseJson(json));
  if (!tree.ok) throw invalidExpression(tree.error);
  return print(tree.value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const mistakes = [{ pointer: '/expression/value', message: `is not JSON: ${(error as SyntaxError).message}` }];
    throw new Problem('invalid-request', 'The body has one mistake.', { mistakes });
  }
}

export function invalidExpression(diagnostics: readonly Diagnostic[]): Problem {
  const [first] = diagnostics;
  const where = first === undefined ? '' : ` Line ${first.line}, column ${first.column}: ${first.message}`;
  return new Problem('invalid-expression', `The expression is not valid PQL.${where}`, { diagnostics });
}
