/**
 * A field as it is declared: the subset of JSON Schema (draft 2020-12) that field groups are written in and that an
 * extension may use, with the `meta:` keywords of published XDM schemas.
 */
import type { JsonSchema } from '#shared/pql/schema.ts';

export const FIELD_TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export interface FieldSchema extends JsonSchema {
  readonly title?: string;
  readonly description?: string;
  /** Absent: of any type. */
  readonly type?: FieldType;
  readonly format?: string;
  readonly enum?: readonly (string | number)[];
  /** What each value of `enum` is called. */
  readonly 'meta:enum'?: Readonly<Record<string, string>>;
  /** Usage labels of this field and of all below it: `C2`, `I1`, `notForDataScience`, `consent:email`. */
  readonly 'meta:labels'?: readonly string[];
  /** Whether values may be kept for the console; absent: unless they look like identifiers. */
  readonly 'meta:observeValues'?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema;
  readonly items?: FieldSchema;
}

/** Fields that belong together, as the console lists them. */
export interface FieldGroup {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly properties: Readonly<Record<string, FieldSchema>>;
}

/** What a schema is about: one person, or one thing that happened. */
export const SCHEMA_NAMES = ['profile', 'event'] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];

type More = Omit<FieldSchema, 'title' | 'type' | 'format' | 'properties' | 'items' | 'additionalProperties'>;

const of =
  (type: FieldType, format?: string) =>
  (title: string, more: More | string = {}): FieldSchema => ({
    title,
    type,
    ...(format === undefined ? {} : { format }),
    ...(typeof more === 'string' ? { description: more } : more),
  });

export const text = of('string');
export const uri = of('string', 'uri');
export const date = of('string', 'date');
export const moment = of('string', 'date-time');
export const integer = of('integer');
export const double = of('number');
export const flag = of('boolean');

export function object(title: string, properties: Readonly<Record<string, FieldSchema>>, more: More = {}): FieldSchema {
  return { title, type: 'object', properties, ...more };
}

export const list = (title: string, items: FieldSchema, more: More = {}): FieldSchema => ({
  title,
  type: 'array',
  items,
  ...more,
});

export const map = (title: string, values: FieldSchema, more: More = {}): FieldSchema => ({
  title,
  type: 'object',
  additionalProperties: values,
  ...more,
});

/** One of the names, each with what it is called. */
export const oneOf = (title: string, names: Readonly<Record<string, string>>, more: More = {}): FieldSchema => ({
  title,
  type: 'string',
  enum: Object.keys(names),
  'meta:enum': names,
  ...more,
});

/** Plain texts by name, called as their names read. */
export const texts = (...names: readonly string[]): Readonly<Record<string, FieldSchema>> =>
  Object.fromEntries(names.map((name) => [name, text(titleOf(name))]));

/** `stateProvince` reads "State province", `webPageDetails` "Web page details", `SKU` stays. */
export function titleOf(name: string): string {
  const words = name
    .replace(/^_+/, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .filter((word) => word !== '');
  const lower = words.map((word) => (/^[A-Z\d]{2,}$/.test(word) ? word : word.toLowerCase())).join(' ');
  return lower === '' ? name : lower.charAt(0).toUpperCase() + lower.slice(1);
}
