/** `/segment/definitions/{id}/versions`: how a definition was, what changed, and the way back. */
import type {
  compareSegmentVersions,
  getSegmentVersion,
  listSegmentVersions,
  rollBackSegmentDefinition,
} from '#shared/api/operations/segment-definitions.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import { contentDifferences, wholeContentOf } from '#shared/api/segment-content.ts';
import { etagOf, toResource } from '#shared/api/segment-definitions.ts';
import type { VersionDifferences, VersionList } from '#shared/api/segment-versions.ts';
import type { SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { declaredField } from './check-expression.ts';
import { type Change, changedAnswer, commitChange } from './commit-change.ts';
import { definitionId, unknownDefinition } from './definition-id.ts';
import { nextVersion } from './next-version.ts';
import type { SegmentPorts } from './ports.ts';

/** One more than asked for is read: the oldest shown is compared with the one before it. */
export async function listAllVersions(
  request: OperationRequest<typeof listSegmentVersions>,
  { segments }: SegmentPorts,
): Promise<HttpResponse> {
  const { limit, after: before } = request.query;
  const found = await segments.listVersions(request.sandbox, definitionId(request), { before, limit: limit + 1 });
  if (found.length === 0 && before === undefined) throw unknownDefinition();
  const shown = found.slice(0, limit);
  const body: VersionList = {
    versions: shown.map((version, index) => entry(version, found[index + 1])),
    next: found.length > limit ? (shown.at(-1)?.version ?? null) : null,
  };
  return { status: 200, body };
}

function entry(
  definition: SegmentDefinition,
  previous: SegmentDefinition | undefined,
): VersionList['versions'][number] {
  const { version, name, lifecycleState, updateTime, updatedBy, note } = definition;
  return {
    version,
    name,
    lifecycleState,
    updateTime,
    ...(updatedBy === undefined ? {} : { updatedBy }),
    ...(note === undefined ? {} : { note }),
    differences: previous === undefined ? [] : contentDifferences(previous, definition),
  };
}

export async function findVersion(
  request: OperationRequest<typeof getSegmentVersion>,
  { segments }: SegmentPorts,
): Promise<HttpResponse> {
  const wanted = numberOf(request.pathParameters.version);
  const definition = await versionOf(request.sandbox, definitionId(request), wanted, segments);
  return { status: 200, body: toResource(definition), headers: { etag: etagOf(definition) } };
}

export async function compareVersions(
  request: OperationRequest<typeof compareSegmentVersions>,
  { segments }: SegmentPorts,
): Promise<HttpResponse> {
  const id = definitionId(request);
  const to = numberOf(request.pathParameters.version);
  const from = request.query.from ?? Math.max(1, to - 1);
  const [before, after] = await Promise.all(
    [from, to].map((version) => versionOf(request.sandbox, id, version, segments)),
  );
  const body: VersionDifferences = { from, to, differences: contentDifferences(before, after) };
  return { status: 200, body };
}

/** The rule and the words come back; whether it is live is decided by itself. */
export async function rollBackDefinition(
  request: OperationRequest<typeof rollBackSegmentDefinition>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const id = definitionId(request);
  const { version, note } = request.body;
  const decide: Change['decide'] = async (before) => {
    if (before === undefined) throw unknownDefinition();
    requireEntityTag(request.headers, etagOf(before), 'definition');
    const earlier = await versionOf(request.sandbox, id, version, ports.segments);
    const { lifecycleState: _, ...content } = wholeContentOf(earlier);
    const fields = { ...content, ...declaredField(earlier) };
    const why = note ?? `Back to version ${version}`;
    return nextVersion(before, { fields, author: request, note: why }, ports);
  };
  return changedAnswer(await commitChange({ sandboxName: request.sandbox, id, decide }, ports));
}

const VERSION = /^[1-9]\d{0,5}$/;

function numberOf(text: string): number {
  if (VERSION.test(text)) return Number(text);
  throw new Problem('not-found', 'A version is a number from 1 on.');
}

async function versionOf(
  sandbox: SandboxName,
  id: SegmentId,
  version: number,
  segments: SegmentPorts['segments'],
): Promise<SegmentDefinition> {
  const definition = await segments.findVersion(sandbox, id, version);
  if (definition !== undefined) return definition;
  throw new Problem('not-found', `No segment definition of this sandbox has this id and a version ${version}.`);
}
