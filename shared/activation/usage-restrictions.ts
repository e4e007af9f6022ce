/**
 * What a destination must not be told, by the usage labels of fields: those that it is shown, and those that the
 * expressions of its segments read, since a membership tells of them.
 */
import { check, dependencies, parse } from '#shared/pql/index.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';
import { type FieldsRead, labelledFields } from '#shared/schema/usage-labels.ts';
import { type ComputedTable, schemaWith } from '#shared/segment/computed-table.ts';
import type { RulesDefinition } from '#shared/segment/rules.ts';
import type { Destination } from './destination.ts';
import type { MarketingAction } from './marketing-action.ts';

/** Every event is about one person, and C1 lets data out in sums only. */
const ALWAYS = ['C1'];

/** The contract labels as the published policies read them. */
const FORBIDDEN_BY: Readonly<Record<MarketingAction, readonly string[]>> = {
  exportToThirdParty: ['C2'],
  combineWithPii: ['C3'],
  crossSiteTargeting: ['C4', 'C5'],
  emailTargeting: ['C4', 'C5'],
  onsiteAdvertising: ['C4', 'C6'],
  onsitePersonalization: ['C4', 'C7'],
  analytics: ['C8'],
  dataScience: ['C9', 'notForDataScience'],
};

export interface Restriction {
  readonly field: string;
  readonly labels: readonly string[];
  /** The segment whose expression reads the field; absent where the destination names it itself. */
  readonly segment?: { readonly id: string; readonly name: string };
}

type Asking = Pick<Destination, 'target' | 'attributes' | 'identityNamespaces' | 'segments' | 'marketingActions'>;

export function forbiddenLabels({ target, marketingActions }: Pick<Asking, 'target' | 'marketingActions'>) {
  const actions = new Set<MarketingAction>(marketingActions);
  // What leaves the account by HTTPS is with somebody else.
  if (target.kind === 'webhook') actions.add('exportToThirdParty');
  return [...new Set([...ALWAYS, ...[...actions].flatMap((action) => FORBIDDEN_BY[action])])];
}

/** What is published in a sandbox by now, and what is declared of its fields. */
export interface Published {
  readonly definitions: readonly RulesDefinition[];
  readonly computed: ComputedTable;
  readonly extensions: SchemaExtensions;
}

export function restrictionsOf(destination: Asking, published: Published): readonly Restriction[] {
  const labels = forbiddenLabels(destination);
  const { segments } = destination;
  const identities = destination.identityNamespaces.map((namespace) => `identityMap.${namespace}`);
  const shown = withComputed({ attributes: [...destination.attributes, ...identities], eventFields: [] }, published);
  const found = (read: FieldsRead) =>
    labelledFields(read, labels, published.extensions).map((known) => ({ field: known.path, labels: known.labels }));
  const activated = published.definitions.filter(({ id }) => segments === 'all' || segments.includes(id));
  const ofSegments = activated.flatMap((definition) => {
    const segment = { id: definition.id, name: definition.name };
    return found(fieldsRead(definition, published, new Set())).map((restriction) => ({ ...restriction, segment }));
  });
  return [...found(shown), ...ofSegments];
}

const NOTHING: FieldsRead = { attributes: [], eventFields: [] };

/** With those that the segments read which it asks about. An external audience reads nothing. */
function fieldsRead(definition: RulesDefinition, published: Published, seen: Set<string>): FieldsRead {
  if (definition.kind === 'external' || seen.has(definition.id)) return NOTHING;
  seen.add(definition.id);
  const parsed = parse(definition.expression);
  if (!parsed.ok) return NOTHING;
  const schema = schemaWith(composedSchema(published.extensions), published.computed);
  const { expression } = check(parsed.value, schema, { mode: 'segment' });
  const { segments, ...own } = dependencies(expression);
  const asked = published.definitions.filter(({ id, name }) => segments.includes(id) || segments.includes(name));
  return united([withComputed(own, published), ...asked.map((other) => fieldsRead(other, published, seen))]);
}

/** A computed attribute tells of what its own expression reads. */
function withComputed(read: FieldsRead, { computed }: Published): FieldsRead {
  const names = read.attributes.filter((path) => path.startsWith('computed.')).map((path) => path.split('.')[1]);
  const behind = names.flatMap((name) => {
    const checked = computed.expressions.get(name ?? '');
    return checked === undefined ? [] : [dependencies(checked)];
  });
  return united([read, ...behind]);
}

const united = (reads: readonly FieldsRead[]): FieldsRead => ({
  attributes: [...new Set(reads.flatMap(({ attributes }) => attributes))],
  eventFields: [...new Set(reads.flatMap(({ eventFields }) => eventFields))],
});

export function describeRestriction({ field, labels, segment }: Restriction): string {
  const by = labels.join(', ');
  if (segment === undefined) return `${field} has the usage label ${by}, which forbids that this destination sees it`;
  return `segment “${segment.name}” (${segment.id}) reads ${field}, whose usage label ${by} forbids this use`;
}
