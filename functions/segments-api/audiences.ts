/** `/audiences`: definitions seen as audiences. */
import { shownOrigin } from '#shared/api/audience-origin.ts';
import {
  type AudienceList,
  type AudiencesById,
  type ListAudiences,
  toAudience,
  typeOf,
  type Uses,
} from '#shared/api/audiences.ts';
import { fullPathOf } from '#shared/api/operation.ts';
import {
  type bulkGetAudiences as bulkGetOperation,
  type deleteAudience as deleteOperation,
  type getAudience,
  listAudiences as listOperation,
} from '#shared/api/operations/audiences.ts';
import { etagOf } from '#shared/api/segment-definitions.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { SegmentEntry } from '#shared/segment/segment-entry.ts';
import { definitionId, isDefinitionId, unknownDefinition } from './definition-id.ts';
import { deleteDefinition } from './delete-definition.ts';
import type { SegmentPorts } from './ports.ts';
import { orderOf } from './read-definitions.ts';
import { wantedBy } from './wanted-entries.ts';

export async function findAudience(
  request: OperationRequest<typeof getAudience>,
  { segments }: SegmentPorts,
): Promise<HttpResponse> {
  const definition = await segments.find(request.sandbox, definitionId(request));
  if (definition === undefined) throw unknownDefinition();
  const uses = usesAmong(await segments.list(request.sandbox));
  return { status: 200, body: toAudience(definition, uses(definition.id)), headers: { etag: etagOf(definition) } };
}

export async function listAudiences(
  { sandbox, query }: OperationRequest<typeof listOperation>,
  { segments }: SegmentPorts,
): Promise<HttpResponse> {
  const all = await segments.list(sandbox);
  const wanted = all.filter(wantedBy(query)).filter(has(query)).sort(orderOf(query));
  const { start = 0, limit, sort } = query;
  const ids = wanted.slice(start, start + limit).map(({ id }) => id);
  const definitions = await segments.findMany(sandbox, ids);
  const uses = usesAmong(all);
  const next = start + limit < wanted.length ? start + limit : undefined;
  const body: AudienceList = {
    children: definitions.map((definition) => toAudience(definition, uses(definition.id))),
    _page: {
      totalCount: wanted.length,
      totalPages: Math.ceil(wanted.length / limit),
      sortField: sort.field,
      sort: sort.order,
      pageSize: definitions.length,
      limit,
      start,
      ...(next === undefined ? {} : { next }),
    },
    _links: next === undefined ? {} : { next: { href: addressOf(query, next) } },
  };
  return { status: 200, body };
}

function has({ name, description, property }: ListAudiences): (entry: SegmentEntry) => boolean {
  const holds = (text: string | undefined, part: string | undefined) =>
    part === undefined || (text ?? '').toLowerCase().includes(part.toLowerCase());
  return (entry) =>
    holds(entry.name, name) &&
    holds(entry.description, description) &&
    (property === undefined || propertiesOf(entry)[property.name] === property.value);
}

const propertiesOf = (entry: SegmentEntry): Record<NonNullable<ListAudiences['property']>['name'], string> => ({
  id: entry.id,
  ...shownOrigin(entry),
  name: entry.name,
  lifecycleState: entry.lifecycleState,
  type: typeOf(entry),
});

function addressOf({ sort, property, ...kept }: ListAudiences, start: number): string {
  const asked = property && `${property.name}==${property.value}`;
  const given = Object.entries({ ...kept, property: asked, sort: `${sort.field}:${sort.order}`, start });
  const parameters = given.flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return `${fullPathOf(listOperation)}?${new URLSearchParams(parameters)}`;
}

export async function bulkGetAudiences(
  { sandbox, body }: OperationRequest<typeof bulkGetOperation>,
  { segments }: SegmentPorts,
): Promise<HttpResponse> {
  const ids = [...new Set(body.ids.map(({ id }) => id))];
  const found = await segments.findMany(sandbox, ids.filter(isDefinitionId));
  const uses = usesAmong(await segments.list(sandbox));
  const results = Object.fromEntries(
    found.map((definition) => [definition.id, toAudience(definition, uses(definition.id))]),
  );
  const notFound = ids.filter((id) => !Object.hasOwn(results, id));
  return { status: 207, body: { results, notFound } satisfies AudiencesById };
}

export async function deleteAudience(
  request: OperationRequest<typeof deleteOperation>,
  ports: SegmentPorts,
): Promise<HttpResponse> {
  const { change } = await deleteDefinition(request, ports);
  return { status: 204, ...(change && { change }) };
}

/** Who asks about whom by `inSegment`, drafts and those that are withdrawn included. */
export function usesAmong(entries: readonly SegmentEntry[]): (id: string) => Uses {
  // An id wins over a name, as it does for evaluators.
  const known = new Map([
    ...entries.map(({ id, name }) => [name, id] as const),
    ...entries.map(({ id }) => [id, id] as const),
  ]);
  const dependencies = new Map<string, string[]>();
  const dependents = new Map<string, string[]>();
  for (const { id: user, uses = [] } of entries) {
    for (const used of new Set(uses.flatMap((reference) => known.get(reference) ?? []))) {
      dependencies.set(user, [...(dependencies.get(user) ?? []), used]);
      dependents.set(used, [...(dependents.get(used) ?? []), user]);
    }
  }
  return (id) => ({ dependents: dependents.get(id) ?? [], dependencies: dependencies.get(id) ?? [] });
}
