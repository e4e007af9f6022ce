/**
 * The rules as a job that decides scheduled definitions reads them: those like any other, evaluated over stored events, for
 * nothing is kept of theirs in a profile's state.
 */
import { type CompiledDefinition, type CompiledRules, compileRules } from '#shared/segment/compiled-rules.ts';

export interface ScheduledRules {
  readonly rules: CompiledRules;
  readonly definitions: readonly CompiledDefinition[];
}

const compiled = new WeakMap<CompiledRules, CompiledRules>();

/** Undefined where none of the ordinals is of a scheduled definition. */
export function scheduledRules(rules: CompiledRules, ordinals: ReadonlySet<number>): ScheduledRules | undefined {
  const wanted = rules.definitions.filter(({ kind, ordinal }) => kind === 'scheduled' && ordinals.has(ordinal));
  if (wanted.length === 0) return undefined;
  const asStreaming = compiled.get(rules) ?? compileRules(withoutSchedules(rules));
  compiled.set(rules, asStreaming);
  return { rules: asStreaming, definitions: wanted.flatMap(({ ordinal }) => asStreaming.byOrdinal.get(ordinal) ?? []) };
}

function withoutSchedules({ artifact }: CompiledRules): CompiledRules['artifact'] {
  const definitions = artifact.definitions.map(({ kind, ...definition }) => {
    if (kind === 'scheduled') return { ...definition, leaves: [] };
    return kind === undefined ? definition : { ...definition, kind };
  });
  return { ...artifact, definitions };
}
