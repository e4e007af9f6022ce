/** From what a caller asks for to what the job does: names looked up, labels held to, columns with their types. */
import type { ExportedSegment, ExportRequest, ExportSpecification } from '#shared/batch/export-specification.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { DEFAULT_PURPOSE } from '#shared/profile/consent.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import { labelledFields } from '#shared/schema/usage-labels.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { attributesIn, columnsOf, FIELDS_MAX, readByComputed, SEGMENT_MEMBERSHIP } from './export-columns.ts';

/**
 * What may leave neither to others (C2) nor as rows of people (C1) leaves by no export: nobody can say where its files
 * will be.
 */
export const EXPORT_LABELS = ['C1', 'C2'];

export interface SettledExport {
  readonly specification: ExportSpecification;
  /** Of the definitions that it is about; all of them where it is about none in particular and shows memberships. */
  readonly segmentIds: readonly string[] | '*';
}

export interface ExportMistake {
  readonly pointer: string;
  readonly message: string;
}

interface Settling {
  readonly request: ExportRequest;
  readonly sandboxName: string;
  readonly jobId: string;
  readonly rules: CompiledRules;
  readonly extensions: SchemaExtensions;
}

export function settleExport(settling: Settling): Result<SettledExport, readonly ExportMistake[]> {
  const { request, sandboxName, jobId, rules, extensions } = settling;
  const { fields, filter = {}, mergePolicy, destination } = request;
  const { segments } = filter;
  const columns = columnsOf(fieldsOf(fields, segments !== undefined), rules, extensions);
  const mistakes = [
    ...(columns.ok ? [] : columns.error.map(({ field, message }) => mistake('/fields', `${field} ${message}`))),
    ...(columns.ok ? forbidden(columns.value, settling) : []),
    ...filterMistakes(request, rules),
  ];
  if (!columns.ok || mistakes.length > 0) return fail(mistakes);
  const { prefix = destination.datasetId ?? 'jobs', format } = destination;
  const { startTime, endTime } = filter.segmentQualificationTime ?? {};
  const specification: ExportSpecification = {
    request,
    format,
    folder: `${sandboxName}/${prefix}/${jobId}/`,
    columns: columns.value,
    ...(segments && { segments: segments.map(exportedSegment) }),
    ...(startTime !== undefined && { qualifiedFrom: Date.parse(startTime) }),
    ...(endTime !== undefined && { qualifiedUntil: Date.parse(endTime) }),
    ...(filter.fromIngestTimestamp !== undefined && { changedSince: Date.parse(filter.fromIngestTimestamp) }),
    emptyProfiles: filter.emptyProfiles ?? false,
    ...(mergePolicy && { mergePolicyId: mergePolicy.id }),
    consentPurpose: request.consentPurpose ?? DEFAULT_PURPOSE,
  };
  const showsMemberships = columns.value.some(({ name }) => name === SEGMENT_MEMBERSHIP);
  const everySegment = showsMemberships ? '*' : [];
  const segmentIds = segments ? [...new Set(segments.map(({ segmentId }) => segmentId))] : everySegment;
  return ok({ specification, segmentIds });
}

const mistake = (pointer: string, message: string): ExportMistake => ({ pointer, message });

/** Who somebody is, unless it is said what is wanted of them; and why they are in it. */
function fieldsOf(fields: string | undefined, hasSegments: boolean): readonly string[] {
  const named = (fields ?? '')
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '');
  const wanted = named.length === 0 ? ['identityMap'] : named;
  return hasSegments ? [...wanted, SEGMENT_MEMBERSHIP] : wanted;
}

/** `existing` is a member who was one before. */
const exportedSegment = ({
  segmentId,
  status = ['realized'],
}: NonNullable<NonNullable<ExportRequest['filter']>['segments']>[number]): ExportedSegment => ({
  segmentId,
  statuses: [...new Set(status.map((each) => (each === 'existing' ? 'realized' : each)))],
});

function forbidden(columns: ExportSpecification['columns'], { rules, extensions }: Settling): ExportMistake[] {
  const computed = readByComputed(columns, rules);
  const attributes = [...attributesIn(columns), ...computed.attributes];
  const labelled = labelledFields({ attributes, eventFields: computed.eventFields }, EXPORT_LABELS, extensions);
  return labelled.map(({ path, labels }) =>
    mistake('/fields', `${path} has the usage label ${labels.join(', ')}, which forbids that it is exported`),
  );
}

function filterMistakes({ fields = '', filter = {}, mergePolicy }: ExportRequest, rules: CompiledRules) {
  const { segments = [], segmentQualificationTime: time } = filter;
  const published = new Set(rules.definitions.map(({ ordinal }) => ordinal));
  const known = new Set(rules.artifact.definitions.flatMap(({ id, ordinal }) => (published.has(ordinal) ? [id] : [])));
  const mistakes = segments.flatMap(({ segmentId }, index) =>
    known.has(segmentId)
      ? []
      : [mistake(`/filter/segments/${index}/segmentId`, `is of no published definition: ${segmentId}`)],
  );
  if (time !== undefined && segments.length === 0) {
    mistakes.push(mistake('/filter/segmentQualificationTime', 'is of the segments of the filter, and there are none'));
  }
  if (mergePolicy !== undefined && !rules.hasMergePolicy(mergePolicy.id)) {
    mistakes.push(mistake('/mergePolicy/id', `is of no merge policy of this sandbox: ${mergePolicy.id}`));
  }
  if (fields.split(',').length > FIELDS_MAX) mistakes.push(mistake('/fields', `names at most ${FIELDS_MAX} fields`));
  return mistakes;
}
