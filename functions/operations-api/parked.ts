/** `/system/parked`: profiles that wait for an operator, and their return. */

import type { listParkedProfiles, redriveParkedProfile } from '#shared/api/operations/system.ts';
import { Problem } from '#shared/api/problem.ts';
import type { ParkedList, RedrivenProfile } from '#shared/api/set-aside.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { type ProfileKey, profileKeyText } from '#shared/profile/profile-store.ts';
import type { OperationsPorts } from './ports.ts';
import { type Redriven, redriveProfile } from './redrive-profile.ts';

const PROFILE_ID = /^[0-9A-Za-z-]{8,64}$/;

type ListRequest = OperationRequest<typeof listParkedProfiles>;
type RedriveRequest = OperationRequest<typeof redriveParkedProfile>;

export async function listParked(request: ListRequest, ports: OperationsPorts): Promise<HttpResponse> {
  const { entries, next = null } = await ports.parked.profiles(request.sandbox, request.query);
  const keys = entries.map((profileId): ProfileKey => ({ sandboxName: request.sandbox, profileId }));
  const stored = await ports.profiles.read(keys);
  const summaries = await Promise.all(keys.map((key) => ports.parked.summary(key)));
  const profiles = summaries.flatMap(({ items, hasMore, first }, index) => {
    const key = keys[index] as ProfileKey;
    if (first === undefined) return []; // redriven meanwhile
    const parked = stored.get(profileKeyText(key))?.parked === true;
    const since = new Date(first.arrival).toISOString();
    return [{ profileId: key.profileId, parked, reason: first.reason, since, items, hasMoreItems: hasMore }];
  });
  return { status: 200, body: { profiles, next } satisfies ParkedList };
}

export async function redriveParked(request: RedriveRequest, ports: OperationsPorts): Promise<HttpResponse> {
  const { profileId } = request.pathParameters;
  if (!PROFILE_ID.test(profileId)) throw notParked();
  const redriven = await redriveProfile({ sandboxName: request.sandbox, profileId }, request.query, ports);
  return { status: 200, body: answer(profileId, redriven) };
}

const notParked = () => new Problem('not-found', 'No profile of this id is parked in this sandbox.');

function answer(profileId: string, redriven: Redriven): RedrivenProfile {
  if (redriven.kind === 'unknown') throw notParked();
  if (redriven.kind === 'unreadable') throw unreadable(redriven.reasons);
  const { mark, items, hasMore } = redriven;
  switch (mark.kind) {
    case 'rebuilt':
      return { profileId, state: 'rebuilt', tail: mark.tail, reasons: [...mark.reasons], items, hasMore };
    case 'as-it-was':
      return { profileId, state: 'as-it-was', items, hasMore };
    case 'no-mark':
      return { profileId, state: 'not-parked', items, hasMore };
  }
}

const unreadable = (reasons: readonly string[]) =>
  new Problem(
    'conflict',
    `What is stored of the profile can't be read (${reasons.join('; ')}). Nothing was done. If a newer release wrote it, ` +
      'deploy that and call again. With ?discardState=true the profile is rebuilt from its history: events that no ' +
      'history chunk holds yet, the times of its memberships and attributes that can’t be read are lost then.',
  );
