/** `POST /segment/conversion`: the other spelling of an expression. */
import { expressionText, invalidExpression } from '#shared/api/expression-text.ts';
import type { convertSegmentExpression } from '#shared/api/operations/segment-definitions.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { parse, toJson } from '#shared/pql/index.ts';
import type { SegmentExpression } from '#shared/segment/segment-definition.ts';

export async function convertExpression({
  body,
}: OperationRequest<typeof convertSegmentExpression>): Promise<HttpResponse> {
  return { status: 200, body: { ...body, expression: converted(body.expression) } };
}

function converted(expression: SegmentExpression): SegmentExpression {
  if (expression.format === 'pql/json') return { type: 'PQL', format: 'pql/text', value: expressionText(expression) };
  return { type: 'PQL', format: 'pql/json', value: jsonOf(expression.value) };
}

export function jsonOf(text: string): string {
  const parsed = parse(text);
  if (!parsed.ok) throw invalidExpression(parsed.error);
  return JSON.stringify(toJson(parsed.value));
}
