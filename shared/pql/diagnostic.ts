import type { Span } from './ast.ts';

/** One row of the table in docs/pql.md. Codes are never renumbered or reused. */
export type DiagnosticCode =
  | 'PQL1001' // character that starts no token
  | 'PQL1002' // string, comment or back-ticked name without an end
  | 'PQL1003' // unknown escape in a string
  | 'PQL1004' // quotation marks other than the straight double ones
  | 'PQL1005' // number out of range
  | 'PQL2001' // expected something else here
  | 'PQL2002' // needs parentheses here
  | 'PQL2003' // unknown unit of time
  | 'PQL2004' // whole number expected
  | 'PQL2005' // a part of a chain step that is not allowed here
  | 'PQL2006' // `where` and `:` on one declaration
  | 'PQL2101' // expression too long
  | 'PQL2102' // expression too deeply nested
  | 'PQL2103' // expression has too many nodes
  | 'PQL2104' // list too long
  | 'PQL2105' // too many steps, declarations
  | 'PQL2106' // number too large for a count
  | 'PQL2201' // not a node of pql/json
  | 'PQL3001' // unknown function
  | 'PQL3002' // wrong number of arguments
  | 'PQL3003' // operator or function does not take this type
  | 'PQL3004' // literal that cannot take the type it is used with
  | 'PQL3005' // `^` past the profile
  | 'PQL3006' // no such parameter
  | 'PQL3007' // label that may not be named here
  | 'PQL3008' // regular expression refused
  | 'PQL3009' // impossible date
  | 'PQL3010' // lambda where none is taken, or with other parameters
  | 'PQL3011' // variable or label declared twice, or with a name that is taken
  | 'PQL3012' // unknown time zone
  | 'PQL3013' // a literal is needed here
  | 'PQL3014' // window longer than events are kept
  | 'PQL3015' // computed attribute that is not there
  | 'PQL4001' // comparison that never holds
  | 'PQL4002' // condition that is the same for every item
  | 'PQL4003' // field of a value that has none
  | 'PQL4004'; // field that nobody declared and no record carried

/** A mistake by the author of an expression. A value to show, not an exception to catch. */
export interface Diagnostic extends Span {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
}

export function errorAt({ start, end, line, column }: Span, code: DiagnosticCode, message: string, hint?: string) {
  return diagnosticAt('error', { start, end, line, column }, code, message, hint);
}

export function warningAt({ start, end, line, column }: Span, code: DiagnosticCode, message: string, hint?: string) {
  return diagnosticAt('warning', { start, end, line, column }, code, message, hint);
}

function diagnosticAt(
  severity: Diagnostic['severity'],
  span: Span,
  code: DiagnosticCode,
  message: string,
  hint: string | undefined,
): Diagnostic {
  return { code, severity, message, ...span, ...(hint === undefined ? {} : { hint }) };
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === 'error');

/** Renders a diagnostic under the line it is about, the way a compiler would. */
export function render(source: string, { code, message, start, end, hint }: Diagnostic): string {
  const lineStart = source.lastIndexOf('\n', start - 1) + 1;
  const line = source.slice(lineStart).split('\n', 1)[0] ?? '';
  const width = Math.max(1, Math.min(end, lineStart + line.length) - start);
  const caret = ' '.repeat(start - lineStart) + '^'.repeat(width);
  return [`${code}: ${message}`, `  ${line}`, `  ${caret}`, ...(hint ? [`  hint: ${hint}`] : [])].join('\n');
}
