/** The values of a profile's computed attributes at an instant, from its events. */
import { compile, type EvaluationInput, toJsonValue } from '#shared/pql/index.ts';
import type { ComputedTable } from './computed-table.ts';

/** As JSON shows them; a timestamp is ISO 8601. `events` are those within the retention. */
export function computedValues({ expressions }: ComputedTable, input: EvaluationInput): Record<string, unknown> {
  const values = [...expressions].map(([name, checked]) => {
    const value = compile(checked, { mode: 'value' })(input);
    const isInstant = checked.type.kind === 'timestamp' && typeof value === 'number' && Math.abs(value) <= INSTANT_MAX;
    return [name, isInstant ? new Date(value).toISOString() : toJsonValue(value)] as const;
  });
  return Object.fromEntries(values.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The last instant that a date can hold. */
const INSTANT_MAX = 8.64e15;
