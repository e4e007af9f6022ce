/** `/config/mergePolicies` and `/segment/definitions` over the same stores in memory. */
import type { ProfileSettingsPorts } from '#functions/profile-settings-api/ports.ts';
import { profileSettingsApi } from '#functions/profile-settings-api/profile-settings-api.ts';
import {
  type ComputedAttributeList,
  computedAttributeList,
  computedAttributeResource,
} from '#shared/api/computed-attributes.ts';
import { type MergePolicyList, mergePolicyList, mergePolicyResource } from '#shared/api/merge-policies.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { MemoryGraphRebuilds } from '#shared/memory/memory-graph-rebuilds.ts';
import { MemoryRulesResources } from '#shared/memory/memory-rules-resources.ts';
import { MemoryRulesArtifactStore, MemorySegmentStore } from '#shared/memory/memory-segment-store.ts';
import { memoryGuard } from './change-guards.ts';
import { httpRequest } from './http-requests.ts';
import { segmentsService } from './segments-service.ts';

const ATTRIBUTES = '/data/core/ups/ca/attributes';
const POLICIES = '/data/core/ups/config/mergePolicies';

export function profileSettingsService() {
  const segments = new MemorySegmentStore();
  const artifacts = new MemoryRulesArtifactStore();
  const definitions = segmentsService({ segments, artifacts });
  let ids = 0;
  const ports: ProfileSettingsPorts = {
    policies: new MemoryRulesResources(segments),
    attributes: new MemoryRulesResources(segments),
    segments,
    destinations: definitions.ports.destinations,
    schemas: definitions.ports.schemas,
    artifacts,
    retentionMs: definitions.ports.retentionMs,
    now: definitions.ports.now,
    newId: () => `setting-${++ids}`,
    newJobId: () => `job-${++ids}`,
    rebuilds: new MemoryGraphRebuilds(),
    pause: async (attempt) => new Promise((resolve) => setTimeout(resolve, Math.random() * attempt)),
  };
  const api = profileSettingsApi(ports, memoryGuard());
  const send = (request: Partial<HttpRequest>) => api(httpRequest({ roles: ['publisher'], ...request }));
  const at = (id: string) => ({ pathParameters: { id } });
  return {
    definitions,
    ports,
    send,
    rules: definitions.rules,
    createPolicy: async (body: unknown) =>
      mergePolicyResource.parse((await send({ routeKey: `POST ${POLICIES}`, body })).body),
    readPolicy: async (id: string) =>
      mergePolicyResource.parse((await send({ routeKey: `GET ${POLICIES}/{id}`, ...at(id) })).body),
    patchPolicy: async (id: string, body: unknown, more: Partial<HttpRequest> = {}) =>
      mergePolicyResource.parse((await send({ routeKey: `PATCH ${POLICIES}/{id}`, ...at(id), body, ...more })).body),
    deletePolicy: (id: string, more: Partial<HttpRequest> = {}) =>
      send({ routeKey: `DELETE ${POLICIES}/{id}`, ...at(id), ...more }),
    createAttribute: async (body: unknown) =>
      computedAttributeResource.parse((await send({ routeKey: `POST ${ATTRIBUTES}`, body })).body),
    readAttribute: async (id: string) =>
      computedAttributeResource.parse((await send({ routeKey: `GET ${ATTRIBUTES}/{id}`, ...at(id) })).body),
    patchAttribute: async (id: string, body: unknown, more: Partial<HttpRequest> = {}) =>
      computedAttributeResource.parse(
        (await send({ routeKey: `PATCH ${ATTRIBUTES}/{id}`, ...at(id), body, ...more })).body,
      ),
    deleteAttribute: (id: string) => send({ routeKey: `DELETE ${ATTRIBUTES}/{id}`, ...at(id) }),
    attributes: async (): Promise<ComputedAttributeList['children']> =>
      computedAttributeList.parse((await send({ routeKey: `GET ${ATTRIBUTES}` })).body).children,
    policies: async (): Promise<MergePolicyList['children']> =>
      mergePolicyList.parse((await send({ routeKey: `GET ${POLICIES}` })).body).children,
  };
}
