/** What the service must know of an expression before it keeps it: that it is PQL, its text, and whom it refers to. */
import { Problem } from '#shared/api/problem.ts';
import type { Diagnostic } from '#shared/pql/diagnostic.ts';
import { windowsBeyond } from '#shared/pql/incremental/retention.ts';
import { type Checked, compilePql, fromJson, parse, print } from '#shared/pql/index.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';
import { declarationsFor } from '#shared/schema/declarations.ts';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';
import type { SegmentDefinition, SegmentEvaluation } from '#shared/segment/segment-definition.ts';

type Written = Pick<SegmentDefinition, 'expression' | 'timeZone' | 'declared'>;

/** The expression as `pql/text`, or the problem with every diagnostic and its position. */
export const checkedText = (written: Written): string => checkExpression(written).text;

function checkExpression({ expression, timeZone, declared = {} }: Written): {
  readonly text: string;
  readonly checked: Checked;
} {
  const text = spelledOut(expression);
  const options = { mode: 'segment', ...(timeZone === undefined ? {} : { timeZone }) } as const;
  const compiled = compilePql(text, composedSchema(declared), options);
  if (!compiled.ok) throw invalidExpression(compiled.error);
  return { text, checked: compiled.value.checked };
}

/** Decided by the service, never by the author; the expression is checked with it. */
export function evaluationOf(written: Written, retentionMs: number): SegmentEvaluation {
  const { timeZone, declared } = written;
  const { text, checked } = checkExpression(written);
  const tooLong = windowsBeyond(checked, retentionMs);
  if (tooLong.length > 0) throw invalidExpression(tooLong);
  const condition = {
    expression: text,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(declared && { declared }),
  };
  const { evaluationClass, reasons } = analyzeDefinition(condition).plan;
  return { evaluationClass, reasons };
}

/** What the sandbox declares, by now, of the fields that the expression names; nothing where it can't be read. */
export function declaredFor(
  expression: SegmentDefinition['expression'],
  extensions: SchemaExtensions,
): Pick<SegmentDefinition, 'declared'> {
  const parsed = parse(spelledOut(expression));
  const declared = parsed.ok ? declarationsFor(parsed.value, extensions) : undefined;
  return declared === undefined ? {} : { declared };
}

const spelledOut = ({ format, value }: SegmentDefinition['expression']) =>
  format === 'pql/json' ? textOf(value) : value;

/** The other spelling of the same tree; evaluators read text only. */
function textOf(json: string): string {
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

function invalidExpression(diagnostics: readonly Diagnostic[]): Problem {
  const [first] = diagnostics;
  const where = first === undefined ? '' : ` Line ${first.line}, column ${first.column}: ${first.message}`;
  return new Problem('invalid-expression', `The expression is not valid PQL.${where}`, { diagnostics });
}
