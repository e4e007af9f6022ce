/** Versions of a definition and the draft beside it. */
import * as z from 'zod';
import type { DraftRevision } from '#shared/segment/draft-revision.ts';
import { difference } from './difference.ts';
import { authored, note, patchSegmentDefinition, segmentDefinitionResource } from './segment-definitions.ts';

export const VERSIONS_LIMIT_MAX = 100;

const versionNumber = z.number().int().min(1).max(999_998);

export const listVersions = z.strictObject({
  limit: z.coerce.number().int().min(1).max(VERSIONS_LIMIT_MAX).default(20),
  /** The `next` of an earlier answer: versions before that one. */
  after: z.coerce.number().int().min(1).max(999_999).optional(),
});

export const versionEntry = z.strictObject({
  version: z.number().int(),
  name: z.string(),
  lifecycleState: segmentDefinitionResource.shape.lifecycleState,
  updateTime: z.number().int(),
  updatedBy: z.string().optional(),
  note: z.string().optional(),
  /** From the version before it. */
  differences: z.array(difference),
});

export const versionList = z.strictObject({
  /** The newest first. */
  versions: z.array(versionEntry),
  next: z.number().int().nullable(),
});
export type VersionList = z.output<typeof versionList>;

export const compareVersions = z.strictObject({
  /** The version before it, unless given. */
  from: z.coerce.number().int().min(1).max(999_998).optional(),
});

export const versionDifferences = z.strictObject({
  from: z.number().int(),
  to: z.number().int(),
  differences: z.array(difference),
});
export type VersionDifferences = z.output<typeof versionDifferences>;

export const rollBack = z.strictObject({
  /** Whose rule, name and other words the next version shall have. */
  version: versionNumber,
  note: note.optional(),
});

const { description, timeZone, mergePolicyId, folder, name, expression } = patchSegmentDefinition.shape;
const { labels, tags, dataGovernancePolicy } = authored;

/** What the draft changes; `null` takes a field away. An expression is taken as it is, mistakes and all. */
const draftFields = {
  name,
  description,
  expression,
  timeZone,
  mergePolicyId,
  folder,
  labels,
  tags,
  dataGovernancePolicy,
} as const;

export const saveDraft = z.strictObject({
  ...draftFields,
  /** Of the definition; the current one unless given. */
  basedOnVersion: versionNumber.optional(),
});

export const diagnosticResource = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  hint: z.string().optional(),
  start: z.number().int(),
  end: z.number().int(),
  line: z.number().int(),
  column: z.number().int(),
});

export const draftResource = z.strictObject({
  ...draftFields,
  name: z.string().optional(),
  folder: z.string().nullable().optional(),
  definitionId: z.uuid(),
  revision: z.number().int(),
  basedOnVersion: z.number().int(),
  /** Of the definition by now: newer than `basedOnVersion` if somebody else changed it meanwhile. */
  currentVersion: z.number().int(),
  updateTime: z.number().int(),
  updatedBy: z.string(),
  /** From the definition as it is. */
  differences: z.array(difference),
  diagnostics: z.array(diagnosticResource).readonly(),
});
export type DraftResource = z.output<typeof draftResource>;

export const publishDraft = z.strictObject({ note: note.optional() });

/** Never that of a definition. */
export const draftEtagOf = ({ revision }: Pick<DraftRevision, 'revision'>): string => `"draft-${revision}"`;
