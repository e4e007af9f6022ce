/** `/segment/definitions` over stores in memory: what a caller sends and gets, without a network. */

import type { SegmentPorts } from '#functions/segments-api/ports.ts';
import { segmentsApi } from '#functions/segments-api/segments-api.ts';
import { Problem } from '#shared/api/problem.ts';
import {
  type SegmentDefinitionList,
  type SegmentDefinitionResource,
  segmentDefinitionList,
  segmentDefinitionResource,
} from '#shared/api/segment-definitions.ts';
import type { Instant, SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { MemoryDestinationStore } from '#shared/memory/memory-destinations.ts';
import { MemoryBackfillStore, MemorySizeStore } from '#shared/memory/memory-job-stores.ts';
import { MemoryFieldStore, MemorySchemaStore } from '#shared/memory/memory-schema-stores.ts';
import { MemoryRulesArtifactStore, MemorySegmentStore } from '#shared/memory/memory-segment-store.ts';
import type { RulesArtifact } from '#shared/segment/rules.ts';
import type { RulesArtifactStore, SegmentStore } from '#shared/segment/segment-store.ts';
import { memoryGuard } from './change-guards.ts';
import { definitionId } from './definitions.ts';
import { httpRequest } from './http-requests.ts';

const BASE = '/data/core/ups/segment/definitions';

export interface SegmentsServiceOptions {
  readonly segments?: SegmentStore;
  readonly artifacts?: RulesArtifactStore;
  readonly destinations?: SegmentPorts['destinations'];
  readonly newId?: () => SegmentId;
  readonly guard?: ChangeGuard;
}

export function segmentsService(options: SegmentsServiceOptions = {}) {
  const segments = options.segments ?? new MemorySegmentStore();
  const artifacts = options.artifacts ?? new MemoryRulesArtifactStore();
  const backfills = new MemoryBackfillStore();
  const sizes = new MemorySizeStore();
  const schemas = new MemorySchemaStore();
  const kept = new MemoryDestinationStore();
  const fields = new MemoryFieldStore();
  let ids = 0;
  let clock = 1_000_000;
  const ports: SegmentPorts = {
    segments,
    artifacts,
    backfills,
    sizes,
    destinations: options.destinations ?? kept,
    schemas,
    fields,
    retentionMs: 1096 * 86_400_000,
    now: () => {
      clock += 1000;
      return clock as Instant;
    },
    newId: options.newId ?? (() => definitionId(++ids)),
    pause: async (attempt) => new Promise((resolve) => setTimeout(resolve, Math.random() * attempt)),
  };
  const guard = options.guard ?? memoryGuard();
  const send = (request: Partial<HttpRequest>) =>
    segmentsApi(ports, guard)(httpRequest({ roles: ['publisher'], ...request }));
  const one = async (request: Partial<HttpRequest>): Promise<SegmentDefinitionResource> =>
    segmentDefinitionResource.parse((await send(request)).body);
  const at = (id: string) => ({ pathParameters: { id } });
  return {
    ports,
    backfills,
    sizes,
    destinations: kept,
    schemas,
    fields,
    send,
    create: (body: unknown, more: Partial<HttpRequest> = {}) => one({ routeKey: `POST ${BASE}`, body, ...more }),
    find: (id: string, more: Partial<HttpRequest> = {}) => one({ routeKey: `GET ${BASE}/{id}`, ...at(id), ...more }),
    patch: (id: string, body: unknown, more: Partial<HttpRequest> = {}) =>
      one({ routeKey: `PATCH ${BASE}/{id}`, ...at(id), body, ...more }),
    remove: (id: string, more: Partial<HttpRequest> = {}) =>
      send({ routeKey: `DELETE ${BASE}/{id}`, ...at(id), ...more }),
    list: async (query: Record<string, string> = {}): Promise<SegmentDefinitionList> =>
      segmentDefinitionList.parse((await send({ routeKey: `GET ${BASE}`, query })).body),
    /** What evaluators load by now. */
    rules: async (sandbox = 'prod'): Promise<RulesArtifact | undefined> => {
      const pointer = await segments.findRules(sandbox as SandboxName);
      return pointer && artifacts.get(pointer.artifactKey);
    },
  };
}

/** The smallest body that is accepted. */
export const segmentBody = (name: string, value = 'person.age >= 18', more: Record<string, unknown> = {}) => ({
  name,
  expression: { type: 'PQL', format: 'pql/text', value },
  ...more,
});

/** The problem that a call ends in; a call that ends well is a failure of the test. */
export async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Problem) return error;
  throw new Error('expected the call to end in a problem', { cause: error });
}
