/** `/search/…`: audiences by where they come from, by folder and by words. */
import { NAMESPACES, shownOrigin } from '#shared/api/audience-origin.ts';
import type {
  searchEntities as entitiesOperation,
  getTaxonomy,
  searchNamespaces as namespacesOperation,
} from '#shared/api/operations/audiences.ts';
import { Problem } from '#shared/api/problem.ts';
import type { EntityList, NamespaceList, SearchEntities, Taxonomy } from '#shared/api/searches.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { type Matches, matcherOf, type Searched } from '#shared/search/matcher.ts';
import { parseQuery, TERMS_MAX } from '#shared/search/query.ts';
import type { SegmentEntry } from '#shared/segment/segment-entry.ts';
import type { SegmentPorts } from './ports.ts';

const SUCCESS = { message: 'Success' };
const NAMES: ReadonlyMap<string, string> = new Map([
  ['AEPSegments', 'Segment definitions'],
  ['CustomerAudienceUpload', 'Uploaded audiences'],
]);
const FOLDER = 'folder:';

export async function searchNamespaces(
  { sandbox, query }: OperationRequest<typeof namespacesOperation>,
  { segments }: SegmentPorts,
): Promise<HttpResponse> {
  const all = await segments.list(sandbox);
  const found = all.filter(holding(query.s));
  const known = new Set([...NAMESPACES, ...all.map(namespaceOf).sort()]);
  const namespaces = [...known].map((namespace) => ({
    namespace,
    displayName: NAMES.get(namespace) ?? namespace,
    count: found.filter((entry) => namespaceOf(entry) === namespace).length,
  }));
  return { status: 200, body: { namespaces, totalCount: namespaces.length, status: SUCCESS } satisfies NamespaceList };
}

type Entity = EntityList['entities'][number];

/** Folders before audiences, each by name. Within a folder: what lies directly in it; else everything that is found. */
export async function searchEntities(
  { sandbox, query }: OperationRequest<typeof entitiesOperation>,
  { segments }: SegmentPorts,
): Promise<HttpResponse> {
  const { limit, page } = query;
  const all = await segments.list(sandbox);
  const entries = all.filter((entry) => query.namespace === undefined || namespaceOf(entry) === query.namespace);
  const found = query.entityId === undefined ? foundBy(query, entries) : within(query.entityId, query, entries);
  const body: EntityList = {
    entities: found.slice(page * limit, (page + 1) * limit),
    page: {
      totalCount: found.length,
      totalPages: Math.ceil(found.length / limit),
      pageOffset: page,
      pageSize: limit,
    },
    status: SUCCESS,
  };
  return { status: 200, body };
}

function foundBy({ s }: SearchEntities, entries: readonly SegmentEntry[]): Entity[] {
  const matches = matching(s);
  const folders = foldersOf(entries).filter((folder) => matches(searchedFolder(folder)));
  return [...folders.map(folderEntity), ...byName(entries.filter(holding(s))).map(audienceEntity)];
}

function within(entityId: string, { s }: SearchEntities, entries: readonly SegmentEntry[]): Entity[] {
  const folders = foldersOf(entries);
  const folder = folders.find((known) => `${FOLDER}${known}` === entityId);
  if (folder === undefined) throw new Problem('not-found', 'No folder of this sandbox has this id.');
  const inner = folders.filter((other) => parentOf(other) === folder);
  const audiences = entries.filter((entry) => entry.folder === folder).filter(holding(s));
  return [...inner.map(folderEntity), ...byName(audiences).map(audienceEntity)];
}

