/** What a delivery shows of people, and what it must not: read when it is made. */
import { type AttributeReader, valueAt } from '#shared/activation/change-event.ts';
import type { Destination } from '#shared/activation/destination.ts';
import { type Restriction, restrictionsOf } from '#shared/activation/usage-restrictions.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { type ConsentPurpose, optOutsOf } from '#shared/profile/consent.ts';
import { followAliases } from '#shared/profile/follow-aliases.ts';
import { decodeAttributes } from '#shared/profile/profile-attributes.ts';
import { readAllEvents } from '#shared/profile/profile-history.ts';
import { type HistoryStore, isSomebody, type ProfileStore, profileKeyText } from '#shared/profile/profile-store.ts';
import { profileView } from '#shared/profile/profile-view.ts';
import { extensionsOf, type SchemaStore, versionsOf } from '#shared/schema/schema-store.ts';
import { computedValues } from '#shared/segment/computed-values.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import type { DeliverPorts } from './ports.ts';

interface People {
  readonly profiles: Pick<ProfileStore, 'read'>;
  readonly history: Pick<HistoryStore, 'read'>;
  readonly rules: RulesStore;
  readonly retentionMs: number;
  readonly now: () => number;
}

/** Nobody is shown who is gone or set aside. */
export function attributesReader({ profiles, history, rules, retentionMs, now }: People): DeliverPorts['attributes'] {
  return async (destination, changes) => {
    const { sandboxName, attributes: paths, mergePolicyId } = destination;
    const ids = [...new Set(changes.map(({ profileId }) => profileId))];
    const keys = ids.map((profileId) => ({ sandboxName, profileId }));
    const withBatch = () => paths.some((path) => path.startsWith('propensity.'));
    const found = await followAliases(keys, profiles, { withBatch });
    const current = await rules.current(sandboxName);
    const merge = current.mergeBy(mergePolicyId);
    const readers = keys.map(async (key) => {
      const { key: own, stored } = found.get(profileKeyText(key)) ?? { key, stored: undefined };
      if (stored === undefined || stored.parked || !isSomebody(stored))
        return [key.profileId, () => undefined] as const;
      const loaded = loadProfile(stored, true);
      const profile = profileView(loaded.attributes, loaded.batch).by(merge);
      const at = now();
      const wantsComputed = paths.some((path) => path.startsWith('computed.'));
      const kept = wantsComputed ? await readAllEvents(history, own, loaded) : [];
      const events = kept.filter(({ timestamp }) => timestamp > at - retentionMs);
      const computed = wantsComputed ? computedValues(current.computed, { profile, events, now: at }) : {};
      return [key.profileId, (path: string) => valueAt({ ...profile, computed }, path)] as const;
    });
    return new Map<string, AttributeReader>(await Promise.all(readers));
  };
}

/** Those that could not be read are as they were when the change was published. */
export function optOutsReader({ profiles }: Pick<People, 'profiles'>): DeliverPorts['optOuts'] {
  return async (sandboxName, profileIds) => {
    const keys = [...new Set(profileIds)].map((profileId) => ({ sandboxName, profileId }));
    const found = await followAliases(keys, profiles);
    const known = new Map<string, readonly ConsentPurpose[] | undefined>();
    for (const key of keys) {
      const stored = found.get(profileKeyText(key))?.stored;
      if (stored !== undefined && !isSomebody(stored)) known.set(key.profileId, undefined);
      else if (stored?.attributes && !stored.parked)
        known.set(key.profileId, optOutsOf(decodeAttributes(stored.attributes)));
    }
    return known;
  };
}

interface Policies {
  readonly rules: RulesStore;
  readonly schemas: Pick<SchemaStore, 'find'>;
}

/** Worked out once for each state of the destination, the definitions and the schemas. */
export function restrictionsReader({ rules, schemas }: Policies): DeliverPorts['restrictions'] {
  const known = new Map<string, { readonly state: string; readonly restrictions: readonly Restriction[] }>();
  return async (destination: Destination) => {
    const { sandboxName, id, version } = destination;
    const [current, declared] = await Promise.all([
      rules.current(sandboxName),
      schemas.find(sandboxName as SandboxName),
    ]);
    const key = `${sandboxName}#${id}`;
    const state = JSON.stringify([version, current.version, versionsOf(declared)]);
    const kept = known.get(key);
    if (kept?.state === state) return kept.restrictions;
    const restrictions = restrictionsOf(destination, {
      definitions: current.artifact.definitions,
      computed: current.computed,
      extensions: extensionsOf(declared),
    });
    known.set(key, { state, restrictions });
    return restrictions;
  };
}
