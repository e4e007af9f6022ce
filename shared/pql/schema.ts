/** What is declared about profiles and events. Unknown paths are "any": a schema adds knowledge, it refuses nothing. */
import { ANY, BOOLEAN, DATE, DOUBLE, INTEGER, listOf, mapOf, objectOf, STRING, TIMESTAMP, type Type } from './types.ts';

export interface Schema {
  readonly profile: Type;
  readonly event: Type;
}

/** The subset of JSON Schema that declares fields. `meta:xdmType: "map"` or `additionalProperties` makes a map. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
}

const SCALARS: ReadonlyMap<string, Type> = new Map([
  ['boolean', BOOLEAN],
  ['integer', INTEGER],
  ['number', DOUBLE],
]);

const FORMATS: ReadonlyMap<string, Type> = new Map([
  ['date-time', TIMESTAMP],
  ['date', DATE],
]);

export function typeOfJsonSchema(schema: JsonSchema): Type {
  const { type, format, properties, additionalProperties, items } = schema;
  const name = typeof type === 'string' ? type : type?.find((candidate) => candidate !== 'null');
  if (name === 'string') return FORMATS.get(format ?? '') ?? STRING;
  if (name === 'array') return listOf(items === undefined ? ANY : typeOfJsonSchema(items));
  if (properties !== undefined) {
    return {
      kind: 'object',
      fields: new Map(Object.entries(properties).map(([key, of]) => [key, typeOfJsonSchema(of)])),
    };
  }
  if (typeof additionalProperties === 'object') return mapOf(STRING, typeOfJsonSchema(additionalProperties));
  return SCALARS.get(name ?? '') ?? ANY;
}

/** The schema with more fields; a field that both declare as objects is merged, otherwise the later one holds. */
export function extendSchema(schema: Schema, profile: JsonSchema, event: JsonSchema): Schema {
  return {
    profile: mergeTypes(schema.profile, typeOfJsonSchema(profile)),
    event: mergeTypes(schema.event, typeOfJsonSchema(event)),
  };
}

function mergeTypes(base: Type, extension: Type): Type {
  if (extension.kind === 'any') return base;
  if (base.kind !== 'object' || extension.kind !== 'object') return extension;
  const fields = new Map(base.fields);
  for (const [name, type] of extension.fields) fields.set(name, mergeTypes(fields.get(name) ?? ANY, type));
  return objectOf(Object.fromEntries(fields));
}
