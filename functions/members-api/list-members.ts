/**
 * Who is in a segment. Packed profiles can't be asked for it, so a page takes people from the last job's snapshot, then from
 * the feed of changes since, and looks each of them up: whoever is shown is a member at that instant.
 *
 *     joined ≤ cut: in the snapshot        joined > cut: their entry is in the feed
 *     ───────────────────────────── cut ── job ─────────────────────────────▶
 *
 * So each member is shown at one place, whoever leaves and comes back meanwhile.
 */
import { evaluationInfoOf } from '#shared/api/evaluation-info.ts';
import type { listSegmentMembers } from '#shared/api/operations/segment-members.ts';
import { Problem } from '#shared/api/problem.ts';
import type { SegmentMembers } from '#shared/api/segment-members.ts';
import type { SegmentId } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { readFeed, startFeed } from './feed-members.ts';
import { type FoundMember, findMembers } from './find-members.ts';
import { type MembersCursor, readCursor, writeCursor } from './members-cursor.ts';
import type { MemberPorts } from './ports.ts';
import { newestSnapshot, readSnapshot } from './snapshot.ts';

/** Longer than a process takes from reading its clock to writing a profile. */
const WRITE_MS_MAX = 120_000;
const FEED_RETENTION_MS = 7 * 86_400_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type MembersRequest = OperationRequest<typeof listSegmentMembers>;

export async function listMembers(request: MembersRequest, ports: MemberPorts): Promise<HttpResponse> {
  const { sandbox, query } = request;
  const definition = await findDefinition(request, ports);
  const cursor =
    query.after === undefined ? await start(definition, ports) : readCursor(query.after, sandbox, definition.id);
  const now = ports.now();
  const { found, next } = await readPage(cursor, query.limit, ports);
  const { jobId, asOf, cut } = cursor;
  const body: SegmentMembers = {
    segmentId: definition.id,
    members: found.map((member) => resourceOf(member, cursor)),
    evaluatedAt: iso(now),
    snapshot: jobId === null ? null : { jobId, asOf: iso(asOf), ageInSeconds: Math.round((now - asOf) / 1000) },
    changesSince: iso(cut),
    ...(await completeness(definition, cursor, now, ports)),
    next: next === undefined ? null : writeCursor(next),
  };
  return { status: 200, body };
}

async function findDefinition(
  { sandbox, pathParameters }: MembersRequest,
  { definitions }: MemberPorts,
): Promise<SegmentDefinition> {
  const id = pathParameters.id.toLowerCase();
  const definition = UUID.test(id) ? await definitions.find(sandbox, id as SegmentId) : undefined;
  if (definition === undefined) throw new Problem('not-found', 'No segment definition of this sandbox has this id.');
  return definition;
}

/** Without a snapshot everybody came after the definition did. */
async function start(
  { sandboxName: sandbox, id: segmentId, creationTime }: SegmentDefinition,
  ports: MemberPorts,
): Promise<MembersCursor> {
  const snapshot = await newestSnapshot(sandbox, segmentId, ports);
  const { jobId, asOf } = snapshot ?? { jobId: null, asOf: creationTime };
  return { sandbox, segmentId, jobId, asOf, cut: asOf - WRITE_MS_MAX, kind: 'snapshot', file: 0, member: 0 };
}

interface Page {
  readonly found: readonly FoundMember[];
  readonly next: MembersCursor | undefined;
}

async function readPage(cursor: MembersCursor, limit: number, ports: MemberPorts): Promise<Page> {
  if (cursor.kind === 'feed') return readFeedPage(cursor, limit, ports);
  const { profileIds, next } = await readSnapshot(cursor, limit, ports);
  const members = await findMembers(cursor, profileIds, ports);
  const found = members.filter(({ since }) => since <= cursor.cut);
  if (next !== undefined) return { found, next };
  const feed = await startFeed(cursor, ports);
  if (found.length === limit) return { found, next: feed };
  const rest = await readFeedPage(feed, limit - found.length, ports);
  return { found: [...found, ...rest.found], next: rest.next };
}

async function readFeedPage(
  cursor: Extract<MembersCursor, { kind: 'feed' }>,
  limit: number,
  ports: MemberPorts,
): Promise<Page> {
  const { entries, next } = await readFeed(cursor, limit, ports);
  const since = new Map(entries.map(({ profileId, at }) => [profileId, at]));
  const members = await findMembers(cursor, [...since.keys()], ports);
  // Who came twice since is shown where they came last.
  return { found: members.filter((member) => since.get(member.profileId) === member.since), next };
}

const iso = (instant: number) => new Date(instant).toISOString();

function resourceOf(
  { profileId, since, leavesAt, identities }: FoundMember,
  { jobId, asOf }: MembersCursor,
): SegmentMembers['members'][number] {
  return {
    profileId,
    status: jobId !== null && since <= asOf ? 'existing' : 'realized',
    lastQualificationTime: iso(since),
    leavesAt: leavesAt === undefined ? null : iso(leavesAt),
    identities: identities.map(({ namespace, id, primary }) => ({ namespace, id, primary })),
  };
}

const FORGOTTEN =
  'people who came more than seven days ago and after the snapshot, for the feed no longer has them; a new segment job counts everybody';
const ACTIVATING =
  'people to whom nothing has happened since the last publication, for the walk over all profiles is under way';

async function completeness(
  definition: SegmentDefinition,
  { sandbox, cut }: MembersCursor,
  now: number,
  { backfills }: MemberPorts,
): Promise<Pick<SegmentMembers, 'isComplete' | 'missing'>> {
  if (cut <= now - FEED_RETENTION_MS) return { isComplete: false, missing: FORGOTTEN };
  const { continuous } = evaluationInfoOf(definition, await backfills.find(sandbox));
  return continuous.state === 'activating' ? { isComplete: false, missing: ACTIVATING } : { isComplete: true };
}
