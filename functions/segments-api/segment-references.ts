/**
 * Which definitions an expression names by `inSegment("id or name")`, and what that forbids. Only published definitions
 * count: a change of them is committed on condition of the rules' version, so what is decided here still holds then.
 */
import type { Destination } from '#shared/activation/destination.ts';
import { Problem } from '#shared/api/problem.ts';
import type { RulesArtifact, RulesDefinition } from '#shared/segment/rules.ts';
import { referencesIn } from '#shared/segment/segment-entry.ts';

type Named = Pick<RulesDefinition, 'id' | 'name' | 'expression'>;

/** An id wins over a name: nobody can take over a reference by naming a definition like another's id. */
export function resolve<Known extends { readonly id: string; readonly name: string }>(
  reference: string,
  definitions: readonly Known[],
): Known | undefined {
  return definitions.find(({ id }) => id === reference) ?? definitions.find(({ name }) => name === reference);
}

/** Refuses an expression that names nobody, or that in the end depends on itself. */
export function requireResolvable(definition: Named, rules: RulesArtifact | undefined): void {
  const others = (rules?.definitions ?? []).filter(({ id }) => id !== definition.id);
  const known = [...others, definition];
  const mistakes = referencesIn(definition.expression)
    .filter((reference) => resolve(reference, known) === undefined)
    .map((reference) => ({
      pointer: '/expression/value',
      message: `inSegment("${reference}") names no published definition`,
    }));
  if (mistakes.length > 0) {
    throw new Problem('invalid-expression', 'The expression names definitions that are not published.', { mistakes });
  }
  const loop = findLoop(definition, known);
  if (loop === undefined) return;
  const path = loop.map(({ name }) => `"${name}"`).join(' → ');
  throw new Problem('definition-loop', `The definition would depend on its own result: ${path}.`);
}

/** What is published has no loop, so a new one passes through the definition in hand. */
function findLoop(start: Named, definitions: readonly Named[]): readonly Named[] | undefined {
  const done = new Set<string>();
  const walk = (at: Named, path: readonly Named[]): readonly Named[] | undefined => {
    for (const reference of referencesIn(at.expression)) {
      const next = resolve(reference, definitions);
      if (next?.id === start.id) return [...path, start];
      if (next === undefined || done.has(next.id)) continue;
      done.add(next.id);
      const loop = walk(next, [...path, next]);
      if (loop !== undefined) return loop;
    }
    return undefined;
  };
  return walk(start, [start]);
}

/** Refuses to take away a definition, or only its name, that published ones depend on. */
export function requireUnused(
  { id, name }: Named,
  lost: 'definition' | 'name',
  rules: RulesArtifact | undefined,
): void {
  const definitions = rules?.definitions ?? [];
  const users = definitions.filter(
    (other) =>
      other.id !== id &&
      referencesIn(other.expression).some(
        (reference) => resolve(reference, definitions)?.id === id && (lost === 'definition' || reference === name),
      ),
  );
  if (users.length === 0) return;
  const names = users.map((user) => `"${user.name}" (${user.id})`).join(', ');
  throw new Problem(
    'in-use',
    `"${name}" is used by inSegment in ${names}: change ${users.length > 1 ? 'them' : 'it'} first.`,
  );
}

/** A destination that takes all segments needs none of them. */
export function requireUndelivered({ id, name }: Named, destinations: readonly Destination[]): void {
  const users = destinations.filter(({ segments }) => segments !== 'all' && segments.includes(id));
  if (users.length === 0) return;
  const names = users.map((user) => `"${user.name}" (${user.id})`).join(', ');
  throw new Problem('in-use', `"${name}" is delivered to ${names}: take it out of there first.`);
}
