/**
 * Whose each item of a batch is. Its identities lead to profiles, new ones are claimed; where they lead to several, these
 * are one person, and are made one before the item is applied.
 */
import { eachOf } from '#shared/kernel/concurrency.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import type { IdentityGraph } from '#shared/segment/rules-artifact.ts';
import { type Joined, joinProfiles } from './join-profiles.ts';
import type { Ports, Settings } from './ports.ts';
import { groupsOf, resolveIdentities } from './resolve-profiles.ts';
import { type PlacedItem, sinceOf, type WorkItem } from './work.ts';

export interface Placement {
  readonly key: ProfileKey;
  readonly placed: PlacedItem;
}

export interface Placements {
  readonly placements: readonly Placement[];
  /** Items whose profiles could not be made one: the stream delivers them again. */
  readonly failures: readonly { readonly items: readonly WorkItem[]; readonly error: unknown }[];
  /** Items that are of somebody who was erased since. */
  readonly erased: readonly WorkItem[];
  readonly merges: number;
  readonly refusedLinks: number;
}

const PLACINGS_MAX = 12;
const JOINS_AT_ONCE_MAX = 8;

interface Identified {
  readonly graph: IdentityGraph;
  readonly named: readonly Identity[];
  readonly work: WorkItem;
  readonly sandboxName: string;
  readonly identities: readonly Identity[];
  readonly since: number;
  readonly erased?: PlacedItem['erased'];
}

interface Result {
  readonly erased: WorkItem[];
  readonly placements: Placement[];
  readonly failures: { readonly items: readonly WorkItem[]; readonly error: unknown }[];
  merges: number;
  refusedLinks: number;
}

export async function placeItems(items: readonly WorkItem[], ports: Ports, settings: Settings): Promise<Placements> {
  const result: Result = { placements: [], failures: [], erased: [], merges: 0, refusedLinks: 0 };
  const again = items.map(unplaced);
  const lost = again.filter(({ placings }) => placings > PLACINGS_MAX);
  if (lost.length > 0) result.failures.push({ items: lost, error: new Error('whose it is changed again and again') });
  const open = again.filter(({ placings }) => placings <= PLACINGS_MAX);
  for (const work of open) if (work.item.kind === 'wake-up') placeWakeUp(work, result);
  const about = open.flatMap(({ item }) => (item.kind === 'wake-up' ? [] : [item.sandboxName]));
  for (const sandboxName of new Set(about)) {
    const { identityGraph } = await ports.rules.current(sandboxName);
    const ofSandbox = open.flatMap((work) => identifiedItem(work, sandboxName, identityGraph));
    await placeIdentified(sandboxName, ofSandbox, result, { ports, settings });
  }
  return result;
}

/** Without what was found out at an earlier placing. */
const unplaced = ({ item, sequenceNumber, index, arrival, placings = 0 }: WorkItem) => ({
  item,
  sequenceNumber,
  index,
  arrival,
  placings: placings + 1,
});

function placeWakeUp(work: WorkItem, { placements }: Result): void {
  if (work.item.kind !== 'wake-up') return;
  const { sandboxName, profileId } = work.item;
  placements.push({ key: { sandboxName, profileId }, placed: { ...work, identities: [] } });
}

/** Where nobody is joined an item is its primary identity's alone, and the others are only remembered. */
function identifiedItem(work: WorkItem, sandboxName: string, graph: IdentityGraph): readonly Identified[] {
  if (work.item.kind === 'wake-up' || work.item.sandboxName !== sandboxName) return [];
  const { identities } = work.item;
  if (graph === 'pdg') return [{ graph, work, sandboxName, identities, named: [], since: sinceOf(work) }];
  const [own, named] = [identities.slice(0, 1), identities.slice(1)];
  return [{ graph, work, sandboxName, identities: own, named, since: sinceOf(work) }];
}

interface Surroundings {
  readonly ports: Ports;
  readonly settings: Settings;
}

async function placeIdentified(
  sandboxName: string,
  identified: readonly Identified[],
  result: Result,
  surroundings: Surroundings,
): Promise<void> {
  const { known, isErased, erasedOf } = await resolveIdentities(sandboxName, identified, surroundings.ports);
  const items = identified.map((item) => ({ ...item, erased: erasedOf(item.identities) }));
  const idsOf = ({ identities }: Identified) => [
    ...new Set(identities.map((each) => known.get(identityKey(each)) as string)),
  ];
  const linked: Identified[] = [];
  for (const item of items) {
    if (isErased(item)) {
      result.erased.push(item.work);
      continue;
    }
    const [only, ...others] = idsOf(item);
    if (others.length > 0) linked.push(item);
    else result.placements.push(placementOf(item, only as string, item.identities));
  }
  // Items that name one profile are joined one after the other, for each may make another profile of it.
  await eachOf(groupsOf(linked, idsOf), JOINS_AT_ONCE_MAX, async (group) => {
    for (const item of group) await placeLinked(item, known, result, surroundings);
  });
}

function ofThese(erased: PlacedItem['erased'] = {}, identities: readonly Identity[]): PlacedItem['erased'] {
  const keys = new Set(identities.map(identityKey));
  const entries = Object.entries(erased).filter(([key]) => keys.has(key));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const placementOf = (
  { work, sandboxName, graph, named, erased }: Identified,
  profileId: string,
  identities: readonly Identity[],
): Placement => ({
  key: { sandboxName, profileId },
  placed: { ...work, identities, graph, named, erased: ofThese(erased, identities) },
});

/** One person's failure is their own: the others of the batch go on. */
async function placeLinked(
  item: Identified,
  known: ReadonlyMap<string, string>,
  result: Result,
  { ports, settings }: Surroundings,
): Promise<void> {
  const { sandboxName, identities, work } = item;
  const idOf = (identity: Identity) => known.get(identityKey(identity)) as string;
  try {
    const linked = identities.map((identity) => ({ identity, profileId: idOf(identity) }));
    const joined = await joinProfiles({ sandboxName, identities: linked }, ports, settings);
    result.merges += joined.merges;
    result.refusedLinks += joined.refusals;
    result.placements.push(placeJoined(item, idOf, joined));
  } catch (error) {
    result.failures.push({ items: [work], error });
  }
}

function placeJoined(item: Identified, idOf: (identity: Identity) => string, joined: Joined): Placement {
  const { identities } = item;
  const { roots, waitsFor, grave } = joined;
  if (grave !== undefined) return placementOf(item, grave, identities);
  const rootOf = (identity: Identity) => roots.get(idOf(identity)) as string;
  const profileId = waitsFor?.profileId ?? rootOf(identities[0] as Identity);
  const placement = placementOf(
    item,
    profileId,
    identities.filter((identity) => rootOf(identity) === profileId),
  );
  if (waitsFor === undefined) return placement;
  return { ...placement, placed: { ...placement.placed, waits: { reason: waitsFor.reason } } };
}
