/**
 * `/audiences`: definitions seen as the sets of people that they make. What is uploaded instead of defined is an audience
 * too: a definition of the kind `external`.
 */
import * as z from 'zod';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { originFields, shownOrigin } from './audience-origin.ts';
import { evaluationInfo } from './evaluation-info.ts';
import {
  authored,
  etagOf,
  listSegmentDefinitions,
  segmentDefinitionResource,
  toResource,
} from './segment-definitions.ts';

export const AUDIENCE_TYPES = ['SegmentDefinition', 'ExternalSegment'] as const;
export type AudienceType = (typeof AUDIENCE_TYPES)[number];

export const typeOf = ({ kind }: Pick<SegmentDefinition, 'kind'>): AudienceType =>
  kind === 'external' ? 'ExternalSegment' : 'SegmentDefinition';

const UNION = {
  'meta:resourceType': 'unions',
  'meta:containerId': 'tenant',
  $ref: 'https://ns.adobe.com/xdm/context/profile__union',
} as const;

const { description, schema, profileInstanceId, mergePolicyId, timeZone, payloadSchema } = authored;

export const audienceResource = z.strictObject({
  ...segmentDefinitionResource.shape,
  audienceId: z.string(),
  type: z.enum(AUDIENCE_TYPES),
  originName: z.string(),
  namespace: z.string(),
  datasetId: z.string().optional(),
  linkedAudienceRef: z.record(z.string(), z.string()).optional(),
  isSystem: z.boolean(),
  overridePerformanceWarnings: z.boolean(),
  evaluationInfo,
  /** Seconds. */
  createEpoch: z.number().int(),
  /** As `If-Match` sends it back. */
  _etag: z.string(),
  /** Ids of audiences that ask about this one, and that this one asks about. */
  dependents: z.array(z.string()),
  dependencies: z.array(z.string()),
  /** Each with `meta:resourceType`, `meta:containerId` and `$ref`, a name that tools for JSON Schema take for a reference. */
  definedOn: z.array(z.record(z.string(), z.string())),
});
export type AudienceResource = z.output<typeof audienceResource>;

export interface Uses {
  readonly dependents: readonly string[];
  readonly dependencies: readonly string[];
}

export function toAudience(definition: SegmentDefinition, { dependents, dependencies }: Uses): AudienceResource {
  return {
    ...toResource(definition),
    type: typeOf(definition),
    ...shownOrigin(definition),
    isSystem: false,
    overridePerformanceWarnings: false,
    createEpoch: Math.floor(definition.creationTime / 1000),
    _etag: etagOf(definition),
    dependents: [...dependents],
    dependencies: [...dependencies],
    definedOn: [{ ...UNION }],
  };
}

const PROPERTIES = ['audienceId', 'id', 'name', 'type', 'namespace', 'lifecycleState', 'originName'] as const;

const property = z
  .string()
  .regex(new RegExp(`^(${PROPERTIES.join('|')})==.+$`), {
    error: `must be one of ${PROPERTIES.join(', ')}, then == and a value`,
  })
  .transform((text) => {
    const at = text.indexOf('==');
    return { name: text.slice(0, at) as (typeof PROPERTIES)[number], value: text.slice(at + 2) };
  });

const { start, limit, sort, folder, tag, search, lifecycleState } = listSegmentDefinitions.shape;

/** `start` counts audiences. */
export const listAudiences = z.strictObject({
  start,
  limit,
  sort,
  property: property.optional(),
  /** A part of it, whatever the case. */
  name: z.string().min(1).max(255).optional(),
  description: z.string().min(1).max(255).optional(),
  /** Sent by clients of the original. */
  entityType: z.string().max(100).optional(),
  folder,
  tag,
  search,
  lifecycleState,
});
export type ListAudiences = z.output<typeof listAudiences>;

export const audienceList = z.strictObject({
  children: z.array(audienceResource),
  _page: z.strictObject({
    totalCount: z.number().int(),
    totalPages: z.number().int(),
    sortField: z.string(),
    sort: z.enum(['asc', 'desc']),
    pageSize: z.number().int(),
    limit: z.number().int(),
    start: z.number().int(),
    /** The `start` of the next page; absent on the last. */
    next: z.number().int().optional(),
  }),
  _links: z.strictObject({ next: z.strictObject({ href: z.string() }).optional() }),
});
export type AudienceList = z.output<typeof audienceList>;

/** One that is made by an expression, which it must have, or one whose members are uploaded. */
const type = z.enum(AUDIENCE_TYPES).default('SegmentDefinition');
const expression = authored.expression.optional();

export const createAudience = z.strictObject({ ...authored, ...originFields, expression, type });

/** The whole of it: what is left out is taken away. */
export const replaceAudience = z.strictObject({
  ...authored,
  expression,
  type,
  ...originFields,
});

/** What a JSON Patch is applied to and must leave behind. */
export const audienceContent = z.strictObject({
  name: authored.name,
  description,
  schema,
  expression: authored.expression,
  timeZone,
  mergePolicyId,
  profileInstanceId,
  payloadSchema,
  dataGovernancePolicy: authored.dataGovernancePolicy,
  lifecycleState: authored.lifecycleState,
  folder: authored.folder,
  labels: authored.labels,
  tags: authored.tags,
});
export type AudienceContent = z.output<typeof audienceContent>;

/** Nobody evaluates what is uploaded. */
export const externalContent = z.strictObject({
  ...audienceContent.omit({ expression: true, timeZone: true, mergePolicyId: true }).shape,
  ...originFields,
});

const pointer = z
  .string()
  .max(500)
  .regex(/^(\/([^~/]|~[01])*)*$/, 'must be a JSON pointer');

export const patchAudience = z
  .array(
    z.union([
      z.strictObject({ op: z.enum(['add', 'replace', 'test']), path: pointer, value: z.unknown() }),
      z.strictObject({ op: z.literal('remove'), path: pointer }),
      z.strictObject({ op: z.enum(['move', 'copy']), path: pointer, from: pointer }),
    ]),
  )
  .min(1)
  .max(100);

export const audiencesById = z.strictObject({
  results: z.record(z.string(), audienceResource),
  notFound: z.array(z.string()),
});
export type AudiencesById = z.output<typeof audiencesById>;
