/**
 * Takes a page of profiles from anywhere in the table, computes their memberships from their events, and keeps both sides
 * of every difference for an operator. A profile that moves while it is looked at is looked at again, then left.
 */
import { type AuditDifference, auditProfile } from '#shared/batch/audit-profile.ts';
import type { Throttle } from '#shared/batch/token-bucket.ts';
import { readAllEvents } from '#shared/profile/profile-history.ts';
import type { ProfileRanges } from '#shared/profile/profile-scan.ts';
import {
  type HistoryStore,
  isSomebody,
  type ProfileKey,
  type ProfileStore,
  profileKeyText,
} from '#shared/profile/profile-store.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import type { PublishedSandboxes } from '#shared/segment/segment-store.ts';

export interface AuditPorts {
  readonly sandboxes: PublishedSandboxes;
  readonly ranges: ProfileRanges;
  readonly profiles: Pick<ProfileStore, 'read'>;
  readonly history: HistoryStore;
  readonly rules: RulesStore;
  readonly reads: Pick<Throttle, 'take'>;
  /** Where both sides of a difference are kept. */
  readonly findings: { put(name: string, content: object): Promise<void> };
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

export interface AuditSettings {
  readonly retentionMs: number;
  readonly profilesPerSandbox: number;
}

export interface AuditOutcome {
  readonly audited: number;
  readonly different: number;
}

/** Parts of the table that a sample is drawn from: more than it has profiles in a page. */
const RANGES = 10_000;
const RANGES_TRIED_MAX = 200;
const PAGE_ITEMS = 200;
const LOOKS_MAX = 3;

export async function auditProfiles(ports: AuditPorts, settings: AuditSettings): Promise<AuditOutcome> {
  const total = { audited: 0, different: 0 };
  for (const { sandboxName } of await ports.sandboxes.published()) {
    for (const key of await sample(sandboxName, ports, settings)) {
      const differences = await audit(key, ports, settings);
      if (differences === undefined) continue;
      total.audited += 1;
      if (differences.length > 0) total.different += 1;
    }
  }
  return total;
}

/** In a small table most parts are empty: then the whole of it is one part. */
async function sample(
  sandboxName: string,
  { ranges, reads, random }: AuditPorts,
  { profilesPerSandbox }: AuditSettings,
): Promise<readonly ProfileKey[]> {
  const isSmall = (await ranges.size()) < RANGES * 10;
  const count = isSmall ? 1 : RANGES;
  const keys: ProfileKey[] = [];
  for (let tried = 0; tried < (isSmall ? 1 : RANGES_TRIED_MAX) && keys.length < profilesPerSandbox; tried++) {
    const range = Math.floor(random() * count);
    let position: string | undefined;
    do {
      const page = await ranges.page(sandboxName, { range, ranges: count }, position, PAGE_ITEMS);
      await reads.take(page.readUnits);
      keys.push(...page.profiles.flatMap(([key, stored]) => (stored.parked || !isSomebody(stored) ? [] : [key])));
      position = page.next;
    } while (position !== undefined && keys.length < profilesPerSandbox * (isSmall ? SMALL_FACTOR : 1));
  }
  return drawn(keys, profilesPerSandbox, random);
}

/** Of a small table so many times the sample are looked through before one is drawn from them. */
const SMALL_FACTOR = 20;

function drawn<Item>(items: readonly Item[], count: number, random: () => number): readonly Item[] {
  const left = [...items];
  const taken: Item[] = [];
  while (left.length > 0 && taken.length < count) taken.push(...left.splice(Math.floor(random() * left.length), 1));
  return taken;
}

async function audit(
  key: ProfileKey,
  ports: AuditPorts,
  { retentionMs }: AuditSettings,
): Promise<readonly AuditDifference[] | undefined> {
  const { profiles, history, reads, findings, now } = ports;
  const read = async () => (await profiles.read([key], { withBatch: () => true })).get(profileKeyText(key));
  let stored = await read();
  for (let look = 0; stored !== undefined && !stored.parked && isSomebody(stored); look++) {
    const rules = await ports.rules.current(key.sandboxName);
    const loaded = loadProfile(stored);
    const events = await readAllEvents(history, key, loaded);
    await reads.take(2);
    const differences = await auditProfile(stored, events, { rules, retentionMs });
    if (differences === undefined || differences.length === 0) return differences;
    const after = await read();
    if (after?.version === stored.version) {
      const { state, attributes } = loaded;
      const seen = {
        key,
        version: stored.version,
        auditedAt: new Date(now()).toISOString(),
        rulesVersion: rules.version,
      };
      const memberships = Object.fromEntries(state.memberships);
      const day = seen.auditedAt.slice(0, 10);
      const name = `${day}/${key.sandboxName}/${key.profileId}-${stored.version}.json`;
      await findings.put(name, {
        ...seen,
        differences,
        evaluatedAt: state.evaluatedAt,
        memberships,
        attributes,
        events,
      });
      return differences;
    }
    if (look === LOOKS_MAX) return undefined;
    stored = after;
  }
  return undefined;
}
