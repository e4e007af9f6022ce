/** `POST /evaluate`: memberships at this instant, of what is stored and what is supposed. Nothing is written. */
import type { EvaluatePerson, PersonEvaluation } from '#shared/api/evaluations.ts';
import { iso } from '#shared/api/explanations.ts';
import type { evaluatePerson } from '#shared/api/operations/profiles.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { profileView } from '#shared/profile/profile-view.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { type Evaluation, evaluate } from '#shared/segment/evaluation.ts';
import { type LoadedProfile, loadProfile } from '#shared/segment/loaded-profile.ts';
import { findProfileOrNobody, readEvents, readProfile } from './find-profile.ts';
import type { ProfilePorts } from './ports.ts';
import { notIn, supposedEvents, supposedView } from './suppose.ts';

type Request = OperationRequest<typeof evaluatePerson>;

interface Known {
  readonly entityId: string | null;
  readonly loaded: LoadedProfile;
  readonly rules: CompiledRules;
  readonly stored: readonly StoredEvent[];
}

export async function evaluateSupposed({ sandbox, body }: Request, ports: ProfilePorts): Promise<HttpResponse> {
  const known = await whoItIs(sandbox, body, ports);
  const now = Math.max(ports.now(), known.loaded.state.evaluatedAt);
  const answer: PersonEvaluation = evaluated(known, body, { now, retentionMs: ports.retentionMs });
  return { status: 200, body: answer };
}

/** Somebody whom no event has brought yet is a new person: whoever looks at a page for the first time. */
async function whoItIs(sandbox: string, body: EvaluatePerson, ports: ProfilePorts): Promise<Known> {
  const key = await findProfileOrNobody(sandbox, body, ports);
  if (key === undefined) {
    const { entityId: id, entityIdNS: namespace } = body;
    const nobody = loadProfile(undefined);
    const identities = [{ namespace, id, primary: true }];
    const loaded = { ...nobody, attributes: { ...nobody.attributes, identities } };
    return { entityId: null, loaded, rules: await ports.rules.current(sandbox), stored: [] };
  }
  const found = await readProfile(key, ports);
  const stored = await readEvents(found, ports.history);
  return { entityId: found.key.profileId, loaded: found.loaded, rules: found.rules, stored };
}

function evaluated(
  { entityId, loaded, rules, stored }: Known,
  body: EvaluatePerson,
  { now, retentionMs }: { readonly now: number; readonly retentionMs: number },
): PersonEvaluation {
  const { state, attributes, batch, isBatchNew, dueAt } = loaded;
  const events = supposedEvents(body, body, now);
  const unknown = notIn(stored, events);
  const fresh = unknown.filter(({ timestamp }) => timestamp > now - retentionMs);
  const view = profileView(attributes, batch);
  const evaluation = evaluate({
    ...{ state, rules, batch, isBatchNew, dueAt, now, retentionMs },
    attributes: view,
    ...(body.attributes === undefined ? {} : { newAttributes: supposedView(view, body.attributes) }),
    events: fresh,
    history: stored,
  });
  return {
    entityId,
    evaluatedAt: iso(now),
    ...membershipsOf(evaluation, loaded, rules, body.segmentIds),
    events: {
      applied: fresh.length,
      known: events.length - unknown.length,
      expired: unknown.length - fresh.length,
    },
  };
}

function membershipsOf(
  { memberships, changes }: Evaluation,
  { state }: LoadedProfile,
  { byOrdinal }: CompiledRules,
  segmentIds: EvaluatePerson['segmentIds'],
): Pick<PersonEvaluation, 'segmentMembership' | 'changes'> {
  const wanted = segmentIds && new Set(segmentIds.map((id) => id.toLowerCase()));
  const causes = new Map(changes.map(({ segmentOrdinal, cause }) => [segmentOrdinal, cause]));
  const inOrder = [...memberships].sort(([left], [right]) => left - right);
  const all = inOrder.flatMap(([ordinal, membership]) => {
    const definition = byOrdinal.get(ordinal);
    return definition === undefined || wanted?.has(definition.id) === false ? [] : [{ ...definition, membership }];
  });
  const ups = all.map(({ id, name, membership: { status, lastQualificationTime } }) => {
    return [id, { status, lastQualificationTime: iso(lastQualificationTime), name }] as const;
  });
  // Whoever is let in and out again within one evaluation is where they were.
  const changed = all.filter(({ ordinal, membership: { status } }) => {
    return (state.memberships.get(ordinal)?.status ?? 'exited') !== status;
  });
  return {
    segmentMembership: { ups: Object.fromEntries(ups) },
    changes: changed.map(({ id, name, ordinal, membership: { status } }) => {
      return { segmentId: id, name, status, cause: causes.get(ordinal) ?? 'event' };
    }),
  };
}
