/** The computed attributes of a sandbox as expressions use them: each checked once, with those that it reads put in place. */
import { invariant } from '#shared/kernel/invariant.ts';
import {
  COMPUTED,
  type ComputedExpressions,
  computedMistakes,
  computedNamesIn,
  inlineComputed,
} from '#shared/pql/computed.ts';
import type { Diagnostic } from '#shared/pql/diagnostic.ts';
import { check, type Expression, parse, type Schema } from '#shared/pql/index.ts';
import type { Type } from '#shared/pql/types.ts';
import { composedSchema } from '#shared/schema/composition.ts';
import type { RulesComputedAttribute } from './rules-artifact.ts';

export interface ComputedTable {
  readonly expressions: ComputedExpressions;
}

export const NO_COMPUTED: ComputedTable = { expressions: new Map() };

/** With the type of each as a field of the profile. */
export function schemaWith(schema: Schema, { expressions }: ComputedTable): Schema {
  if (expressions.size === 0) return schema;
  const fields = new Map([...expressions].map(([name, { type }]) => [name, type] as const));
  const profile = withField(schema.profile, COMPUTED, { kind: 'object', fields });
  const names = schema.seen?.get(schema.profile);
  return { ...schema, profile, ...(names && { seen: new Map(schema.seen).set(profile, names) }) };
}

function withField(profile: Type, name: string, type: Type): Type {
  invariant(profile.kind === 'object', 'a profile is an object');
  return { kind: 'object', fields: new Map(profile.fields).set(name, type) };
}

type Attribute = Pick<RulesComputedAttribute, 'name' | 'expression' | 'declared'>;

export interface ComputedMistake {
  readonly name: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Of published attributes, which were checked: a mistake in one is a violated invariant. */
export function computedTable(attributes: readonly Attribute[] | undefined): ComputedTable {
  if (attributes === undefined || attributes.length === 0) return NO_COMPUTED;
  const { table, mistakes, loop } = checkComputed(attributes);
  invariant(loop === undefined, `computed attributes read each other in a circle: ${loop?.join(' → ')}`);
  invariant(mistakes.length === 0, `a published computed attribute is wrong: ${mistakes[0]?.name}`);
  return table;
}

interface Checking {
  readonly table: ComputedTable;
  readonly mistakes: readonly ComputedMistake[];
  /** Names in the order of reading, the first again at the end. */
  readonly loop: readonly string[] | undefined;
}

/** The same for attributes that somebody has just written. */
export function checkComputed(attributes: readonly Attribute[]): Checking {
  const { order, loop } = inReadingOrder(attributes);
  const mistakes: ComputedMistake[] = [];
  let table = NO_COMPUTED;
  if (loop !== undefined) return { table, mistakes, loop };
  for (const attribute of order) {
    const { name } = attribute;
    const checked = checkValue(attribute, table);
    if (checked.ok) table = { expressions: new Map(table.expressions).set(name, checked.value) };
    else mistakes.push({ name, diagnostics: checked.error });
  }
  return { table, mistakes, loop };
}

function checkValue({ expression, declared = {} }: Attribute, table: ComputedTable) {
  const parsed = parse(expression);
  if (!parsed.ok) return parsed;
  const schema = schemaWith(composedSchema(declared), table);
  const { expression: checked, diagnostics } = check(parsed.value, schema, { mode: 'value' });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { ok: false, error: errors } as const;
  const inlined = inlineComputed(checked, table.expressions);
  const mistakes = computedMistakes(inlined);
  return mistakes.length > 0 ? ({ ok: false, error: mistakes } as const) : ({ ok: true, value: inlined } as const);
}

/** Which attributes an expression reads, directly and through others. */
export function computedReadBy(expression: string, attributes: readonly Attribute[]): ReadonlySet<string> {
  const byName = new Map(attributes.map((attribute) => [attribute.name, attribute]));
  const found = new Set<string>();
  const visit = (text: string): void => {
    for (const name of namesIn(text)) {
      const attribute = byName.get(name);
      if (attribute === undefined || found.has(name)) continue;
      found.add(name);
      visit(attribute.expression);
    }
  };
  visit(expression);
  return found;
}

/** Most texts don't have the word at all. */
function namesIn(expression: string): ReadonlySet<string> {
  if (!expression.includes(COMPUTED)) return new Set();
  const parsed = parse(expression);
  return parsed.ok ? computedNamesIn(parsed.value as Expression) : new Set();
}

function inReadingOrder(attributes: readonly Attribute[]) {
  const byName = new Map(attributes.map((attribute) => [attribute.name, attribute]));
  const order = new Set<Attribute>();
  const visit = (attribute: Attribute, path: readonly string[]): readonly string[] | undefined => {
    const { name, expression } = attribute;
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (order.has(attribute)) return undefined;
    for (const read of namesIn(expression)) {
      const next = byName.get(read);
      const loop = next && visit(next, [...path, name]);
      if (loop) return loop;
    }
    order.add(attribute);
    return undefined;
  };
  for (const attribute of attributes) {
    const loop = visit(attribute, []);
    if (loop !== undefined) return { order: [], loop };
  }
  return { order: [...order], loop: undefined };
}
