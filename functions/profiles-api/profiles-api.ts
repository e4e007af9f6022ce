/** `GET /access/entities`: one profile by one of its identities, evaluated at the instant of the read. */
import { type AccessEntities, accessEntities, type ProfileView } from '#shared/api/entities.ts';
import { parseQuery } from '#shared/api/parse-request.ts';
import { Problem } from '#shared/api/problem.ts';
import type { HttpRequest, HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { sortEvents, unpackAll } from '#shared/profile/history.ts';
import { identityKey, toIdentityMap } from '#shared/profile/identity.ts';
import { DEFAULT_MERGE, mergeFragments } from '#shared/profile/merge-policy.ts';
import type { HistoryStore, IdentityStore, ProfileKey, ProfileStore } from '#shared/profile/profile-store.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { type Evaluation, evaluate } from '#shared/segment/evaluation.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface ProfilePorts {
  readonly profiles: ProfileStore;
  readonly history: HistoryStore;
  readonly identities: IdentityStore;
  readonly rules: RulesStore;
  readonly retentionMs: number;
  readonly now: () => number;
}

export async function profilesApi(request: HttpRequest, ports: ProfilePorts): Promise<HttpResponse> {
  const query = parseQuery(accessEntities, request.query);
  const key = await findProfile(request.sandbox, query, ports);
  // Rules before state, so that the state is never of newer rules than those it is evaluated with.
  const rules = await ports.rules.current(request.sandbox);
  const stored = (await ports.profiles.read([key])).get(`${key.sandboxName}#${key.profileId}`);
  if (stored === undefined) throw notFound();
  if (stored.parked)
    throw new Problem('unavailable', 'The profile is parked: its state cannot be read until it is redriven.');
  return { status: 200, body: await view(key, loadProfile(stored), rules, query, ports) };
}

const notFound = () => new Problem('not-found', 'No profile has this identity in this sandbox.');

async function findProfile(
  sandboxName: string,
  { entityId, entityIdNS }: AccessEntities,
  { identities }: ProfilePorts,
): Promise<ProfileKey> {
  const identity = { namespace: entityIdNS, id: entityId, primary: true };
  const profileId = (await identities.find(sandboxName, [identity])).get(identityKey(identity));
  if (profileId === undefined) throw notFound();
  return { sandboxName, profileId };
}

async function view(
  key: ProfileKey,
  loaded: LoadedProfile,
  rules: CompiledRules,
  query: AccessEntities,
  { history, now, retentionMs }: ProfilePorts,
): Promise<ProfileView> {
  const { state, attributes } = loaded;
  const chunks = await history.read(key);
  const at = Math.max(now(), state.evaluatedAt);
  const stored = sortEvents([...chunks.flatMap(({ events }) => unpackAll(events)), ...unpackAll(state.tail)]);
  const events = stored.filter(({ timestamp }) => timestamp > at - retentionMs);
  const merged = mergeFragments(attributes.fragments, DEFAULT_MERGE);
  const evaluation = evaluate({
    state,
    rules,
    attributes: merged,
    attributesChanged: false,
    events: [],
    history: events,
    now: at,
    dueAt: loaded.dueAt,
    retentionMs,
  });
  const identityMap = toIdentityMap(attributes.identities);
  const segmentMembership = { ups: membershipsOf(evaluation, rules) };
  return {
    entityId: key.profileId,
    version: loaded.version,
    evaluatedAt: iso(at),
    attributes: merged,
    identities: attributes.identities,
    identityMap,
    segmentMembership,
    entity: { ...merged, identityMap, segmentMembership },
    ...pageOf(events, query),
  };
}

const iso = (instant: number) => new Date(instant).toISOString();

function membershipsOf(
  { memberships }: Evaluation,
  { byOrdinal }: CompiledRules,
): ProfileView['segmentMembership']['ups'] {
  return Object.fromEntries(
    [...memberships].flatMap(([ordinal, { status, lastQualificationTime }]) => {
      const definition = byOrdinal.get(ordinal);
      if (definition === undefined) return [];
      return [[definition.id, { status, lastQualificationTime: iso(lastQualificationTime), name: definition.name }]];
    }),
  );
}

/** Newest first: what happened last is what a reader asks for. */
function pageOf(
  events: readonly StoredEvent[],
  { start, limit }: AccessEntities,
): Pick<ProfileView, 'events' | 'page'> {
  const newestFirst = [...events].reverse();
  const shown = newestFirst.slice(start, start + limit);
  const next = start + limit < events.length ? start + limit : null;
  return {
    events: shown.map((event) => ({ ...event, timestamp: iso(event.timestamp) })),
    page: { totalCount: events.length, start, limit, next },
  };
}
