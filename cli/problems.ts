/** What went wrong, for people: the problem of the service, with the place of each mistake in an expression. */
import type { ProblemBody } from '#shared/api/problem.ts';
import type { ApiError } from '#shared/client/api-error.ts';
import { type Diagnostic, render } from '#shared/pql/diagnostic.ts';

/** `expression` is what was sent, if that was PQL text. */
export function problemText(error: ApiError, expression: string | undefined): string {
  const { problem, status, code } = error;
  // The detail of a refused expression is its first diagnostic, which stands below with its place.
  const said = problem.diagnostics?.length ? problem.title : problem.detail;
  const lines = [`${status} ${code}: ${said}`, ...detailsOf(problem, expression)];
  if (problem.requestId) lines.push(`request ${problem.requestId}`);
  return lines.join('\n');
}

function detailsOf({ mistakes = [], diagnostics = [] }: ProblemBody, expression: string | undefined): string[] {
  return [
    ...mistakes.map(({ pointer, message }) => `  ${pointer}: ${message}`),
    ...diagnostics.map((diagnostic) => diagnosticText(diagnostic, expression)),
  ];
}

/** With a line of carets under the place. */
export function diagnosticText(diagnostic: Diagnostic, expression: string | undefined): string {
  if (expression !== undefined && diagnostic.end <= expression.length) return render(expression, diagnostic);
  const { code, message, line, column } = diagnostic;
  return `${code}: ${message} (line ${line}, column ${column})`;
}
