/** `process-events` over stores in memory: what is put into the stream, and what comes of it. */
import type { Ports, StreamRecord } from '#functions/process-events/ports.ts';
import { processEvents } from '#functions/process-events/process-events.ts';
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
import { IDENTITIES_PER_PROFILE_MAX } from '#shared/profile/identity-graph.ts';
import { decodeChanges } from '#shared/segment/change-codec.ts';
import { compileRules } from '#shared/segment/compiled-rules.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import { buildRules, type PublishedDefinition, type RulesArtifact } from '#shared/segment/rules.ts';

export const START = Date.UTC(2026, 4, 10, 12);
export const RETENTION_MS = 1096 * 86_400_000;

type Identities = Readonly<Record<string, string>>;

export class WritePath {
  now = START;
  identitiesMax = IDENTITIES_PER_PROFILE_MAX;
  readonly profiles = new MemoryProfileStore();
  readonly history = new MemoryHistoryStore();
  readonly identities = new MemoryIdentityStore();
  readonly quarantine = new MemoryQuarantine();
  readonly parking = new MemoryParkingLot();
  readonly erasures = new MemoryErasureOrders();
  readonly joint = new MemoryJointStore(this.profiles, this.identities, this.erasures);
  readonly refusedLinks = new MemoryRefusedLinks();
  artifact: RulesArtifact | undefined;
  rules = compileRules(buildRules(undefined, { kind: 'delete', id: 'none' }));
  #records = 0;
  #profiles = 0;

  define(id: string, expression: string, more: Partial<PublishedDefinition> = {}): void {
    const definition = { id, name: id, version: 1, expression, ...more };
    this.artifact = buildRules(this.artifact, { kind: 'put', definition });
    this.rules = compileRules(this.artifact);
  }

  undefine(id: string): void {
    this.artifact = buildRules(this.artifact, { kind: 'delete', id });
    this.rules = compileRules(this.artifact);
  }

  ports(changed: Partial<Ports> = {}): Ports {
    const { profiles, history, identities, quarantine, parking, joint, erasures, refusedLinks } = this;
    return {
      profiles,
      history,
      identities,
      quarantine,
      parking,
      joint,
      erasures,
      refusedLinks,
      rules: { current: async () => this.rules },
      newProfileId: () => `profile-${++this.#profiles}`,
      now: () => this.now,
      ...changed,
    };
  }

  record(value: unknown): StreamRecord {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const sequenceNumber = String(++this.#records).padStart(4, '0');
    return { sequenceNumber, data: new TextEncoder().encode(text), arrival: this.now };
  }

  process(records: readonly StreamRecord[], changed: Partial<Ports> = {}) {
    return processEvents(records, this.ports(changed), {
      retentionMs: RETENTION_MS,
      dueShards: 4,
      identitiesMax: this.identitiesMax,
    });
  }

  /** Every membership change in the order of writes. */
  changes() {
    return this.profiles.log.flatMap(({ key, changes }) =>
      changes === undefined
        ? []
        : decodeChanges(changes).map(({ status, cause, time }) => [key.profileId, status, cause, time - START]),
    );
  }

  /** The profile that was written first. */
  first() {
    const [first] = this.people();
    if (first === undefined) throw new Error('no profile was written');
    return first;
  }

  people() {
    return this.profiles.all().map(([key, stored]) => ({ key, stored, ...loadProfile(stored) }));
  }
}

export const view = (id: string, timestamp: number, identities: Identities = { CRMID: 'c1' }) => ({
  _id: id,
  timestamp,
  eventType: 'view',
  identityMap: Object.fromEntries(
    Object.entries(identities).map(([namespace, value], index) => [namespace, [{ id: value, primary: index === 0 }]]),
  ),
});