/** All folders and tags, or the way to one audience or folder. */
export async function readTaxonomy(
  { sandbox, query: { entityId } }: OperationRequest<typeof getTaxonomy>,
  { segments }: SegmentPorts,
): Promise<HttpResponse> {
  const entries = await segments.list(sandbox);
  const way = entityId === undefined ? foldersOf(entries).map(folderEntity) : wayTo(entityId, entries);
  const taxonomy = way.map(({ id, base64EncodedSourceId, name, parentFolderId }) => ({
    id,
    base64EncodedSourceId,
    name,
    ...(parentFolderId === undefined ? {} : { parentFolderId }),
  }));
  const tags = [...new Set(entries.flatMap((entry) => entry.tags))].sort().map((tag) => ({
    tag,
    count: entries.filter((entry) => entry.tags.includes(tag)).length,
  }));
  return { status: 200, body: { taxonomy, tags, status: SUCCESS } satisfies Taxonomy };
}

function wayTo(entityId: string, entries: readonly SegmentEntry[]): readonly Entity[] {
  const entry = entries.find(({ id }) => id === entityId);
  if (entry !== undefined) return [...aroundOf(entry.folder), audienceEntity(entry)];
  const folder = foldersOf(entries).find((known) => `${FOLDER}${known}` === entityId);
  if (folder === undefined) throw new Problem('not-found', 'No audience or folder of this sandbox has this id.');
  return aroundOf(folder);
}

const namespaceOf = (entry: SegmentEntry): string => shownOrigin(entry).namespace;

function matching(s: string): Matches {
  const query = parseQuery(s);
  if (query !== undefined) return matcherOf(query);
  const mistakes = [{ pointer: '?s', message: `asks for more than ${TERMS_MAX} terms` }];
  throw new Problem('invalid-request', 'The search asks for too much at once.', { mistakes });
}

function holding(s: string): (entry: SegmentEntry) => boolean {
  const matches = matching(s);
  return (entry) => matches(searchedEntry(entry));
}

function searchedEntry({ id, name, description = '', folder = '', tags, text = '' }: SegmentEntry): Searched {
  const places = { folderId: folder && `${FOLDER}${folder}`, folderLocation: folder };
  const named = { name, segmentName: name, description, segmentDescription: description };
  return {
    fields: { ...named, ...places, parentFolderId: places.folderId, id, segmentId: id, tag: tags.join('\n') },
    text: [name, description, folder, ...tags, text].join('\n'),
  };
}

function searchedFolder(folder: string): Searched {
  const parent = parentOf(folder);
  const around = { parentFolderId: parent === undefined ? '' : `${FOLDER}${parent}` };
  return {
    fields: {
      name: folder,
      id: `${FOLDER}${folder}`,
      folderId: `${FOLDER}${folder}`,
      folderLocation: folder,
      ...around,
    },
    text: folder,
  };
}

const byName = (entries: readonly SegmentEntry[]) =>
  [...entries].sort((left, right) => (left.name < right.name ? -1 : 1));

/** A folder is there as long as something lies in it, and so are those around it. */
const foldersOf = (entries: readonly SegmentEntry[]): readonly string[] =>
  [...new Set(entries.flatMap(({ folder }) => outwards(folder)))].sort();

const outwards = (folder: string | undefined): readonly string[] =>
  folder === undefined ? [] : [...outwards(parentOf(folder)), folder];

const aroundOf = (folder: string | undefined) => outwards(folder).map(folderEntity);

function parentOf(folder: string): string | undefined {
  const end = folder.lastIndexOf('/');
  return end < 0 ? undefined : folder.slice(0, end);
}

function folderEntity(folder: string): Entity {
  return {
    ...identified(`${FOLDER}${folder}`, parentOf(folder), 'folders'),
    isFolder: true,
    name: folder.slice(folder.lastIndexOf('/') + 1),
  };
}

function audienceEntity(entry: SegmentEntry): Entity {
  const { id, name, description, folder } = entry;
  return {
    ...identified(id, folder, namespaceOf(entry)),
    isFolder: false,
    name,
    ...(description === undefined ? {} : { description: description }),
  };
}

function identified(id: string, folder: string | undefined, namespace: string) {
  return {
    id,
    base64EncodedSourceId: Buffer.from(id).toString('base64'),
    sourceId: { id, namespace },
    ...(folder === undefined ? {} : { parentFolderId: `${FOLDER}${folder}` }),
  };
}
