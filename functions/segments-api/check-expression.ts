/** What the service must know of an expression before it keeps it: that it is PQL, its text, and whom it refers to. */
import { Problem } from '#shared/api/problem.ts';
import type { Diagnostic } from '#shared/pql/diagnostic.ts';
import { compilePql, defaultSchema } from '#shared/pql/index.ts';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';
import type { SegmentDefinition, SegmentEvaluation } from '#shared/segment/segment-definition.ts';

type Written = Pick<SegmentDefinition, 'expression' | 'timeZone'>;

/** The expression as `pql/text`, or the problem with every diagnostic and its position. */
export function checkedText({ expression, timeZone }: Written): string {
  if (expression.format !== 'pql/text') throw unsupportedFormat();
  const options = { mode: 'segment', ...(timeZone === undefined ? {} : { timeZone }) } as const;
  const compiled = compilePql(expression.value, defaultSchema, options);
  if (!compiled.ok) throw invalidExpression(compiled.error);
  return expression.value;
}

/** Decided by the service, never by the author; the expression is checked with it. */
export function evaluationOf(written: Written): SegmentEvaluation {
  const { timeZone } = written;
  const condition = { expression: checkedText(written), ...(timeZone === undefined ? {} : { timeZone }) };
  const { evaluationClass, reasons } = analyzeDefinition(condition).plan;
  return { evaluationClass, reasons };
}

function unsupportedFormat(): Problem {
  const mistakes = [{ pointer: '/expression/format', message: 'pql/json is not read by this version: send pql/text' }];
  return new Problem('invalid-request', 'The expression is in a format that this version does not read.', { mistakes });
}

function invalidExpression(diagnostics: readonly Diagnostic[]): Problem {
  const [first] = diagnostics;
  const where = first === undefined ? '' : ` Line ${first.line}, column ${first.column}: ${first.message}`;
  return new Problem('invalid-expression', `The expression is not valid PQL.${where}`, { diagnostics });
}
