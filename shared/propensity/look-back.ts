/** How far back an expression looks, as far as it says so: the longest distance or period in it. */
import { longestMs } from '#shared/pql/incremental/horizon.ts';
import { parse } from '#shared/pql/index.ts';

const DAY_MS = 86_400_000;

/** In whole days; 0 where it names no window, and for a text that is no expression. */
export function lookBackDays(expression: string | undefined): number {
  const parsed = expression === undefined ? undefined : parse(expression);
  return parsed?.ok ? Math.ceil(Math.max(0, ...distancesIn(parsed.value)) / DAY_MS) : 0;
}

type Node = { readonly [Part in 'form' | 'kind' | 'which' | 'count' | 'unit']?: unknown };

function* distancesIn(node: unknown): Generator<number> {
  if (node === null || typeof node !== 'object') return;
  const { form, kind, which, count, unit } = node as Node;
  if (form === 'distance') yield longestMs(count as number, unit as Parameters<typeof longestMs>[1]);
  if (kind === 'period') yield longestMs(which === 'last' ? 2 : 1, unit as Parameters<typeof longestMs>[1]);
  for (const child of Object.values(node)) yield* distancesIn(child);
}
