/** Definitions by the API, events and profile records by the stream, explanations by the API: all over memory stores. */
import { processEvents } from '#functions/process-events/process-events.ts';
import { profilesApi } from '#functions/profiles-api/profiles-api.ts';
import { type MembershipExplanation, membershipExplanation } from '#shared/api/explanations.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import {
  MemoryErasureOrders,
  MemoryHistoryStore,
  MemoryIdentityStore,
  MemoryJointStore,
  MemoryParkingLot,
  MemoryProfileStore,
  MemoryQuarantine,
  MemoryRefusedLinks,
} from '#shared/memory/memory-profile-stores.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { httpRequest } from './http-requests.ts';
import { segmentsService } from './segments-service.ts';

export const DAY_MS = 86_400_000;
export const ANN = { entityId: 'ann@example.com', entityIdNS: 'Email' } as const;

const identityMap = { Email: [{ id: ANN.entityId, primary: true }] };

export function explainedWorld(now: number) {
  const segments = segmentsService();
  const { segments: definitions, artifacts } = segments.ports;
  const rules = new CachedRulesStore(definitions, artifacts);
  const stores = {
    profiles: new MemoryProfileStore(),
    history: new MemoryHistoryStore(),
    identities: new MemoryIdentityStore(),
    rules,
  };
  const joint = new MemoryJointStore(stores.profiles, stores.identities);
  const clock = { now };
  let records = 0;
  const receive = async (record: Record<string, unknown>) => {
    records += 1;
    const data = new TextEncoder().encode(JSON.stringify({ identityMap, ...record }));
    const quarantine = new MemoryQuarantine();
    const setAside = { quarantine, parking: new MemoryParkingLot(), refusedLinks: new MemoryRefusedLinks() };
    const erasures = new MemoryErasureOrders();
    const ports = { ...stores, ...setAside, joint, erasures, newProfileId: () => 'profile-1' };
    const { failures } = await processEvents(
      [{ sequenceNumber: String(records), data, arrival: clock.now }],
      { ...ports, now: () => clock.now },
      { retentionMs: 1096 * DAY_MS, dueShards: 1, identitiesMax: 50 },
    );
    const rejected = [...quarantine.rejected.values()].map(({ reason }) => reason);
    if (failures.length + rejected.length > 0) throw new Error(`not processed: ${rejected}`, { cause: failures });
  };
  const send = (id: string, query: Record<string, string> = {}, more: Partial<HttpRequest> = {}) =>
    profilesApi({ ...stores, definitions, retentionMs: 1096 * DAY_MS, now: () => clock.now })(
      httpRequest({
        routeKey: 'GET /data/core/ups/segment/definitions/{id}/explain',
        pathParameters: { id },
        query: { ...ANN, ...query },
        ...more,
      }),
    );
  const suppose = (id: string, body: Record<string, unknown>) =>
    send(
      id,
      {},
      {
        routeKey: 'POST /data/core/ups/segment/definitions/{id}/explain',
        query: {},
        body: { ...ANN, ...body },
      },
    );
  return {
    segments,
    clock,
    did: (eventType: string, id: string, timestamp: number) => receive({ _id: id, eventType, timestamp }),
    became: (attributes: Record<string, unknown>, timestamp: number) =>
      receive({ recordType: 'profile', datasetId: 'crm', timestamp, attributes }),
    send,
    suppose: async (id: string, body: Record<string, unknown>): Promise<MembershipExplanation> =>
      membershipExplanation.parse((await suppose(id, body)).body),
    explain: async (id: string, query: Record<string, string> = {}): Promise<MembershipExplanation> =>
      membershipExplanation.parse((await send(id, query)).body),
  };
}
