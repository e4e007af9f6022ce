/** `/preview` and `/estimate`: names and values are those of the published Segmentation API, and what is ours beside them. */
import * as z from 'zod';
import { IDENTITY_LENGTH_MAX } from '#shared/profile/identity.ts';
import { EXPRESSION_LENGTH_MAX } from './segment-definitions.ts';

export const SEED_LENGTH_MAX = 64;
export const PREVIEW_PAGE_DEFAULT = 20;
export const PREVIEW_PAGE_MAX = 100;

const expression = z.string().min(1).max(EXPRESSION_LENGTH_MAX);
const expressionType = z.enum(['pql/text', 'pql/json']).default('pql/text');
const reference = z.string().min(1).max(200);

const comparedExpression = z.strictObject({
  predicateExpression: expression,
  predicateType: expressionType,
  mergePolicyId: reference.optional(),
  timeZone: reference.optional(),
});
const comparedDefinition = z.strictObject({
  segmentId: z.uuid(),
  /** The current one unless given. */
  version: z.number().int().min(1).optional(),
});

export const createPreview = z.strictObject({
  predicateExpression: expression,
  predicateType: expressionType,
  /** Sent by clients of the original; profiles are what is looked at here. */
  predicateModel: reference.optional(),
  /** The identity graph is the sandbox's: taken because clients of the original send it. */
  graphType: reference.optional(),
  mergePolicyId: reference.optional(),
  timeZone: reference.optional(),
  /** Previews of one seed read the same profiles, so that numbers move only because the expression does. */
  seed: z
    .union([z.string().min(1).max(SEED_LENGTH_MAX), z.number().int()])
    .transform(String)
    .optional(),
  /** A definition's id, PQL text, or either of them spelled out: who would enter, and who would leave. */
  compareWith: z.union([comparedDefinition, comparedExpression, expression]).optional(),
  /** Asks for what each condition keeps and drops. */
  clauses: z.boolean().default(false),
});
export type CreatePreview = z.output<typeof createPreview>;

const count = z.number().int().min(0);
const state = z.enum(['NEW', 'RUNNING', 'RESULT_READY', 'FAILED']);
const span = z.strictObject({ start: count, end: count });

/** Of everybody, from those who were read; the bounds of the 95 % interval are both the size where everybody was. */
const bounds = { estimatedSize: count, low: count, high: count };

const figures = {
  alone: count,
  /** Null where it does not stand in a row of conditions that must all hold. */
  remaining: count.nullable(),
  dropsAlone: count,
  addsAlone: count,
};

export const clauseFigures = z.strictObject({
  span,
  form: z.enum(['and', 'or', 'not', 'let', 'condition']),
  ...figures,
  /** The larger half of each figure's 95 % interval. */
  error: z.strictObject(figures),
  /** Of a sequence: how many reach each step. */
  steps: z.array(z.strictObject({ span, reached: count, error: count })).readonly(),
});

export const estimateResource = z.strictObject({
  state,
  ...bounds,
  confidenceInterval: z.string(),
  standardError: count,
  /** Nobody was left out: there is no error. */
  exact: z.boolean(),
  numRowsToRead: count,
  totalRows: count,
  profilesReadSoFar: count,
  profilesMatchedSoFar: count,
  estimatedNamespaceDistribution: z
    .array(z.strictObject({ namespaceId: z.string(), profilesMatchedSoFar: count, estimatedSize: count }))
    .readonly(),
  /** The instant at which everybody was looked at, ISO 8601. */
  at: z.string(),
  seed: z.string(),
  /** `pql/text`: what `start` and `end` count in. */
  expression: z.string(),
  /** Published definitions that share members with it, those that share most first. */
  overlap: z
    .array(
      z.strictObject({
        segmentId: z.string(),
        name: z.string(),
        profilesSharedSoFar: count,
        estimatedShared: count,
        /** Of those who match, and of the definition's members: from 0 to 1. */
        shareOfPreview: z.number(),
        shareOfSegment: z.number(),
      }),
    )
    .readonly(),
  difference: z
    .strictObject({
      /** By what it is compared with. */
      before: z.strictObject(bounds),
      enter: z.strictObject({ ...bounds, profilesMatchedSoFar: count }),
      leave: z.strictObject({ ...bounds, profilesMatchedSoFar: count }),
    })
    .optional(),
  /** In the order of the text, each before those within it. */
  clauses: z.array(clauseFigures).readonly().optional(),
  /** More conditions than are answered for. */
  clausesTruncated: z.literal(true).optional(),
  error: z.strictObject({ description: z.string(), traceback: z.string() }).optional(),
  _links: z.strictObject({ preview: z.string() }),
});
export type EstimateResource = z.output<typeof estimateResource>;

export const previewResource = z.strictObject({
  previewId: z.string(),
  previewQueryId: z.uuid(),
  previewExecutionId: z.number().int(),
  state,
  previewQueryStatus: state,
  /** The first answer. */
  estimate: estimateResource,
});
export type PreviewResource = z.output<typeof previewResource>;

export const getPreviewQuery = z.strictObject({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(PREVIEW_PAGE_MAX).default(PREVIEW_PAGE_DEFAULT),
  /** Of a preview with `compareWith` also those who would enter, or leave. */
  sample: z.enum(['match', 'enter', 'leave']).default('match'),
});
export type GetPreviewQuery = z.output<typeof getPreviewQuery>;

const relatedObject = z.strictObject({
  objectId: z.string().max(IDENTITY_LENGTH_MAX),
  namespaceId: z.string(),
  _href: z.string(),
});

export const previewPage = z.strictObject({
  previewId: z.string(),
  state,
  page: z.strictObject({ offset: count, limit: count, size: count, totalCount: count }),
  /** The next page; null behind the last. */
  link: z.string().nullable(),
  results: z
    .array(
      z.strictObject({
        objectId: z.string(),
        /** Null for a profile without an identity. */
        _href: z.string().nullable(),
        relatedObjects: z.array(relatedObject).readonly(),
      }),
    )
    .readonly(),
});
export type PreviewPage = z.output<typeof previewPage>;

export const deletedPreview = z.strictObject({ status: z.boolean(), message: z.string() });
