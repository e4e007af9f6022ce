/** `GET /segment/definitions/{id}/explain`: why one person is in a segment or not, now or as of an earlier instant. */
import * as z from 'zod';
import { type ExplainMembership, iso, type MembershipExplanation, toExplained } from '#shared/api/explanations.ts';
import type { explainSegmentMembership } from '#shared/api/operations/profiles.ts';
import { Problem } from '#shared/api/problem.ts';
import type { SegmentId } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { explain } from '#shared/pql/explain/index.ts';
import { type Checked, dependencies } from '#shared/pql/index.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import type { LoadedProfile } from '#shared/segment/loaded-profile.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { attributesAsOf } from './attributes-as-of.ts';
import { checkDefinition } from './check-definition.ts';
import { findProfile, readEvents, readProfile } from './find-profile.ts';
import type { ProfilePorts } from './ports.ts';
import { segmentsInTime } from './segments-in-time.ts';

type Request = OperationRequest<typeof explainSegmentMembership>;

export async function explainMembership(request: Request, ports: ProfilePorts): Promise<HttpResponse> {
  const now = ports.now();
  const { query } = request;
  requirePast(query, now);
  const definition = await findDefinition(request, ports);
  const { expression, checked } = checkDefinition(definition);
  const found = await readProfile(await findProfile(request.sandbox, query, ports), ports);
  const { key, loaded, rules } = found;
  const events = await readEvents(found, ports.history);
  const { timeZone } = definition;
  const { id, name, version, lifecycleState } = definition;
  const body: MembershipExplanation = {
    definition: { id, name, version, lifecycleState, ...(timeZone === undefined ? {} : { timeZone }), expression },
    entityId: key.profileId,
    ...explainPerson(
      { definition, checked, loaded, rules, events },
      { now, at: query.at, retentionMs: ports.retentionMs },
    ),
  };
  return { status: 200, body };
}

function requirePast({ at }: ExplainMembership, now: number): void {
  if (at === undefined || at <= now) return;
  const mistakes = [{ pointer: '?at', message: 'lies in the future: only what was can be explained as of then' }];
  throw new Problem('invalid-request', 'The query has one mistake.', { mistakes });
}

const segmentId = z.uuid();

/** An id that no definition could have is answered as one that none has. */
async function findDefinition(
  { pathParameters, sandbox, query: { version } }: Request,
  { definitions }: ProfilePorts,
): Promise<SegmentDefinition> {
  const id = segmentId.safeParse(pathParameters.id.toLowerCase()).data as SegmentId | undefined;
  const current = id && (await definitions.find(sandbox, id));
  if (id === undefined || current === undefined) {
    throw new Problem('not-found', 'No segment definition of this sandbox has this id.');
  }
  if (version === undefined || version === current.version) return current;
  const earlier = await definitions.findVersion(sandbox, id, version);
  if (earlier === undefined) throw new Problem('not-found', `The definition has no version ${version}.`);
  return earlier;
}

interface Found {
  readonly definition: SegmentDefinition;
  readonly checked: Checked;
  readonly loaded: LoadedProfile;
  readonly rules: CompiledRules;
  readonly events: Awaited<ReturnType<typeof readEvents>>;
}

interface When {
  readonly now: number;
  readonly at: number | undefined;
  readonly retentionMs: number;
}

function explainPerson(
  { definition, checked, loaded, rules, events: stored }: Found,
  { now, at, retentionMs }: When,
): Omit<MembershipExplanation, 'definition' | 'entityId'> {
  const { state } = loaded;
  // A profile's evaluation time never goes back; an instant that is asked for is meant.
  const instant = at ?? Math.max(now, state.evaluatedAt);
  const eventsSince = (at === undefined ? instant : now) - retentionMs;
  const events = stored.filter(({ timestamp }) => timestamp > eventsSince && (at === undefined || timestamp <= at));
  const { attributes, writtenSince } = attributesAsOf(loaded, at);
  const { memberships } = state;
  const segments = segmentsInTime(rules, { attributes, events, retentionMs, batch: loaded.batch, memberships });
  const input = { profile: attributes.by(rules.mergeBy(definition.mergePolicyId)), events, now: instant };
  const explanation = explain(checked, input, { timeZone: definition.timeZone, retentionMs, segments });
  return {
    at: iso(instant),
    membership: storedMembership(loaded, rules, definition),
    ...toExplained(explanation),
    known: { eventsSince: iso(eventsSince), attributesWrittenSince: writtenSince.filter(readBy(checked)) },
  };
}

function storedMembership(
  { state }: LoadedProfile,
  { ordinals }: CompiledRules,
  { id }: SegmentDefinition,
): MembershipExplanation['membership'] {
  const membership = state.memberships.get(ordinals.get(id) ?? -1);
  if (membership === undefined) return null;
  return { status: membership.status, lastQualificationTime: iso(membership.lastQualificationTime) };
}

/** What another segment reads is read too. */
function readBy(checked: Checked): (path: string) => boolean {
  const { attributes, segments } = dependencies(checked);
  if (segments.length > 0) return () => true;
  const isWithin = (path: string, whole: string) => whole === '' || path === whole || path.startsWith(`${whole}.`);
  return (path) => attributes.some((read) => isWithin(path, read) || isWithin(read, path));
}
