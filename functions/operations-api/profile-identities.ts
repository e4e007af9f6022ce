/** `/system/profiles` and `/system/refused-links`: who is one person, put right by an operator. */
import type { describeProfile, listRefusedLinks, unmergeProfile as unmerge } from '#shared/api/operations/system.ts';
import { Problem } from '#shared/api/problem.ts';
import type { ProfileIdentities, RefusedLinkList, UnmergeAnswer } from '#shared/api/profile-identities.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { followAlias } from '#shared/profile/follow-aliases.ts';
import { decodeAttributes, NO_ATTRIBUTES } from '#shared/profile/profile-attributes.ts';
import { isSomebody, type ProfileKey } from '#shared/profile/profile-store.ts';
import { PROFILE_ID } from '#shared/profile/stream-record.ts';
import type { OperationsPorts } from './ports.ts';
import { unmergeProfile } from './unmerge-profile.ts';

export async function describeIdentities(
  { sandbox, pathParameters }: OperationRequest<typeof describeProfile>,
  { profiles }: OperationsPorts,
): Promise<HttpResponse> {
  const { key, stored } = await followAlias(keyOf(sandbox, pathParameters.profileId), profiles);
  if (stored === undefined || !isSomebody(stored)) throw notFound();
  const { identities, partitions, apart } = stored.attributes ? decodeAttributes(stored.attributes) : NO_ATTRIBUTES;
  const body: ProfileIdentities = {
    profileId: key.profileId,
    version: stored.version,
    parked: stored.parked === true,
    identities: [...identities],
    partitions: [...(partitions ?? [])],
    keptApartFrom: [...(apart ?? [])],
  };
  return { status: 200, body };
}

export async function unmergeIdentities(
  { sandbox, pathParameters, body }: OperationRequest<typeof unmerge>,
  ports: OperationsPorts,
): Promise<HttpResponse> {
  const answer: UnmergeAnswer = await unmergeProfile(keyOf(sandbox, pathParameters.profileId), body, ports);
  return { status: 200, body: answer };
}

export async function listRefused(
  { sandbox, query }: OperationRequest<typeof listRefusedLinks>,
  { refusedLinks, now }: OperationsPorts,
): Promise<HttpResponse> {
  const { day = new Date(now()).toISOString().slice(0, 10), ...page } = query;
  const { entries, next = null } = await refusedLinks.ofDay(sandbox, day, page);
  const links = entries.map(({ profileId, otherProfileId, reason, namespaces, at }) => {
    return { profileId, otherProfileId, reason, namespaces: [...namespaces], at: new Date(at).toISOString() };
  });
  return { status: 200, body: { links, next } satisfies RefusedLinkList };
}

const notFound = () => new Problem('not-found', 'No profile of this sandbox has this id.');

function keyOf(sandboxName: string, profileId: string): ProfileKey {
  if (!PROFILE_ID.test(profileId)) throw notFound();
  return { sandboxName, profileId };
}
