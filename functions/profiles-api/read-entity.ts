/** `/access/entities`: profiles by their identities, evaluated at the instant of the read. */
import type { AccessEntities, ProfileView, ProfileViews } from '#shared/api/entities.ts';
import type { getEntities, getEntity } from '#shared/api/operations/profiles.ts';
import { Problem } from '#shared/api/problem.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { type BatchResults, NO_BATCH_RESULTS, propensityTree } from '#shared/profile/batch-results.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { toIdentityMap } from '#shared/profile/identity.ts';
import { type AttributeMerge, mergeFragments } from '#shared/profile/merge-policy.ts';
import type { ProfileFragment } from '#shared/profile/profile-attributes.ts';
import { profileView } from '#shared/profile/profile-view.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { computedValues } from '#shared/segment/computed-values.ts';
import { type Evaluation, evaluate } from '#shared/segment/evaluation.ts';
import { payloadOf } from '#shared/segment/membership-payload.ts';
import { type FoundProfile, findProfile, readEvents, readProfile, readProfileOrNobody } from './find-profile.ts';
import type { ProfilePorts } from './ports.ts';

export async function readEntity(
  request: OperationRequest<typeof getEntity>,
  ports: ProfilePorts,
): Promise<HttpResponse> {
  const { query } = request;
  const found = await readProfile(await findProfile(request.sandbox, query, ports), ports);
  return { status: 200, body: await view(found, query, ports) };
}

export async function readEntities(
  { sandbox, body }: OperationRequest<typeof getEntities>,
  ports: ProfilePorts,
): Promise<HttpResponse> {
  const views: Record<string, ProfileViews[string]> = {};
  // One after the other: the history of twenty people need not be held at once.
  for (const { entityId, entityIdNS } of body.identities) {
    const requested = { entityId, entityIdNS: typeof entityIdNS === 'string' ? entityIdNS : entityIdNS.code };
    const found = await readProfileOrNobody(sandbox, requested, ports);
    if (found === undefined) continue;
    const known = views[found.key.profileId];
    const others = known?.requested ?? [];
    const shown = known ?? (await view(found, body, ports));
    views[found.key.profileId] = { ...shown, requested: [...others, requested] };
  }
  return { status: 200, body: views };
}

type Asked = Pick<AccessEntities, 'mergePolicyId' | 'start' | 'limit'>;

async function view(
  found: FoundProfile,
  query: Asked,
  { history, now, retentionMs }: ProfilePorts,
): Promise<ProfileView> {
  const { key, loaded, rules } = found;
  const { state, attributes } = loaded;
  const at = Math.max(now(), state.evaluatedAt);
  const stored = await readEvents(found, history);
  const events = stored.filter(({ timestamp }) => timestamp > at - retentionMs);
  const merge = mergeFor(rules, query.mergePolicyId);
  const seen = profileView(attributes, loaded.batch);
  const evaluation = evaluate({
    state,
    rules,
    attributes: seen,
    batch: loaded.batch,
    isBatchNew: loaded.isBatchNew,
    events: [],
    history: stored,
    now: at,
    dueAt: loaded.dueAt,
    retentionMs,
  });
  const merged = mergeFragments(attributes.fragments, merge);
  const computed = computedValues(rules.computed, { profile: seen.by(merge), events, now: at });
  const own = { computed, propensity: propensityTree(loaded.batch ?? NO_BATCH_RESULTS) };
  const identityMap = toIdentityMap(attributes.identities);
  const segmentMembership = { ups: membershipsOf(evaluation, rules, loaded.batch) };
  return {
    entityId: key.profileId,
    version: loaded.version,
    evaluatedAt: iso(at),
    attributes: merged,
    sources: attributes.fragments.map(sourceOf),
    identities: attributes.identities,
    identityMap,
    segmentMembership,
    ...own,
    entity: { ...merged, identityMap, segmentMembership, ...own },
    ...pageOf(events, query),
  };
}

function mergeFor(rules: CompiledRules, mergePolicyId: string | undefined): AttributeMerge {
  if (mergePolicyId === undefined || rules.hasMergePolicy(mergePolicyId)) return rules.mergeBy(mergePolicyId);
  throw new Problem('not-found', `No merge policy of this sandbox has the id ${mergePolicyId}.`);
}

const iso = (instant: number) => new Date(instant).toISOString();

const sourceOf = ({ datasetId, values }: ProfileFragment): ProfileView['sources'][number] => ({
  datasetId,
  values: values.map(({ path, value, timestamp }) => ({ path: path.join('.'), value, time: iso(timestamp) })),
});

function membershipsOf(
  { memberships }: Evaluation,
  { byOrdinal }: CompiledRules,
  batch: BatchResults | undefined,
): ProfileView['segmentMembership']['ups'] {
  return Object.fromEntries(
    [...memberships].flatMap(([ordinal, membership]) => {
      const definition = byOrdinal.get(ordinal);
      if (definition === undefined) return [];
      const { status, lastQualificationTime } = membership;
      const payload = payloadOf(definition, membership, batch);
      const shown = { status, lastQualificationTime: iso(lastQualificationTime), name: definition.name };
      return [[definition.id, { ...shown, ...(payload && { payload }) }]];
    }),
  );
}

/** Newest first: what happened last is what a reader asks for. */
function pageOf(events: readonly StoredEvent[], { start, limit }: Asked): Pick<ProfileView, 'events' | 'page'> {
  const newestFirst = [...events].reverse();
  const shown = newestFirst.slice(start, start + limit);
  const next = start + limit < events.length ? start + limit : null;
  return {
    events: shown.map((event) => ({ ...event, timestamp: iso(event.timestamp) })),
    page: { totalCount: events.length, start, limit, next },
  };
}
