/** Until when somebody stays in a segment if nothing happens to them any more. */
import { type CompiledRules, compileRules } from './compiled-rules.ts';
import type { LoadedProfile } from './loaded-profile.ts';
import { type UpdateSurroundings, updateProfile } from './profile-update.ts';

/** Of a profile that was brought up to `now`. Undefined where time alone takes them out not before `until`. */
export async function nextExit(
  loaded: LoadedProfile,
  ordinal: number,
  { rules, until, ...surroundings }: Omit<UpdateSurroundings, 'now'> & { readonly until: number },
): Promise<number | undefined> {
  // What is due is due for any definition of theirs: where nothing is, nobody leaves.
  if (loaded.dueAt === undefined || loaded.dueAt > until) return undefined;
  const alone = rulesOf(rules, ordinal);
  const { next } = await updateProfile(loaded, [], { ...surroundings, rules: alone, now: until });
  const exit = next?.changes.find((change) => change.segmentOrdinal === ordinal && change.status === 'exited');
  return exit?.time;
}

const compiled = new WeakMap<CompiledRules, Map<number, CompiledRules>>();

/** The definition and those whose members it asks for: a walk through time need not stop for the others. */
function rulesOf(rules: CompiledRules, ordinal: number): CompiledRules {
  const known = compiled.get(rules) ?? new Map<number, CompiledRules>();
  compiled.set(rules, known);
  const wanted = withDependencies(rules, ordinal);
  const definitions = rules.artifact.definitions.filter((definition) => wanted.has(definition.ordinal));
  const alone = known.get(ordinal) ?? compileRules({ ...rules.artifact, definitions });
  known.set(ordinal, alone);
  return alone;
}

function withDependencies({ byOrdinal }: CompiledRules, ordinal: number): ReadonlySet<number> {
  const found = new Set([ordinal]);
  // A set is walked in the order of insertion, what is added meanwhile included.
  for (const each of found) for (const other of byOrdinal.get(each)?.segments ?? []) found.add(other);
  return found;
}
