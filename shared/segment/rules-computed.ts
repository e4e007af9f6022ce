/** The computed attributes' part of the rules: definitions that read one that changed are evaluated anew. */
import { computedReadBy } from './computed-table.ts';
import type { RulesArtifact, RulesComputedAttribute, RulesDefinition } from './rules-artifact.ts';

/** Definitions whose members may change with the attribute of that name. */
export function readersOf(name: string, { definitions, computed = [] }: RulesArtifact): readonly RulesDefinition[] {
  return definitions.filter(
    ({ kind, expression }) => kind !== 'external' && computedReadBy(expression, computed).has(name),
  );
}

/** Attributes that read the one of that name. */
export const computedReadersOf = (name: string, computed: readonly RulesComputedAttribute[]) =>
  computed.filter((other) => other.name !== name && computedReadBy(other.expression, computed).has(name));

export function withComputedAttribute(rules: RulesArtifact, attribute: RulesComputedAttribute): RulesArtifact {
  const others = (rules.computed ?? []).filter(({ id }) => id !== attribute.id);
  return { ...rules, computed: [...others, attribute].sort((left, right) => (left.name < right.name ? -1 : 1)) };
}

export function withoutComputedAttribute({ computed = [], ...rules }: RulesArtifact, id: string): RulesArtifact {
  const left = computed.filter((attribute) => attribute.id !== id);
  return left.length === 0 ? rules : { ...rules, computed: left };
}
