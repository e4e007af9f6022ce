/**
 * One step of an erasure, as far as it gets; whoever calls next goes on from there. Every step may be done again: what was
 * done is found done. Profiles are ended by process-events, which is told to look; all else is cleared here, twice, for
 * what was under way when the profile ended may have written once more.
 */
import { type Followed, followAliases } from '#shared/profile/follow-aliases.ts';
import { type Identity, identityKey } from '#shared/profile/identity.ts';
import {
  type ErasureOrders,
  type Estate,
  type IdentityRow,
  type IdentityStore,
  type ProfileKey,
  type ProfileStore,
  profileKeyText,
} from '#shared/profile/profile-store.ts';
import type { ErasedPerson, ErasureJob, ErasureJobs, PersonalStore } from './erasure-job.ts';

export interface ErasurePorts {
  readonly jobs: Pick<ErasureJobs, 'update'>;
  readonly identities: Pick<IdentityStore, 'rows' | 'block'>;
  readonly profiles: Pick<ProfileStore, 'read'>;
  readonly orders: ErasureOrders;
  /** Puts a record into the event stream that wakes the profile up. */
  readonly wakeUp: (key: ProfileKey) => Promise<void>;
  readonly stores: readonly PersonalStore[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** No call of a function that began before lasts longer. */
  readonly quietMs: number;
}

/** The job after it; `undefined` where another was faster. */
export async function advanceErasure(job: ErasureJob, ports: ErasurePorts): Promise<ErasureJob | undefined> {
  switch (job.step) {
    case 'find':
      return find(job, ports);
    case 'clear':
      return clear(job, 'forget', ports);
    case 'forget':
      return forget(job, ports);
    case 'clear-again':
      return isQuiet(job, ports) ? clear(job, 'done', ports) : job;
    default:
      return job;
  }
}

const isQuiet = ({ updatedAt }: ErasureJob, { now, quietMs }: ErasurePorts) => now() - updatedAt >= quietMs;

type Change = Partial<Omit<ErasureJob, 'jobId' | 'sandboxName' | 'revision'>>;

async function save(job: ErasureJob, change: Change, ports: ErasurePorts): Promise<ErasureJob | undefined> {
  const { trouble: _, ...rest } = job;
  const after = { ...rest, ...change, updatedAt: ports.now(), revision: job.revision + 1 };
  return (await ports.jobs.update(job, after)) ? after : undefined;
}

interface Target {
  readonly identity: Identity;
  readonly row: IdentityRow | undefined;
  readonly root: { readonly key: ProfileKey; readonly isGone: boolean } | undefined;
}

async function find(job: ErasureJob, ports: ErasurePorts): Promise<ErasureJob | undefined> {
  const targets = (await targetsOf(job, ports)).filter(({ row }) => !isBlocked(row, job));
  if (targets.length === 0) return collect(job, ports);
  const profileIds = targets.flatMap(({ root }) => (root === undefined ? [] : [root.key.profileId]));
  // Noted before anything is asked: what they leave is found by these ids.
  const all = [...new Set([...job.profileIds, ...profileIds])];
  const isNoted = all.length === job.profileIds.length && job.status === 'PROCESSING';
  const noted = isNoted ? job : await save(job, { profileIds: all, status: 'PROCESSING' }, ports);
  if (noted === undefined) return undefined;
  for (const target of targets) await end(target, noted, ports);
  return noted;
}

const isBlocked = (row: IdentityRow | undefined, { requestedAt }: ErasureJob) => (row?.erasedAt ?? -1) >= requestedAt;

async function targetsOf(
  { sandboxName, identities }: ErasureJob,
  { identities: store, profiles }: ErasurePorts,
): Promise<readonly Target[]> {
  const rows = await store.rows(sandboxName, identities);
  const keyed = (profileId: string) => ({ sandboxName, profileId });
  const ids = [...rows.values()].flatMap(({ profileId }) => profileId ?? []);
  const followed = await followAliases(ids.map(keyed), profiles);
  return identities.map((identity) => {
    const row = rows.get(identityKey(identity));
    const found = row?.profileId === undefined ? undefined : followed.get(profileKeyText(keyed(row.profileId)));
    const root = found && { key: found.key, isGone: found.stored?.erasedAt !== undefined };
    return { identity, row, root };
  });
}

async function end({ identity, row, root }: Target, job: ErasureJob, ports: ErasurePorts): Promise<void> {
  const { sandboxName, jobId, identities, requestedAt } = job;
  if (root === undefined || root.isGone) {
    await ports.identities.block(sandboxName, { identity, row }, Math.max(ports.now(), requestedAt));
    return;
  }
  await ports.orders.put(root.key, { jobId, identities, requestedAt });
  await ports.wakeUp(root.key);
}

/** Nothing that is named leads to anybody who was there before. */
async function collect(job: ErasureJob, ports: ErasurePorts): Promise<ErasureJob | undefined> {
  const keys = job.profileIds.map((profileId) => ({ sandboxName: job.sandboxName, profileId }));
  const orders = await Promise.all(keys.map((key) => ports.orders.find(key)));
  const estates = orders.flatMap((order) => order?.estate ?? []);
  const profiles = estates.length;
  const profileIds = [...new Set([...job.profileIds, ...(await aliasesOf(keys, estates, ports))])];
  return save(job, { step: 'clear', status: 'PROCESSING', profileIds, estates, profiles, clearedStores: [] }, ports);
}

/** Those of the partitions that lead to whom is gone; the others are of people from whom these were taken apart. */
async function aliasesOf(
  graves: readonly ProfileKey[],
  estates: readonly Estate[],
  { profiles }: ErasurePorts,
): Promise<readonly string[]> {
  const [first] = graves;
  if (first === undefined) return [];
  const partitions = estates.flatMap((estate) => estate.partitions).map((profileId) => ({ ...first, profileId }));
  const followed = await followAliases(partitions, profiles);
  const gone = new Set(graves.map(({ profileId }) => profileId));
  return partitions
    .filter((key) => gone.has((followed.get(profileKeyText(key)) as Followed).key.profileId))
    .map(({ profileId }) => profileId);
}

/** Store after store, each noted when it is done, so that a call that ends halfway has got on. */
async function clear(job: ErasureJob, next: 'forget' | 'done', ports: ErasurePorts): Promise<ErasureJob | undefined> {
  let current = job;
  const person = personOf(job);
  for (const store of ports.stores) {
    if (current.clearedStores.includes(store.name)) continue;
    const count = (current.removed[store.name] ?? 0) + (await store.clear(person));
    const clearedStores = [...current.clearedStores, store.name];
    const saved = await save(current, { clearedStores, removed: { ...current.removed, [store.name]: count } }, ports);
    if (saved === undefined) return undefined;
    current = saved;
  }
  return next === 'done' ? complete(current, ports) : save(current, { step: next }, ports);
}

export function personOf({ sandboxName, identities, profileIds, estates, requestedAt }: ErasureJob): ErasedPerson {
  const all = [...identities, ...estates.flatMap((estate) => estate.identities)];
  const sharedPartitions = estates
    .filter(({ sharesPartitions }) => sharesPartitions)
    .flatMap(({ partitions, erasedAt, identities: own }) =>
      partitions.map((profileId) => ({ profileId, erasedAt, identities: own })),
    );
  const shared = new Set(sharedPartitions.map(({ profileId }) => profileId));
  // Of a profile that was gone before, whoever made it go knows what is whose, and clears it away.
  const partitions = new Set(estates.flatMap((estate) => estate.partitions));
  return {
    sandboxName,
    identities: [...new Map(all.map((identity) => [identityKey(identity), identity])).values()],
    profileIds,
    partitions: [...partitions].filter((profileId) => !shared.has(profileId)),
    sharedPartitions,
    values: [...new Set(estates.flatMap(({ values }) => values))],
    requestedAt,
  };
}

/** Nobody reads from then on who the tombstones were; until then their exits are published under their identities. */
async function forget(job: ErasureJob, ports: ErasurePorts): Promise<ErasureJob | undefined> {
  if (!isQuiet(job, ports)) return job;
  for (const profileId of job.profileIds) {
    await ports.orders.remove({ sandboxName: job.sandboxName, profileId }, job.jobId);
  }
  return save(job, { step: 'clear-again', clearedStores: [] }, ports);
}

const complete = (job: ErasureJob, ports: ErasurePorts) =>
  save(
    job,
    {
      step: 'done',
      status: 'COMPLETED',
      identities: [],
      estates: [],
      clearedStores: [],
      completedAt: ports.now(),
    },
    ports,
  );
