/** A rules artifact made ready to run: definitions in dependency order, and who must look again when something moves. */
import { entry } from '#shared/kernel/entry.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { LeafSpec, Plan } from '#shared/pql/incremental/plan.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { hash32 } from '#shared/profile/hash.ts';
import type { AttributeMerge } from '#shared/profile/merge-policy.ts';
import type { ProfileView } from '#shared/profile/profile-view.ts';
import { AttributeIndex, type Concerned } from './attribute-index.ts';
import type { AttributeRoot, AttributeTerms } from './attribute-terms.ts';
import { type ComputedTable, computedTable } from './computed-table.ts';
import { analyzeDefinition, type DefinitionPlan, replayDefinition } from './definition-plan.ts';
import { indexLeaves, type LeavesFor } from './leaf-index.ts';
import type { RulesArtifact, RulesDefinition, RulesLeaf } from './rules.ts';
import type { IdentityGraph } from './rules-artifact.ts';
import { hasPolicy, mergeBy, mergeText, readsMerged } from './rules-policies.ts';

export interface CompiledDefinition extends RulesDefinition {
  /** Its place in dependency order. */
  readonly position: number;
  readonly plan: Plan;
  readonly attributeTerms: AttributeTerms;
  /** How attributes are merged for it; undefined where it reads none of any data set. The same object for all alike. */
  readonly merge: AttributeMerge | undefined;
  /** Ordinals of the definitions whose membership it reads. */
  readonly segments: readonly number[];
}

export interface CompiledLeaf extends RulesLeaf {
  readonly spec: LeafSpec;
  readonly matches: (event: StoredEvent) => boolean;
  /** Hashes of the event types outside of which it stays empty. */
  readonly eventTypes: ReadonlySet<number> | 'any';
  readonly definitions: readonly CompiledDefinition[];
  /** Of its definitions those whose answer time alone can change. */
  readonly clocked: readonly CompiledDefinition[];
}

export interface CompiledRules {
  readonly artifact: RulesArtifact;
  readonly version: number;
  readonly identityGraph: IdentityGraph;
  /** Each after every definition whose membership it reads. */
  readonly definitions: readonly CompiledDefinition[];
  /** By id, and by name. */
  readonly ordinals: ReadonlyMap<string, number>;
  readonly byOrdinal: ReadonlyMap<number, CompiledDefinition>;
  readonly leaves: ReadonlyMap<number, CompiledLeaf>;
  /** Those that an event may match. */
  readonly leavesFor: LeavesFor<CompiledLeaf>;
  /** Evaluated over stored events whenever one arrives that they may read. */
  readonly replayed: readonly CompiledDefinition[];
  /** Those whose answer time alone can change, retention apart, also where their leaves hold no row. */
  readonly alwaysClocked: readonly CompiledDefinition[];
  /** Those that a change of attributes may concern. */
  readonly concernedBy: (before: ProfileView, after: ProfileView) => Concerned<CompiledDefinition>;
  /** The answers that attributes give on their own; undefined for definitions that ask for more than attributes. */
  readonly holding: (attributes: ProfileView) => (definition: CompiledDefinition) => boolean | undefined;
  /** The merge policy of that id, or the sandbox's default. */
  readonly mergeBy: (mergePolicyId: string | undefined) => AttributeMerge;
  readonly hasMergePolicy: (mergePolicyId: string) => boolean;
  /** What `computed.<name>` stands for. */
  readonly computed: ComputedTable;
  readonly dependents: ReadonlyMap<number, readonly CompiledDefinition[]>;
  /** Those that what batch found may concern: whose members it decides, and who read scores. */
  readonly readingBatch: readonly CompiledDefinition[];
}

/** Whether what batch found must be read beside a profile's state. */
export const readsBatch = ({ readingBatch }: CompiledRules): boolean => readingBatch.length > 0;

export function compileRules(artifact: RulesArtifact): CompiledRules {
  const computed = computedTable(artifact.computed);
  const keys = new Map(artifact.leaves.map(({ ordinal, key }) => [ordinal, key]));
  const plans = new Map(
    artifact.definitions.map((definition) => [definition.ordinal, planOf(definition, keys, computed)]),
  );
  const ordinals = ordinalsByReference(artifact);
  const merges = mergesOf(artifact);
  const bound = artifact.definitions.map((definition) => bind(definition, plans, { ordinals, merges }));
  const definitions = inDependencyOrder(bound);
  const leaves = compileLeaves(artifact, definitions);
  return {
    artifact,
    version: artifact.rulesVersion,
    identityGraph: artifact.identityGraph ?? 'pdg',
    definitions,
    ordinals,
    byOrdinal: new Map(definitions.map((definition) => [definition.ordinal, definition])),
    leaves,
    leavesFor: indexLeaves(leaves.values()),
    replayed: definitions.filter(({ plan }) => plan.evaluationClass === 'replay'),
    alwaysClocked: definitions.filter(
      ({ plan, leaves: { length } }) => plan.clock === 'always' || isOnNoLeaf(plan, length),
    ),
    ...byAttributes(definitions),
    mergeBy: merges,
    computed,
    hasMergePolicy: (mergePolicyId) => hasPolicy(artifact, mergePolicyId),
    dependents: groupBy(definitions, ({ segments }) => segments),
    readingBatch: definitions.filter(isConcernedByBatch),
  };
}

const SCORES: readonly AttributeRoot[] = ['propensity', undefined];

