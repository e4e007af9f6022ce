/** What people and their events take when they are stored, of the benchmark's own workload. */
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { packEvent } from '#shared/profile/packed-event.ts';
import { encodeAttributes, NO_ATTRIBUTES, withRecord } from '#shared/profile/profile-attributes.ts';
import { customerId, makeEvents } from '../workload/events.ts';
import { makeProfiles } from '../workload/profiles.ts';

const PEOPLE = 1_000;
const EVENTS = 5_000;
/** A chunk's keys, times and expiry, shared by the events that wait for it together: about three. */
const CHUNK_BYTES = 120;
const EVENTS_PER_CHUNK = 3;

export function storedBytes(): { readonly attributes: number; readonly historyPerEvent: number } {
  const attributes = makeProfiles(PEOPLE).map((values, pi) => {
    const identities = [{ namespace: 'CRMID', id: customerId(pi), primary: true }];
    const record = {
      kind: 'profile',
      sandboxName: 'prod',
      datasetId: 'crm',
      timestamp: 0,
      identities,
      source: {},
    } as const;
    return encodeAttributes(withRecord({ ...NO_ATTRIBUTES, identities }, { ...record, attributes: values })).length;
  });
  const events = [...makeEvents(PEOPLE, EVENTS)].map(({ id, profileId, pi: _, ts, type, ...fields }): StoredEvent => {
    const identityMap = { CRMID: [{ id: profileId, primary: true }] };
    return { _id: id, timestamp: ts, eventType: type, identityMap, ...fields };
  });
  const packed = events.map((event) => packEvent(event).length);
  return { attributes: mean(attributes), historyPerEvent: mean(packed) + CHUNK_BYTES / EVENTS_PER_CHUNK };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
