/**
 * The published definitions of a sandbox as one versioned artifact: what every evaluator loads.
 *
 * Ordinals stand for definitions and leaves in packed state, so they are allotted once and never reused.
 * `since` is the version of the rules from which on a definition or a leaf must be evaluated anew for a profile
 * whose state is older.
 */
import { invariant, unreachable } from '#shared/kernel/invariant.ts';
import { computedTable } from './computed-table.ts';
import { analyzeDefinition } from './definition-plan.ts';
import { covers } from './leaf-rows.ts';
import type {
  PublishedDefinition,
  RulesArtifact,
  RulesChange,
  RulesComputedAttribute,
  RulesDefinition,
} from './rules-artifact.ts';
import { readersOf, withComputedAttribute, withoutComputedAttribute } from './rules-computed.ts';
import { isSameMerge, mergeBy, readsMerged, withPolicies } from './rules-policies.ts';

export type {
  BatchKind,
  PublishedDefinition,
  RetiredDefinition,
  RulesArtifact,
  RulesChange,
  RulesComputedAttribute,
  RulesDefinition,
  RulesLeaf,
  RulesMergePolicy,
} from './rules-artifact.ts';

export const NO_RULES: RulesArtifact = {
  format: 1,
  rulesVersion: 0,
  nextSegmentOrdinal: 1,
  nextLeafOrdinal: 1,
  definitions: [],
  leaves: [],
  retired: [],
};

/** The artifact after a change. `definition.expression` must have been checked: a mistake in it is a violated invariant. */
export function buildRules(previous: RulesArtifact | undefined, change: RulesChange): RulesArtifact {
  const rules = { ...(previous ?? NO_RULES), rulesVersion: (previous ?? NO_RULES).rulesVersion + 1 };
  return withFormat(withUsedLeaves(changed(rules, change)));
}

function changed(rules: RulesArtifact, change: RulesChange): RulesArtifact {
  switch (change.kind) {
    case 'put':
      return put(rules, change.definition);
    case 'delete':
      return remove(rules, change.id);
    case 'merge-policies': {
      const { kind: _, changedAt, ...policies } = change;
      const table = computedTable(rules.computed);
      const reads = (definition: RulesDefinition) =>
        readsMerged(analyzeDefinition(definition, table).attributeTerms.roots);
      return withPolicies(rules, policies, { reads, changedAt });
    }
    case 'put-computed':
      return putComputed(rules, change.attribute, change.changedAt);
    case 'delete-computed':
      return withoutComputedAttribute(rules, change.id);
    case 'identity-graph':
      return { ...rules, identityGraph: change.identityGraph };
    default:
      return unreachable(change);
  }
}

function withFormat(rules: RulesArtifact): RulesArtifact {
  const isOfFirst =
    (rules.mergePolicies ?? []).length === 0 &&
    rules.computed === undefined &&
    rules.identityGraph !== 'none' &&
    rules.definitions.every(({ kind, mergePolicyId, declared, excludesOptOut }) =>
      [kind, mergePolicyId, declared, excludesOptOut].every((each) => each === undefined),
    );
  return { ...rules, format: isOfFirst ? 1 : 2 };
}

function put(rules: RulesArtifact, definition: PublishedDefinition): RulesArtifact {
  const known = rules.definitions.find(({ id }) => id === definition.id);
  if (known && isSameCondition(rules, known, definition)) {
    const { ordinal, since, leaves, publishedAt } = known;
    return replace(rules, { ...definition, ordinal, since, leaves, ...(publishedAt !== undefined && { publishedAt }) });
  }
  const { leaves, nextLeafOrdinal, slots } = allotLeaves(rules, definition);
  const ordinal = known?.ordinal ?? rules.nextSegmentOrdinal;
  const next = { ...definition, ordinal, since: rules.rulesVersion, leaves: slots };
  const nextSegmentOrdinal = Math.max(rules.nextSegmentOrdinal, ordinal + 1);
  return replace({ ...rules, leaves, nextLeafOrdinal, nextSegmentOrdinal }, next);
}

/** Who reads it may need other leaves now. */
function putComputed(rules: RulesArtifact, attribute: RulesComputedAttribute, publishedAt: number): RulesArtifact {
  const known = rules.computed?.find(({ id }) => id === attribute.id);
  let next = withComputedAttribute(rules, attribute);
  const isSame = known?.expression === attribute.expression && isSameText(known?.declared, attribute.declared);
  if (isSame) return next;
  for (const definition of readersOf(attribute.name, next)) {
    const { leaves, nextLeafOrdinal, slots } = allotLeaves(next, definition);
    const renewed = { ...definition, since: rules.rulesVersion, publishedAt, leaves: slots };
    next = replace({ ...next, leaves, nextLeafOrdinal }, renewed);
  }
  return next;
}

const isSameText = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);

const isSameCondition = (rules: RulesArtifact, known: RulesDefinition, next: PublishedDefinition) =>
  known.expression === next.expression &&
  known.timeZone === next.timeZone &&
  known.kind === next.kind &&
  known.excludesOptOut === next.excludesOptOut &&
  JSON.stringify(known.declared) === JSON.stringify(next.declared) &&
  isSameMerge(mergeBy(rules, known.mergePolicyId), mergeBy(rules, next.mergePolicyId));

function replace(rules: RulesArtifact, definition: RulesDefinition): RulesArtifact {
  const others = rules.definitions.filter(({ id }) => id !== definition.id);
  const definitions = [...others, definition].sort((left, right) => left.ordinal - right.ordinal);
  return { ...rules, definitions };
}

function remove(rules: RulesArtifact, id: string): RulesArtifact {
  const gone = rules.definitions.find((definition) => definition.id === id);
  if (gone === undefined) return rules;
  const { name, ordinal } = gone;
  return {
    ...rules,
    definitions: rules.definitions.filter((definition) => definition !== gone),
    retired: [...rules.retired, { id, name, ordinal }],
  };
}

function allotLeaves(rules: RulesArtifact, definition: PublishedDefinition) {
  const leaves = [...rules.leaves];
  let { nextLeafOrdinal } = rules;
  const slots = analyzeDefinition(definition, computedTable(rules.computed)).plan.leaves.map(({ key, keep }) => {
    const shared = leaves.find((leaf) => leaf.key === key && covers(leaf.keep, keep));
    if (shared) return shared.ordinal;
    leaves.push({ key, keep, ordinal: nextLeafOrdinal, since: rules.rulesVersion });
    return nextLeafOrdinal++;
  });
  return { leaves, nextLeafOrdinal, slots };
}

function withUsedLeaves(rules: RulesArtifact): RulesArtifact {
  const used = new Set(rules.definitions.flatMap(({ leaves }) => leaves));
  return { ...rules, leaves: rules.leaves.filter(({ ordinal }) => used.has(ordinal)) };
}

/** Reads an artifact back. Throws where it is of another format: a processor must never guess at rules. */
export function readRules(text: string): RulesArtifact {
  const rules = JSON.parse(text) as RulesArtifact;
  invariant(rules.format === 1 || rules.format === 2, `rules of format ${rules.format}; this version reads 1 and 2`);
  return rules;
}
