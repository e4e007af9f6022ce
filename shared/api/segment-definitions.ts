/** Requests and responses of `/segment/definitions`: names and values are those of the published Segmentation API. */
import * as z from 'zod';
import type { Backfill } from '#shared/batch/backfill.ts';
import { LIFECYCLE_STATES, type SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { authoredLine, authoredLines } from './authored-text.ts';
import { evaluationInfo, evaluationInfoOf, requestedEvaluation } from './evaluation-info.ts';

export const NAME_LENGTH_MAX = 255;
export const DESCRIPTION_LENGTH_MAX = 4000;
export const LABELS_MAX = 50;
export const FOLDER_LENGTH_MAX = 255;
export const NOTE_LENGTH_MAX = 1000;
export const LIST_LIMIT_DEFAULT = 100;
export const LIST_LIMIT_MAX = 500;
/** An expression has its own limits; this one only keeps a definition storable. */
export const EXPRESSION_LENGTH_MAX = 100_000;

const isTrimmed = (text: string) => text === text.trim();

const name = authoredLine(NAME_LENGTH_MAX)
  .refine(isTrimmed, 'must not begin or end with a space')
  .transform((text) => text.normalize('NFC'));
const words = z.array(authoredLine(100)).max(LABELS_MAX);
const reference = z.string().min(1).max(200);

const expression = z.strictObject({
  type: z.literal('PQL'),
  format: z.enum(['pql/text', 'pql/json']),
  value: z.string().min(1).max(EXPRESSION_LENGTH_MAX),
});

/** Names from the outermost folder on, each after a slash. */
export const folder = authoredLine(FOLDER_LENGTH_MAX, 0)
  .regex(/^[^/\s](?:[^/]*[^/\s])?(?:\/[^/\s](?:[^/]*[^/\s])?)*$/, 'must be names with one slash between two')
  .transform((text) => text.normalize('NFC'));

/** Why a version was made. */
export const note = authoredLines(NOTE_LENGTH_MAX).min(1);

/** What an author decides. */
export const authored = {
  name,
  description: authoredLines(DESCRIPTION_LENGTH_MAX).optional(),
  schema: z.strictObject({ name: reference }).optional(),
  expression,
  timeZone: reference.optional(),
  mergePolicyId: reference.optional(),
  profileInstanceId: reference.optional(),
  payloadSchema: z.string().max(10_000).optional(),
  dataGovernancePolicy: z.strictObject({ excludeOptOut: z.boolean() }).optional(),
  lifecycleState: z.enum(LIFECYCLE_STATES).optional(),
  folder: folder.optional(),
  labels: words.optional(),
  tags: words.optional(),
  note: note.optional(),
  /** Decided by the service, but for one thing: batch true and continuous false together ask for a schedule only. */
  evaluationInfo: requestedEvaluation.optional(),
  // Taken because clients of the original send it.
  ttlInDays: z.number().optional(),
} as const;

export const createSegmentDefinition = z.strictObject({ ...authored, imsOrgId: reference.optional() });
export type CreateSegmentDefinition = z.output<typeof createSegmentDefinition>;

/**
 * A client may send back the whole of what it read: what only the service writes is taken as long as it is what it was.
 * `null` takes a field away.
 */
export const patchSegmentDefinition = z.strictObject({
  ...authored,
  name: name.optional(),
  expression: expression.optional(),
  description: authored.description.nullable(),
  timeZone: authored.timeZone.nullable(),
  mergePolicyId: authored.mergePolicyId.nullable(),
  folder: authored.folder.nullable(),
  createdBy: z.string().max(256).optional(),
  updatedBy: z.string().max(256).optional(),
  id: z.string().max(200).optional(),
  imsOrgId: z.string().max(200).optional(),
  sandbox: z.looseObject({}).optional(),
  size: z.looseObject({}).optional(),
  version: z.number().optional(),
  creationTime: z.number().optional(),
  updateTime: z.number().optional(),
  updateEpoch: z.number().optional(),
});
export type PatchSegmentDefinition = z.output<typeof patchSegmentDefinition>;

export const SORT_FIELDS = ['creationTime', 'updateTime', 'name', 'version', 'lifecycleState', 'id'] as const;

const sort = z
  .string()
  .regex(new RegExp(`^(${SORT_FIELDS.join('|')})(:(asc|desc))?$`), {
    error: `must be one of ${SORT_FIELDS.join(', ')}, then :asc or :desc`,
  })
  .default('creationTime:desc')
  .transform((text) => {
    const [field, order = 'asc'] = text.split(':');
    return { field: field as (typeof SORT_FIELDS)[number], order: order as 'asc' | 'desc' };
  });

const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

/** `start` counts definitions, `page` counts pages of `limit`, both from 0; `start` wins. */
export const listSegmentDefinitions = z.strictObject({
  start: z.coerce.number().int().min(0).optional(),
  page: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(LIST_LIMIT_DEFAULT),
  sort,
  'evaluationInfo.batch.enabled': flag,
  'evaluationInfo.continuous.enabled': flag,
  'evaluationInfo.synchronous.enabled': flag,
  lifecycleState: z.enum(LIFECYCLE_STATES).optional(),
  /** Those in it and in the folders within. */
  folder: folder.optional(),
  tag: z.string().min(1).max(100).optional(),
  /** Every word of it must stand, as a part of a word or more, in the name, the description, a tag, the folder or the rule. */
  search: z.string().min(1).max(200).optional(),
});
export type ListSegmentDefinitions = z.output<typeof listSegmentDefinitions>;

/** A sandbox has no other id than its name here. */
const sandboxResource = z.strictObject({
  sandboxId: z.string(),
  sandboxName: z.string(),
  type: z.enum(['production', 'development']),
  default: z.boolean(),
});

function sandboxOf(sandboxName: string): z.output<typeof sandboxResource> {
  const isDefault = sandboxName === 'prod';
  return { sandboxId: sandboxName, sandboxName, type: isDefault ? 'production' : 'development', default: isDefault };
}

export const segmentDefinitionResource = z.strictObject({
  ...authored,
  /** The value is empty where nobody evaluates it: of an audience that is uploaded. */
  expression: z.strictObject({ ...expression.shape, value: z.string() }),
  id: z.uuid(),
  name: z.string(),
  imsOrgId: z.string().optional(),
  sandbox: sandboxResource,
  schema: z.strictObject({ name: z.string() }),
  evaluationInfo,
  dataGovernancePolicy: z.strictObject({ excludeOptOut: z.boolean() }),
  lifecycleState: z.enum(LIFECYCLE_STATES),
  folder: z.string().optional(),
  labels: words,
  tags: words,
  /** Subjects of tokens. */
  createdBy: z.string().optional(),
  updatedBy: z.string().optional(),
  /** How many members it had when everybody was last counted; absent where nobody has been. */
  size: z
    .strictObject({
      members: z.number().int(),
      /** Everybody was counted as of `asOf`; who came and left since is not in it. */
      exact: z.boolean(),
      asOf: z.string(),
      ageInSeconds: z.number().int(),
    })
    .optional(),
  version: z.number().int(),
  creationTime: z.number().int(),
  updateTime: z.number().int(),
  /** Seconds, where the two above are milliseconds. */
  updateEpoch: z.number().int(),
});
export type SegmentDefinitionResource = z.output<typeof segmentDefinitionResource>;

export const segmentDefinitionList = z.strictObject({
  segments: z.array(segmentDefinitionResource),
  page: z.strictObject({
    totalCount: z.number().int(),
    totalPages: z.number().int(),
    sortField: z.string(),
    sort: z.enum(['asc', 'desc']),
    pageSize: z.number().int(),
    limit: z.number().int(),
  }),
  link: z.strictObject({ next: z.string().optional() }),
});
export type SegmentDefinitionList = z.output<typeof segmentDefinitionList>;

/** 1 to 100 ids, each in an object, as the original has it. */
export const bulkGet = z.strictObject({
  ids: z
    .array(z.strictObject({ id: z.string().min(1).max(200) }))
    .min(1)
    .max(100),
});

/** What is not among the results is not in the sandbox. */
export const segmentDefinitionsById = z.strictObject({
  results: z.record(z.string(), segmentDefinitionResource),
  notFound: z.array(z.string()),
});
export type SegmentDefinitionsById = z.output<typeof segmentDefinitionsById>;

export const deletedSegmentDefinition = z.strictObject({ status: z.literal(true), message: z.string() });

/** In the order in which a person reads it. */
export function toResource(
  definition: SegmentDefinition,
  backfill?: Backfill,
  size?: SegmentDefinitionResource['size'],
): SegmentDefinitionResource {
  const { id, name, description, sandboxName, kind, evaluation, schema, expression, labels, tags, ...others } =
    definition;
  const { declared: _declared, since: _since, origin: _origin, ...rest } = others;
  return {
    id,
    name,
    ...(description === undefined ? {} : { description }),
    schema: { ...schema },
    expression: { type: expression.type, format: expression.format, value: expression.value },
    evaluationInfo: evaluationInfoOf(definition, backfill),
    ...(size === undefined ? {} : { size }),
    ...rest,
    labels: [...labels],
    tags: [...tags],
    sandbox: sandboxOf(sandboxName),
    updateEpoch: Math.floor(definition.updateTime / 1000),
  };
}

/** The entity tag of a definition's current version, as `If-Match` sends it back. */
export const etagOf = ({ version }: Pick<SegmentDefinition, 'version'>): string => `"${version}"`;