const isConcernedByBatch = ({ kind, attributeTerms: { roots } }: CompiledDefinition) =>
  kind !== undefined || SCORES.some((root) => roots.has(root));

const isOnNoLeaf = ({ clock }: Plan, leaves: number) => clock === 'rows' && leaves === 0;

/**
 * The plan that the artifact was built with. A release that cuts other leaves out of the same expression must not read
 * the old ones as its own: until the definition is published again it is evaluated from history.
 */
function planOf(
  definition: RulesDefinition,
  keys: ReadonlyMap<number, string>,
  computed: ComputedTable,
): DefinitionPlan {
  const analyzed = analyzeDefinition(definition, computed);
  const { leaves } = analyzed.plan;
  const agrees = leaves.every(({ key }, slot) => key === keys.get(definition.leaves[slot] ?? -1));
  return agrees && leaves.length === definition.leaves.length ? analyzed : replayDefinition(definition, computed);
}

/** Ids win over names, should somebody name a segment like another's id. */
function ordinalsByReference({ definitions }: RulesArtifact): ReadonlyMap<string, number> {
  return new Map([
    ...definitions.map(({ name, ordinal }) => [name, ordinal] as const),
    ...definitions.map(({ id, ordinal }) => [id, ordinal] as const),
  ]);
}

type MergeBy = CompiledRules['mergeBy'];

/** Policies that merge alike give one object, so that a profile is merged once for all of them. */
function mergesOf(artifact: RulesArtifact): MergeBy {
  const byText = new Map<string, AttributeMerge>();
  const shared = (merge: AttributeMerge): AttributeMerge => {
    const known = byText.get(mergeText(merge)) ?? merge;
    byText.set(mergeText(merge), known);
    return known;
  };
  const byId = new Map((artifact.mergePolicies ?? []).map(({ id, attributeMerge }) => [id, shared(attributeMerge)]));
  const byDefault = shared(mergeBy(artifact, undefined));
  return (mergePolicyId) => byId.get(mergePolicyId ?? '') ?? byDefault;
}

function byAttributes(definitions: readonly CompiledDefinition[]): Pick<CompiledRules, 'concernedBy' | 'holding'> {
  const groups = groupBy(definitions, (definition) =>
    definition.attributeTerms.roots.size > 0 ? [definition.merge] : [],
  );
  const indexes = new Map([...groups].map(([merge, group]) => [merge, new AttributeIndex(group)]));
  return {
    concernedBy: (before, after) =>
      new Map([...indexes].flatMap(([merge, index]) => [...index.changed(before.by(merge), after.by(merge))])),
    holding: (attributes) => {
      const readers = new Map<CompiledDefinition['merge'], (definition: CompiledDefinition) => boolean | undefined>();
      return (definition) => {
        const index = indexes.get(definition.merge);
        return (
          index && entry(readers, definition.merge, () => index.holding(attributes.by(definition.merge)))(definition)
        );
      };
    },
  };
}

function bind(
  definition: RulesDefinition,
  plans: ReadonlyMap<number, DefinitionPlan>,
  { ordinals, merges }: { readonly ordinals: ReadonlyMap<string, number>; readonly merges: MergeBy },
): CompiledDefinition {
  const { plan, attributeTerms, segments } = plans.get(definition.ordinal) as DefinitionPlan;
  const merge = readsMerged(attributeTerms.roots) ? merges(definition.mergePolicyId) : undefined;
  const known = segments.flatMap((reference) => ordinals.get(reference) ?? []);
  const leaves = plan.evaluationClass === 'replay' ? [] : definition.leaves;
  return { ...definition, position: 0, plan, leaves, attributeTerms, merge, segments: known };
}

function inDependencyOrder(definitions: readonly CompiledDefinition[]): readonly CompiledDefinition[] {
  const byOrdinal = new Map(definitions.map((definition) => [definition.ordinal, definition]));
  const sorted = new Set<CompiledDefinition>();
  const visit = (definition: CompiledDefinition, path: readonly number[]): void => {
    invariant(!path.includes(definition.ordinal), `definitions depend on each other in a circle: ${path.join(', ')}`);
    if (sorted.has(definition)) return;
    for (const ordinal of definition.segments) {
      visit(byOrdinal.get(ordinal) as CompiledDefinition, [...path, definition.ordinal]);
    }
    sorted.add(definition);
  };
  for (const definition of definitions) visit(definition, []);
  return [...sorted].map((definition, position) => ({ ...definition, position }));
}

function compileLeaves(artifact: RulesArtifact, definitions: readonly CompiledDefinition[]): Map<number, CompiledLeaf> {
  const users = groupBy(definitions, ({ leaves }) => leaves);
  return new Map(
    artifact.leaves.flatMap((leaf) => {
      const using = users.get(leaf.ordinal) ?? [];
      const [first] = using;
      if (first === undefined) return [];
      const spec = first.plan.leaves[first.leaves.indexOf(leaf.ordinal)] as LeafSpec;
      const eventTypes: CompiledLeaf['eventTypes'] =
        spec.eventTypes === 'any' ? 'any' : new Set(spec.eventTypes.map(hash32));
      const clocked = using.filter(({ plan }) => plan.clock !== 'none');
      const compiled = { ...leaf, spec, matches: spec.matches, eventTypes, definitions: using, clocked };
      return [[leaf.ordinal, compiled] as const];
    }),
  );
}

function groupBy<Key, Item>(items: readonly Item[], keysOf: (item: Item) => readonly Key[]): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}
