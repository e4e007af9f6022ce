/** What a caller sent as an expression, as text, which positions count in and evaluators read; or the problem with it. */
import { type Diagnostic, fromJson, print } from '#shared/pql/index.ts';
import { Problem } from './problem.ts';

export interface SentExpression {
  readonly format: 'pql/text' | 'pql/json';
  readonly value: string;
}

/** Text may be no PQL, and is refused later; a tree must be one. `pointer`: where the value stands in the body. */
export function expressionText({ format, value }: SentExpression, pointer = '/expression/value'): string {
  if (format === 'pql/text') return value;
  const tree = fromJson(parseJson(value, pointer));
  if (!tree.ok) throw invalidExpression(tree.error);
  return print(tree.value);
}

function parseJson(text: string, pointer: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const mistakes = [{ pointer, message: `is not JSON: ${(error as SyntaxError).message}` }];
    throw new Problem('invalid-request', 'The body has one mistake.', { mistakes });
  }
}

export function invalidExpression(diagnostics: readonly Diagnostic[]): Problem {
  const [first] = diagnostics;
  const where = first === undefined ? '' : ` Line ${first.line}, column ${first.column}: ${first.message}`;
  return new Problem('invalid-expression', `The expression is not valid PQL.${where}`, { diagnostics });
}
