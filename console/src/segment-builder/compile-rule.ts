/** What the language knows of a rule before anybody saves it: its mistakes, how it would be kept up to date, and what that takes. */
import type { Diagnostic } from '#shared/pql/diagnostic.ts';
import { estimate } from '#shared/pql/incremental/estimate.ts';
import { analyze } from '#shared/pql/incremental/index.ts';
import { check, hasErrors, parse, print, simplify } from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { LEAF_BYTES_MAX } from '#shared/segment/leaf-rows.ts';

export interface CompiledRule {
  readonly diagnostics: readonly Diagnostic[];
  /** Absent for a rule with mistakes. */
  readonly plan?: {
    readonly evaluationClass: 'incremental' | 'replay';
    readonly reasons: readonly string[];
    /** Of what is kept for one person. */
    readonly stateBytes: number;
  };
  /** The rule in the printer's spelling. */
  readonly formatted?: string;
}

export function compileRule(text: string): CompiledRule {
  const parsed = parse(text);
  if (!parsed.ok) return { diagnostics: parsed.error };
  const { expression, diagnostics } = check(parsed.value, defaultSchema, { mode: 'segment' });
  const formatted = print(parsed.value);
  if (hasErrors(diagnostics)) return { diagnostics, formatted };
  const plan = analyze(simplify(expression), {});
  const { evaluationClass, reasons } = plan;
  const { typical } = estimate(plan, LEAF_BYTES_MAX).stateBytes;
  return { diagnostics, formatted, plan: { evaluationClass, reasons, stateBytes: typical } };
}
