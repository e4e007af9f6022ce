/** What is declared about profiles and events. Unknown paths are "any": a schema adds knowledge, it refuses nothing. */
import { ANY, BOOLEAN, DATE, DOUBLE, INTEGER, listOf, mapOf, STRING, TIMESTAMP, type Type } from './types.ts';

export interface Schema {
  readonly profile: Type;
  readonly event: Type;
  /**
   * Names that records carried, by the declared object that they stood in beside what it declares: only with it can a name
   * be told to be unknown. Absent where nobody knows what records carry.
   */
  readonly seen?: ReadonlyMap<Type, ReadonlySet<string>>;
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

export const schemaOf = (profile: JsonSchema, event: JsonSchema): Schema => ({
  profile: typeOfJsonSchema(profile),
  event: typeOfJsonSchema(event),
});
