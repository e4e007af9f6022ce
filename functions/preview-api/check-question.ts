/** From what a caller asks to what can be evaluated, or the problem that says where it can't. */
import { expressionText, invalidExpression } from '#shared/api/expression-text.ts';
import type { CreatePreview } from '#shared/api/previews.ts';
import { Problem } from '#shared/api/problem.ts';
import { computedMistakes, inlineComputed } from '#shared/pql/computed.ts';
import { type Checked, compilePql, parse } from '#shared/pql/index.ts';
import { type Question, type QuestionText, questionOf } from '#shared/preview/question.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';
import { declarationsFor } from '#shared/schema/declarations.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { type ComputedTable, schemaWith } from '#shared/segment/computed-table.ts';

interface Predicate {
  readonly predicateExpression: string;
  readonly predicateType: 'pql/text' | 'pql/json';
}

export const predicateText = ({ predicateType, predicateExpression }: Predicate, pointer: string): string =>
  expressionText({ format: predicateType, value: predicateExpression }, pointer);

export const questionTextIn = (asked: CreatePreview, extensions: SchemaExtensions): QuestionText => ({
  ...declaredText(predicateText(asked, '/predicateExpression'), extensions),
  timeZone: asked.timeZone,
  mergePolicyId: asked.mergePolicyId,
});

/** The expression, with what is declared by now of the fields that it names. One that can't be read is refused later. */
export function declaredText(expression: string, extensions: SchemaExtensions): QuestionText {
  const parsed = parse(expression);
  const declared = parsed.ok ? declarationsFor(parsed.value, extensions) : undefined;
  return { expression, ...(declared && { declared }) };
}

export function checkQuestion(text: QuestionText, retentionMs: number, computed: ComputedTable): Question {
  const question = questionOf(checkedTree(text, computed), text, retentionMs);
  if (!question.ok) throw invalidExpression(question.error);
  return question.value;
}

/** With what computed attributes stand for in their place. */
function checkedTree({ expression, timeZone, declared = {} }: QuestionText, computed: ComputedTable): Checked {
  const schema = schemaWith(composedSchema(declared), computed);
  const compiled = compilePql(expression, schema, { mode: 'segment', timeZone });
  if (!compiled.ok) throw invalidExpression(compiled.error);
  const checked = inlineComputed(compiled.value.checked, computed.expressions);
  const mistakes = computedMistakes(checked);
  if (mistakes.length > 0) throw invalidExpression(mistakes);
  return checked;
}

/** One that is not there would silently be the sandbox's default. */
export function requirePolicy(
  { mergePolicyId }: QuestionText,
  { hasMergePolicy }: CompiledRules,
  pointer: string,
): void {
  if (mergePolicyId === undefined || hasMergePolicy(mergePolicyId)) return;
  const mistakes = [{ pointer, message: `no merge policy of this sandbox has the id ${mergePolicyId}` }];
  throw new Problem('invalid-request', 'The body has one mistake.', { mistakes });
}

/** Nobody belongs to a segment that is not published: saying so beats an answer of nobody. */
export function requirePublished({ segments }: Question, { ordinals }: CompiledRules, pointer: string): void {
  const unknown = segments.filter((reference) => !ordinals.has(reference));
  if (unknown.length === 0) return;
  const message = (reference: string) => `inSegment("${reference}") names no published definition`;
  throw new Problem('invalid-expression', 'The expression names definitions that are not published.', {
    mistakes: unknown.map((reference) => ({ pointer, message: message(reference) })),
  });
}
