/** Profiles by the stream, previews by the API: all over memory stores. */
import type { PreviewPorts } from '#functions/preview-api/ports.ts';
import { previewApi } from '#functions/preview-api/preview-api.ts';
import {
  type EstimateResource,
  estimateResource,
  type PreviewPage,
  type PreviewResource,
  previewPage,
  previewResource,
} from '#shared/api/previews.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { MemoryPreviewStore } from '#shared/memory/memory-preview-store.ts';
import { MemoryProfileSegments } from '#shared/memory/memory-profile-segments.ts';
import { MemorySchemaStore } from '#shared/memory/memory-schema-stores.ts';
import { httpRequest } from './http-requests.ts';
import { RETENTION_MS, WritePath } from './write-path.ts';

const BASE = '/data/core/ups';

export function previewWorld(changed: Partial<PreviewPorts> = {}) {
  const path = new WritePath();
  const previews = new MemoryPreviewStore();
  const reports: unknown[] = [];
  let ids = 0;
  const ports: PreviewPorts = {
    previews,
    segments: new MemoryProfileSegments(path.profiles),
    profiles: path.profiles,
    history: path.history,
    rules: { current: async () => path.rules },
    definitions: { find: async () => undefined, findVersion: async () => undefined },
    schemas: new MemorySchemaStore(),
    retentionMs: RETENTION_MS,
    now: () => path.now,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    report: (error) => reports.push(error),
    ...changed,
  };
  const send = (request: Partial<HttpRequest>) => previewApi(ports)(httpRequest({ roles: ['author'], ...request }));
  const at = (id: string) => ({ pathParameters: { id } });
  return {
    path,
    ports,
    reports,
    send,
    ask: async (body: Record<string, unknown>, more: Partial<HttpRequest> = {}): Promise<PreviewResource> =>
      previewResource.parse((await send({ routeKey: `POST ${BASE}/preview`, body, ...more })).body),
    estimate: async (id: string, more: Partial<HttpRequest> = {}): Promise<EstimateResource> =>
      estimateResource.parse((await send({ routeKey: `GET ${BASE}/estimate/{id}`, ...at(id), ...more })).body),
    page: async (id: string, query: Record<string, string> = {}): Promise<PreviewPage> =>
      previewPage.parse((await send({ routeKey: `GET ${BASE}/preview/{id}`, ...at(id), query })).body),
    remove: (id: string) => send({ routeKey: `DELETE ${BASE}/preview/{id}`, ...at(id) }),
  };
}

export type PreviewWorld = ReturnType<typeof previewWorld>;

const PEOPLE_PER_BATCH = 100;

/** Person n is `c<n>`; their events and attributes are what the maker says. */
export async function populate(
  { path }: PreviewWorld,
  people: number,
  make: (person: number) => { readonly attributes?: object; readonly events?: readonly Record<string, unknown>[] },
): Promise<void> {
  for (let start = 0; start < people; start += PEOPLE_PER_BATCH) {
    const numbers = Array.from({ length: Math.min(PEOPLE_PER_BATCH, people - start) }, (_, index) => start + index);
    const records = numbers.flatMap((person) => {
      const { attributes, events = [] } = make(person);
      const identityMap = identityMapOf(person);
      const profile = { recordType: 'profile', datasetId: 'crm', timestamp: path.now, identityMap, attributes };
      return [...(attributes ? [profile] : []), ...events.map((event) => ({ ...event, identityMap }))];
    });
    const { failures } = await path.process(records.map((record) => path.record(record)));
    if (failures.length > 0) throw new Error('not processed', { cause: failures });
  }
}

/** Every third person has an address, too. */
export const identityMapOf = (person: number) => ({
  CRMID: [{ id: `c${person}`, primary: true }],
  ...(person % 3 === 0 ? { Email: [{ id: `c${person}@example.com` }] } : {}),
});
