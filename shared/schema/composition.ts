/** The default field groups and what a sandbox adds to them, as one. An extension adds and annotates, it redefines nothing. */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { type Schema, typeOfJsonSchema } from '#shared/pql/schema.ts';
import type { Type } from '#shared/pql/types.ts';
import { defaultSchema } from './default-schema.ts';
import type { SchemaMistake } from './extension.ts';
import { defaultFields } from './field-groups/index.ts';
import { type FieldSchema, SCHEMA_NAMES, type SchemaName } from './field-schema.ts';

/** What a sandbox declares by itself; absent: nothing. */
export interface SchemaExtensions {
  readonly profile?: FieldSchema;
  readonly event?: FieldSchema;
}

/** All fields of a schema, or where the extension contradicts a default field. */
export function composeFields(
  name: SchemaName,
  extension: FieldSchema | undefined,
): Result<FieldSchema, readonly SchemaMistake[]> {
  const base = defaultFields(name);
  if (extension === undefined) return ok(base);
  const mistakes: SchemaMistake[] = [];
  const composed = merge(base, extension, '', mistakes);
  return mistakes.length > 0 ? fail(mistakes) : ok(composed);
}

/**
 * The same for an extension that was accepted, by this release or an earlier one. Where a default field has been added
 * since that contradicts it, the default holds: it is what every other sandbox means by the name.
 */
export function composedFields(name: SchemaName, { [name]: extension }: SchemaExtensions): FieldSchema {
  return extension === undefined ? defaultFields(name) : merge(defaultFields(name), extension, '', []);
}

/** What the checker of PQL takes. */
export function composedSchema(extensions: SchemaExtensions): Schema {
  if (extensions.profile === undefined && extensions.event === undefined) return defaultSchema;
  const { profile, event } = extensions;
  return {
    profile: profile === undefined ? defaultSchema.profile : typeOfJsonSchema(composedFields('profile', extensions)),
    event: event === undefined ? defaultSchema.event : typeOfJsonSchema(composedFields('event', extensions)),
  };
}

/** Names that are read of a profile though no record carries them. */
const SERVED = ['computed', 'propensity'];

/**
 * The schema with the paths that records carried, so that a name which is neither declared nor seen can be pointed out.
 * Without paths of one of the two nothing is said about its names.
 */
export function withSeen(schema: Schema, paths: Readonly<Partial<Record<SchemaName, readonly string[]>>>): Schema {
  const seen = new Map<Type, Set<string>>();
  for (const name of SCHEMA_NAMES) {
    const known = paths[name];
    if (known === undefined) continue;
    noteObjects(schema[name], seen);
    // The empty path is every record as a whole, and no name that somebody could have meant.
    for (const path of known) if (path !== '') noteSeen(schema[name], path.split('.'), seen);
  }
  for (const name of SERVED) noteSeen(schema.profile, [name], seen);
  return { ...schema, seen };
}

function noteObjects(type: Type, seen: Map<Type, Set<string>>): void {
  if (type.kind === 'list') noteObjects(type.item, seen);
  if (type.kind === 'map') noteObjects(type.value, seen);
  if (type.kind !== 'object') return;
  seen.set(type, new Set());
  for (const field of type.fields.values()) noteObjects(field, seen);
}

function noteSeen(type: Type, [name, ...rest]: readonly string[], seen: Map<Type, Set<string>>): void {
  if (name === undefined) return;
  if (type.kind === 'list') noteSeen(type.item, [name, ...rest], seen);
  if (type.kind === 'map') noteSeen(type.value, rest, seen);
  if (type.kind !== 'object') return;
  const field = type.fields.get(name);
  if (field === undefined) seen.get(type)?.add(name);
  else noteSeen(field, rest, seen);
}

function merge(base: FieldSchema, added: FieldSchema, pointer: string, mistakes: SchemaMistake[]): FieldSchema {
  const problem = contradictionOf(base, added);
  if (problem !== undefined) {
    mistakes.push({ pointer: `${pointer}/${problem.keyword}`, message: problem.message });
    return base;
  }
  const labels = [...new Set([...(base['meta:labels'] ?? []), ...(added['meta:labels'] ?? [])])];
  return {
    ...base,
    ...added,
    ...(base.type !== undefined && { type: base.type }),
    ...(base.format !== undefined && { format: base.format }),
    ...(labels.length > 0 && { 'meta:labels': labels }),
    ...mergedChildren(base, added, pointer, mistakes),
  };
}

function mergedChildren(base: FieldSchema, added: FieldSchema, pointer: string, mistakes: SchemaMistake[]) {
  const both = (one: FieldSchema | undefined, other: FieldSchema | undefined, at: string) =>
    one === undefined || other === undefined ? (other ?? one) : merge(one, other, at, mistakes);
  const items = both(base.items, added.items, `${pointer}/items`);
  const values = both(base.additionalProperties, added.additionalProperties, `${pointer}/additionalProperties`);
  if (added.properties === undefined)
    return { ...(items && { items }), ...(values && { additionalProperties: values }) };
  const known = new Map(Object.entries(base.properties ?? {}));
  const merged = Object.entries(added.properties).map(([name, field]) => {
    return [name, both(known.get(name), field, `${pointer}/properties/${name}`) ?? field] as const;
  });
  return {
    properties: Object.fromEntries([...known, ...merged]),
    ...(items && { items }),
    ...(values && { additionalProperties: values }),
  };
}

interface Contradiction {
  readonly keyword: string;
  readonly message: string;
}

/** A default field without a type may get one; one that has a type keeps it. */
function contradictionOf(base: FieldSchema, added: FieldSchema): Contradiction | undefined {
  const [was, becomes] = [shapeOf(base), shapeOf(added)];
  if (was === undefined || becomes === undefined) return undefined;
  if (was !== becomes) {
    const keyword = ['type', 'properties', 'additionalProperties', 'items'].find((name) => name in added) ?? 'type';
    return { keyword, message: `the default field is ${article(was)} and stays one, it can't be ${article(becomes)}` };
  }
  if (added.format === undefined || added.format === base.format) return undefined;
  const format = base.format === undefined ? 'no format' : `format "${base.format}"`;
  return { keyword: 'format', message: `the default field has ${format}, which can't be changed` };
}

function shapeOf({ type, properties, additionalProperties, items }: FieldSchema): string | undefined {
  if (additionalProperties !== undefined) return 'map';
  return type ?? (properties === undefined ? (items === undefined ? undefined : 'array') : 'object');
}

const article = (shape: string) => (/^[aeiou]/.test(shape) ? `an ${shape}` : `a ${shape}`);
