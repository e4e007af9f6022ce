/** `GET /segment/definitions/{id}/explain`: why one person is in a segment or not, now or as of an earlier instant. */
import * as z from 'zod';
import { type ExplainMembership, iso, type MembershipExplanation, toExplained } from '#shared/api/explanations.ts';
import type { Supposition } from '#shared/api/hypotheses.ts';
import type { explainSegmentMembership, explainSupposedMembership } from '#shared/api/operations/profiles.ts';
import { Problem } from '#shared/api/problem.ts';
import type { SandboxName, SegmentId } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { explain } from '#shared/pql/explain/index.ts';
import { type Checked, dependencies } from '#shared/pql/index.ts';
import { sortEvents } from '#shared/profile/history.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import type { LoadedProfile } from '#shared/segment/loaded-profile.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { attributesAsOf } from './attributes-as-of.ts';
import { checkDefinition } from './check-definition.ts';
import { findProfile, readEvents, readProfile } from './find-profile.ts';
import type { ProfilePorts } from './ports.ts';
import { segmentsInTime } from './segments-in-time.ts';
import { notIn, supposedEvents, supposedView } from './suppose.ts';

const NOTHING_SUPPOSED: Supposition = { events: [] };

export function explainMembership(
  { sandbox, pathParameters: { id }, query }: OperationRequest<typeof explainSegmentMembership>,
  ports: ProfilePorts,
): Promise<HttpResponse> {
  return answer({ sandbox, id, asked: query, supposed: NOTHING_SUPPOSED, atPointer: '?at' }, ports);
}

/** What would be if something were so that isn't: `POST` of the same, with events and attributes. */
export function explainSupposed(
  { sandbox, pathParameters: { id }, body }: OperationRequest<typeof explainSupposedMembership>,
  ports: ProfilePorts,
): Promise<HttpResponse> {
  return answer({ sandbox, id, asked: body, supposed: body, atPointer: '/at' }, ports);
}

interface Asked {
  readonly sandbox: SandboxName;
  readonly id: string;
  readonly asked: ExplainMembership;
  readonly supposed: Supposition;
  readonly atPointer: string;
}

async function answer(wanted: Asked, ports: ProfilePorts): Promise<HttpResponse> {
  const { sandbox, asked, supposed } = wanted;
  const now = ports.now();
  requirePast(wanted, now);
  const definition = await findDefinition(wanted, ports);
  const found = await readProfile(await findProfile(sandbox, asked, ports), ports);
  const { key, loaded, rules } = found;
  const { expression, checked } = checkDefinition(definition, { computed: rules.computed, says: loaded.attributes });
  const stored = await readEvents(found, ports.history);
  const events = sortEvents([...stored, ...notIn(stored, supposedEvents(supposed, asked, asked.at ?? now))]);
  const { timeZone } = definition;
  const { id, name, version, lifecycleState } = definition;
  const body: MembershipExplanation = {
    definition: { id, name, version, lifecycleState, ...(timeZone === undefined ? {} : { timeZone }), expression },
    entityId: key.profileId,
    ...explainPerson(
      { definition, checked, loaded, rules, events, supposed },
      { now, at: asked.at, retentionMs: ports.retentionMs },
    ),
  };
  return { status: 200, body };
}

function requirePast({ asked: { at }, atPointer: pointer }: Asked, now: number): void {
  if (at === undefined || at <= now) return;
  const mistakes = [{ pointer, message: 'lies in the future: only what was can be explained as of then' }];
  throw new Problem('invalid-request', `The ${pointer === '?at' ? 'query' : 'body'} has one mistake.`, { mistakes });
}

const segmentId = z.uuid();

/** An id that no definition could have is answered as one that none has. */
async function findDefinition(
  { id: text, sandbox, asked: { version } }: Asked,
  { definitions }: ProfilePorts,
): Promise<SegmentDefinition> {
  const id = segmentId.safeParse(text.toLowerCase()).data as SegmentId | undefined;
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
  readonly supposed: Supposition;
}

interface When {
  readonly now: number;
  readonly at: number | undefined;
  readonly retentionMs: number;
}

function explainPerson(
  { definition, checked, loaded, rules, events: known, supposed }: Found,
  { now, at, retentionMs }: When,
): Omit<MembershipExplanation, 'definition' | 'entityId'> {
  const { state } = loaded;
  // A profile's evaluation time never goes back; an instant that is asked for is meant.
  const instant = at ?? Math.max(now, state.evaluatedAt);
  const eventsSince = (at === undefined ? instant : now) - retentionMs;
  const events = known.filter(({ timestamp }) => timestamp > eventsSince && (at === undefined || timestamp <= at));
  const { attributes: kept, writtenSince } = attributesAsOf(loaded, at);
  const attributes = supposedView(kept, supposed.attributes);
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
