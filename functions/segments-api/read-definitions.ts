import { fullPathOf } from '#shared/api/operation.ts';
import {
  type bulkGetSegmentDefinitions,
  type getSegmentDefinition,
  listSegmentDefinitions,
} from '#shared/api/operations/segment-definitions.ts';
import {
  etagOf,
  type ListSegmentDefinitions,
  type SegmentDefinitionList,
  type SegmentDefinitionsById,
  toResource,
} from '#shared/api/segment-definitions.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { SegmentEntry } from '#shared/segment/segment-entry.ts';
import { definitionId, isDefinitionId, unknownDefinition } from './definition-id.ts';
import type { SegmentPorts } from './ports.ts';
import { sizesOf } from './sizes.ts';
import { wantedBy } from './wanted-entries.ts';

export async function findDefinition(
  request: OperationRequest<typeof getSegmentDefinition>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const { sandbox } = request;
  const id = definitionId(request);
  const [definition, backfill, sizes] = await Promise.all([
    ports.segments.find(sandbox, id),
    ports.backfills.find(sandbox),
    sizesOf(sandbox, [id], ports),
  ]);
  if (definition === undefined) throw unknownDefinition();
  return { status: 200, body: toResource(definition, backfill, sizes.get(id)), headers: { etag: etagOf(definition) } };
}

export async function listDefinitions(
  request: OperationRequest<typeof listSegmentDefinitions>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const { query } = request;
  const all = await ports.segments.list(request.sandbox);
  const entries = all.filter(wantedBy(query)).sort(orderOf(query));
  const start = query.start ?? query.page * query.limit;
  const ids = entries.slice(start, start + query.limit).map(({ id }) => id);
  const [definitions, backfill, sizes] = await Promise.all([
    ports.segments.findMany(request.sandbox, ids),
    ports.backfills.find(request.sandbox),
    sizesOf(request.sandbox, ids, ports),
  ]);
  const body: SegmentDefinitionList = {
    segments: definitions.map((definition) => toResource(definition, backfill, sizes.get(definition.id))),
    page: {
      totalCount: entries.length,
      totalPages: Math.ceil(entries.length / query.limit),
      sortField: query.sort.field,
      sort: query.sort.order,
      pageSize: definitions.length,
      limit: query.limit,
    },
    link: start + query.limit < entries.length ? { next: nextPage(query, start + query.limit) } : {},
  };
  return { status: 200, body };
}

export async function bulkGet(
  { sandbox, body }: OperationRequest<typeof bulkGetSegmentDefinitions>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const ids = [...new Set(body.ids.map(({ id }) => id))];
  const known = ids.filter(isDefinitionId);
  const [found, backfill, sizes] = await Promise.all([
    ports.segments.findMany(sandbox, known),
    ports.backfills.find(sandbox),
    sizesOf(sandbox, known, ports),
  ]);
  const results = Object.fromEntries(
    found.map((definition) => [definition.id, toResource(definition, backfill, sizes.get(definition.id))]),
  );
  const notFound = ids.filter((id) => !Object.hasOwn(results, id));
  return { status: 207, body: { results, notFound } satisfies SegmentDefinitionsById };
}

/** Ties fall to the id, so that pages neither repeat nor skip a definition. */
export function orderOf({ sort: { field, order } }: Pick<ListSegmentDefinitions, 'sort'>) {
  const sign = order === 'asc' ? 1 : -1;
  return (left: SegmentEntry, right: SegmentEntry) =>
    sign * compare(left[field], right[field]) || compare(left.id, right.id);
}

function compare(left: string | number, right: string | number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function nextPage({ page: _, sort, ...kept }: ListSegmentDefinitions, start: number): string {
  const given = Object.entries({ ...kept, sort: `${sort.field}:${sort.order}`, start });
  const parameters = given.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  return `${fullPathOf(listSegmentDefinitions)}?${new URLSearchParams(parameters)}`;
}
