/** Requests and responses of `/schemas`: what is declared about profiles and events, and what was observed of them. */
import * as z from 'zod';
import { SCHEMA_NAMES } from '#shared/schema/field-schema.ts';

export const FIELD_PAGE_DEFAULT = 100;
export const FIELD_PAGE_MAX = 500;
export const FIELD_QUERY_LENGTH_MAX = 200;

const jsonObject = z.record(z.string(), z.unknown());

/** An extension in JSON Schema; what it may say is checked by the schema itself, mistake by mistake. */
export const schemaExtension = jsonObject;

const group = z.strictObject({ id: z.string(), title: z.string() });

export const schemaSummary = z.strictObject({
  name: z.enum(SCHEMA_NAMES),
  title: z.string(),
  /** Of the sandbox's extension; 0 where there is none. */
  version: z.number().int(),
  /** ISO 8601; absent where there is no extension. */
  updateTime: z.string().optional(),
  groups: z.array(z.strictObject({ ...group.shape, description: z.string() })),
});
export const schemaList = z.strictObject({ schemas: z.array(schemaSummary) });

export const schemaResource = z.strictObject({
  ...schemaSummary.shape,
  /** What the sandbox declares; absent where it declares nothing. */
  extension: jsonObject.optional(),
  /** The default field groups and the extension as one JSON Schema, draft 2020-12. */
  composed: jsonObject,
});
export type SchemaSummary = z.output<typeof schemaSummary>;
export type SchemaResource = z.output<typeof schemaResource>;

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const listFieldsQuery = z.strictObject({
  /** Parts of words: of names, paths, descriptions, event types and values. */
  q: z.string().max(FIELD_QUERY_LENGTH_MAX).default(''),
  schema: z.enum(SCHEMA_NAMES).optional(),
  /** Only fields that some record carried. */
  withData: flag.default(false),
  /** Only fields that events of this type carry. */
  eventType: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(FIELD_PAGE_MAX).default(FIELD_PAGE_DEFAULT),
  /** `next` of the page before. */
  after: z.string().max(500).optional(),
});

const value = z.union([z.string(), z.number(), z.boolean()]);
const share = z.number().min(0).max(1);

const distribution = z.strictObject({
  count: z.number(),
  filled: share,
  sampleRate: share,
  people: z.number().int(),
  distinct: z.number().int(),
  kind: z.string().optional(),
  conflicts: z.array(z.strictObject({ kind: z.string(), share })),
  topValues: z.array(z.strictObject({ value, share, error: share.optional() })).optional(),
  withheld: z.enum(['label', 'name', 'declared', 'mostly-unique']).optional(),
  range: z.strictObject({ min: value, max: value }).optional(),
  quantiles: z
    .strictObject({ p5: z.number(), p25: z.number(), p50: z.number(), p75: z.number(), p95: z.number() })
    .optional(),
  length: z.strictObject({ min: z.number().int(), max: z.number().int() }).optional(),
  eventTypes: z.array(z.strictObject({ eventType: z.string(), share })).optional(),
  firstSeen: z.string(),
  lastSeen: z.string(),
});

export const fieldResource = z.strictObject({
  schema: z.enum(SCHEMA_NAMES),
  path: z.string(),
  title: z.string(),
  titles: z.array(z.string()),
  description: z.string().optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  isList: z.boolean(),
  group,
  source: z.enum(['default', 'extension', 'observed']),
  labels: z.array(z.string()),
  values: z
    .array(z.strictObject({ value: z.union([z.string(), z.number()]), title: z.string().optional() }))
    .optional(),
  observed: distribution.optional(),
  /** Where the least obvious word of the search was found. */
  match: z
    .strictObject({
      in: z.enum(['title', 'path', 'value', 'group', 'eventType', 'description']),
      text: z.string(),
    })
    .optional(),
});
export type FieldResource = z.output<typeof fieldResource>;

/** What shares of fields are shares of, and since when further fields are left out. */
const observedTotals = z.strictObject({
  schema: z.enum(SCHEMA_NAMES),
  /** What is counted: events, or records of profiles. */
  counts: z.enum(['events', 'profile records']),
  records: z.number(),
  people: z.number().int(),
  fields: z.number().int(),
  fieldsMax: z.number().int(),
  fullSince: z.string().optional(),
});

export const fieldList = z.strictObject({
  fields: z.array(fieldResource),
  page: z.strictObject({
    totalCount: z.number().int(),
    /** Fields that `withData` left out. */
    withoutData: z.number().int(),
    limit: z.number().int(),
    next: z.string().optional(),
  }),
  observed: z.array(observedTotals),
});
export type FieldList = z.output<typeof fieldList>;

export const eventTypeList = z.strictObject({
  /** The most frequent first. */
  eventTypes: z.array(
    z.strictObject({
      eventType: z.string(),
      title: z.string(),
      /** Events of the type, and their share of all events. */
      count: z.number(),
      share,
      people: z.number().int(),
      sampleRate: share,
      firstSeen: z.string(),
      lastSeen: z.string(),
    }),
  ),
  /** When the limit first left a type out. */
  fullSince: z.string().optional(),
});
export type EventTypeList = z.output<typeof eventTypeList>;
