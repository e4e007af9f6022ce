/**
 * The published definitions of a sandbox as one versioned artifact: what every evaluator loads.
 *
 * Ordinals stand for definitions and leaves in packed state, so they are allotted once and never reused.
 * `since` is the version of the rules from which on a definition or a leaf must be evaluated anew for a profile
 * whose state is older.
 */
import { invariant } from '#shared/kernel/invariant.ts';
import type { Keep } from '#shared/pql/incremental/plan.ts';
import { analyzeDefinition } from './definition-plan.ts';
import { covers } from './leaf-rows.ts';

/**
 * Who decides: `scheduled` a batch job, because the author asked for nothing else; `external` somebody else, who uploads
 * memberships. Both are read from what batch left at the profile.
 */
export type BatchKind = 'scheduled' | 'external';

export interface RulesDefinition {
  readonly id: string;
  readonly name: string;
  readonly ordinal: number;
  readonly version: number;
  readonly since: number;
  /** When its condition was published, epoch milliseconds; absent in rules of earlier releases. */
  readonly publishedAt?: number;
  /** Absent where its own expression decides, as things happen. */
  readonly kind?: BatchKind;
  /** `pql/text`; of an external audience empty. */
  readonly expression: string;
  readonly timeZone?: string;
  /** The leaf of each slot of its plan, by ordinal. */
  readonly leaves: readonly number[];
}

export interface RulesLeaf {
  readonly key: string;
  readonly ordinal: number;
  readonly since: number;
  readonly keep: Keep;
}

/** A definition that is gone: its members exit when their profile is next evaluated. */
export interface RetiredDefinition {
  readonly id: string;
  readonly name: string;
  readonly ordinal: number;
}

export interface RulesArtifact {
  /** 1 where nothing is in it that a release which knows only that would read wrongly. */
  readonly format: 1 | 2;
  readonly rulesVersion: number;
  readonly nextSegmentOrdinal: number;
  readonly nextLeafOrdinal: number;
  readonly definitions: readonly RulesDefinition[];
  readonly leaves: readonly RulesLeaf[];
  readonly retired: readonly RetiredDefinition[];
}

export type PublishedDefinition = Pick<
  RulesDefinition,
  'id' | 'name' | 'version' | 'publishedAt' | 'kind' | 'expression' | 'timeZone'
>;

export type RulesChange =
  | { readonly kind: 'put'; readonly definition: PublishedDefinition }
  | { readonly kind: 'delete'; readonly id: string };

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
  return withFormat(withUsedLeaves(change.kind === 'put' ? put(rules, change.definition) : remove(rules, change.id)));
}

function withFormat(rules: RulesArtifact): RulesArtifact {
  const isOfFirst = rules.definitions.every(({ kind }) => kind === undefined);
  return { ...rules, format: isOfFirst ? 1 : 2 };
}

function put(rules: RulesArtifact, definition: PublishedDefinition): RulesArtifact {
  const known = rules.definitions.find(({ id }) => id === definition.id);
  if (known && isSameCondition(known, definition)) {
    return replace(rules, { ...known, ...definition, publishedAt: known.publishedAt });
  }
  const { leaves, nextLeafOrdinal, slots } = allotLeaves(rules, definition);
  const ordinal = known?.ordinal ?? rules.nextSegmentOrdinal;
  const next = { ...definition, ordinal, since: rules.rulesVersion, leaves: slots };
  const nextSegmentOrdinal = Math.max(rules.nextSegmentOrdinal, ordinal + 1);
  return replace({ ...rules, leaves, nextLeafOrdinal, nextSegmentOrdinal }, next);
}

const isSameCondition = (known: RulesDefinition, next: PublishedDefinition) =>
  known.expression === next.expression && known.timeZone === next.timeZone && known.kind === next.kind;

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
  const slots = analyzeDefinition(definition).plan.leaves.map(({ key, keep }) => {
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
