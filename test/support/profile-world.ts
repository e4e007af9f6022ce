/** `process-events` over memory stores, with a stream that a test fills and drains by hand. */
import type { Ports, StreamRecord } from '#functions/process-events/ports.ts';
import { type BatchResult, processEvents } from '#functions/process-events/process-events.ts';
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
import type { ProfileKey, StoredProfile } from '#shared/profile/profile-store.ts';
import { decodeChanges } from '#shared/segment/change-codec.ts';
import { type CompiledRules, compileRules } from '#shared/segment/compiled-rules.ts';
import type { MembershipChange } from '#shared/segment/evaluation.ts';
import {
  buildRules,
  NO_RULES,
  type PublishedDefinition,
  type RulesArtifact,
  type RulesMergePolicy,
} from '#shared/segment/rules.ts';

export const DAY_MS = 86_400_000;
export const START = Date.parse('2026-03-01T00:00:00Z');

export class ProfileWorld {
  readonly profiles = new MemoryProfileStore();
  readonly history = new MemoryHistoryStore();
  readonly identities = new MemoryIdentityStore();
  readonly quarantine = new MemoryQuarantine();
  readonly parking = new MemoryParkingLot();
  readonly erasures = new MemoryErasureOrders();
  readonly joint = new MemoryJointStore(this.profiles, this.identities, this.erasures);
  readonly refusedLinks = new MemoryRefusedLinks();
  readonly settings = { retentionMs: 1096 * DAY_MS, dueShards: 2, identitiesMax: 50 };
  artifact: RulesArtifact = NO_RULES;
  now = START;
  /** Everything put to the stream, and how much of it was processed. */
  readonly records: StreamRecord[] = [];
  processed = 0;
  #compiled: CompiledRules = compileRules(NO_RULES);

  get rules() {
    return { current: async () => this.#compiled };
  }

  /** Ids are `s1`, `s2`, … by ordinal. */
  define(expression: string, more: Partial<PublishedDefinition> = {}): void {
    const id = `s${this.artifact.nextSegmentOrdinal}`;
    const definition = { id, name: id, version: 1, expression, ...more };
    this.artifact = buildRules(this.artifact, { kind: 'put', definition });
    this.#compiled = compileRules(this.artifact);
  }

  setPolicies(mergePolicies: readonly RulesMergePolicy[], defaultMergePolicyId?: string): void {
    const chosen = { mergePolicies, ...(defaultMergePolicyId !== undefined && { defaultMergePolicyId }) };
    this.artifact = buildRules(this.artifact, { kind: 'merge-policies', ...chosen, changedAt: this.now });
    this.#compiled = compileRules(this.artifact);
  }

  remove(id: string): void {
    this.artifact = buildRules(this.artifact, { kind: 'delete', id });
    this.#compiled = compileRules(this.artifact);
  }

  put(text: string): void {
    const sequenceNumber = String(this.records.length + 1).padStart(8, '0');
    this.records.push({ sequenceNumber, data: new TextEncoder().encode(text), arrival: this.now });
  }

  async process(ports: Partial<Ports> = {}): Promise<BatchResult> {
    const batch = this.records.slice(this.processed);
    this.processed = this.records.length;
    return processEvents(batch, { ...this.ports(), ...ports }, this.settings);
  }

  ports(): Ports {
    const { profiles, history, identities, quarantine, parking, joint, erasures, refusedLinks, rules } = this;
    return {
      profiles,
      history,
      identities,
      rules,
      quarantine,
      parking,
      joint,
      erasures,
      refusedLinks,
      newProfileId: () => 'profile-1',
      now: () => this.now,
    };
  }

  /** The one person of most tests. */
  readonly key: ProfileKey = { sandboxName: 'prod', profileId: 'profile-1' };

  async stored(): Promise<StoredProfile> {
    return (await this.profiles.read([this.key])).get('prod#profile-1') as StoredProfile;
  }

  /** What a subscriber holds after everything published, by ordinal. */
  subscribed(from = 0): Map<number, MembershipChange['status']> {
    const changes = this.profiles.log
      .slice(from)
      .flatMap((write) => (write.changes ? decodeChanges(write.changes) : []));
    return new Map(changes.map(({ segmentOrdinal, status }) => [segmentOrdinal, status]));
  }
}

export const purchase = (id: string, timestamp: number = START, more: Record<string, unknown> = {}) => ({
  _id: id,
  timestamp,
  eventType: 'commerce.purchases',
  identityMap: { Email: [{ id: 'ann@example.com', primary: true }] },
  ...more,
});
