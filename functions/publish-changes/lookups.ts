import type { SandboxName } from '#shared/kernel/brand.ts';
import { type Followed, followAliases } from '#shared/profile/follow-aliases.ts';
import type { Identity } from '#shared/profile/identity.ts';
import { decodeAttributes } from '#shared/profile/profile-attributes.ts';
import type { ErasureOrders, ProfileStore } from '#shared/profile/profile-store.ts';
import { type SegmentNames, segmentNames } from '#shared/segment/membership-change.ts';
import type { RulesArtifactStore, SegmentStore } from '#shared/segment/segment-store.ts';
import type { PublishPorts } from './publish-changes.ts';

/** Keeps the names of a sandbox until a change was made by newer rules. */
export function namesReader(
  pointers: Pick<SegmentStore, 'findRules'>,
  artifacts: Pick<RulesArtifactStore, 'get'>,
): PublishPorts['names'] {
  const known = new Map<string, { readonly rulesVersion: number; readonly names: SegmentNames }>();
  return async (sandboxName, rulesVersion) => {
    const kept = known.get(sandboxName);
    if (kept && kept.rulesVersion >= rulesVersion) return kept.names;
    const pointer = await pointers.findRules(sandboxName as SandboxName);
    if (pointer === undefined) return { byOrdinal: new Map() };
    const names = segmentNames(await artifacts.get(pointer.artifactKey));
    known.set(sandboxName, { rulesVersion: pointer.rulesVersion, names });
    return names;
  };
}

/**
 * Of who the profile is by now: one that was merged into another says goodbye by that one's identities, one that was
 * erased by those that are to be cleared away yet, so that whoever knows the person by one of them hears of it.
 */
export function identitiesReader(
  profiles: Pick<ProfileStore, 'read'>,
  erasures: Pick<ErasureOrders, 'find'>,
): PublishPorts['identities'] {
  const identitiesOf = async ({ key, stored }: Followed): Promise<readonly Identity[]> => {
    if (stored?.erasedAt !== undefined) return (await erasures.find(key))?.estate?.identities ?? [];
    return stored?.attributes ? decodeAttributes(stored.attributes).identities : [];
  };
  return async (keys) => {
    const found = [...(await followAliases(keys, profiles))];
    return new Map(
      await Promise.all(found.map(async ([key, followed]) => [key, await identitiesOf(followed)] as const)),
    );
  };
}
