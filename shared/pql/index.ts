/** PQL: what the rest of Shoal may use of the language. */
import { fail, ok, type Result } from '../kernel/result.ts';
import type { Checked } from './ast.ts';
import { type CheckOptions, check } from './checker.ts';
import { compile, type Evaluate } from './compiler.ts';
import { type Diagnostic, hasErrors } from './diagnostic.ts';
import { parse } from './parser.ts';
import type { Schema } from './schema.ts';

export type { Checked, Expression, Span, When } from './ast.ts';
export { type CheckOptions, type CheckResult, check } from './checker.ts';
export { type CompileOptions, compile, type Evaluate } from './compiler.ts';
export { type Dependencies, dependencies } from './dependencies.ts';
export { type Diagnostic, type DiagnosticCode, hasErrors, render } from './diagnostic.ts';
export { compareEvents, normalizeEvents } from './events.ts';
export { interpret } from './interpreter.ts';
export { fromJson } from './json/decode.ts';
export { type PqlJson, toJson } from './json/encode.ts';
export { parse } from './parser.ts';
export { print } from './printer.ts';
export { type JsonSchema, type Schema, schemaOf, typeOfJsonSchema } from './schema.ts';
export { simplify } from './simplify.ts';
export { type EvaluationInput, type ExperienceEvent, Interval, toJsonValue, type Value } from './value.ts';

export interface CompiledExpression {
  readonly checked: Checked;
  readonly evaluate: Evaluate;
  readonly warnings: readonly Diagnostic[];
}

/** From text to a closure. Warnings don't stand in the way. */
export function compilePql(
  source: string,
  schema: Schema,
  options: CheckOptions,
): Result<CompiledExpression, readonly Diagnostic[]> {
  const parsed = parse(source);
  if (!parsed.ok) return parsed;
  const { expression, diagnostics } = check(parsed.value, schema, options);
  if (hasErrors(diagnostics)) return fail(diagnostics);
  return ok({ checked: expression, evaluate: compile(expression, options), warnings: diagnostics });
}
