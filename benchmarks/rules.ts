/** The workload's definitions as a sandbox has them once they are all published. */
import { type CompiledRules, compileRules } from '#shared/segment/compiled-rules.ts';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';
import { covers } from '#shared/segment/leaf-rows.ts';
import { NO_RULES, type RulesDefinition, type RulesLeaf } from '#shared/segment/rules.ts';
import type { Segment } from './workload/model.ts';
import { definitionPql } from './workload/pql.ts';

/** What publishing one after another comes to, in one go: ten thousand single publications would outlast the benchmark. */
export function publish(segments: readonly Segment[]): CompiledRules {
  const leaves: RulesLeaf[] = [];
  const byKey = new Map<string, RulesLeaf[]>();
  const definitions = segments.map((segment, index): RulesDefinition => {
    const { id, name } = segment;
    const expression = definitionPql(segment);
    const slots = analyzeDefinition({ expression }).plan.leaves.map(({ key, keep }) => {
      const sameKey = byKey.get(key) ?? [];
      const known = sameKey.find((leaf) => covers(leaf.keep, keep));
      if (known) return known.ordinal;
      const leaf: RulesLeaf = { key, keep, ordinal: leaves.length + 1, since: 1 };
      leaves.push(leaf);
      byKey.set(key, [...sameKey, leaf]);
      return leaf.ordinal;
    });
    return { id, name, ordinal: index + 1, version: 1, since: 1, expression, leaves: slots };
  });
  const next = { nextSegmentOrdinal: definitions.length + 1, nextLeafOrdinal: leaves.length + 1 };
  return compileRules({ ...NO_RULES, rulesVersion: 1, ...next, definitions, leaves });
}
