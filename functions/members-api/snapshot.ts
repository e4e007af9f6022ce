/** The newest snapshot of a definition's members, and who of it a page looks at. */
import type { Job } from '#shared/batch/job.ts';
import { readResult } from '#shared/batch/job-store.ts';
import { type MembersPage, membersIn } from '#shared/batch/members.ts';
import type { SnapshotCursor } from './members-cursor.ts';
import type { MemberPorts } from './ports.ts';

export interface Snapshot {
  readonly jobId: string;
  readonly asOf: number;
}

/** Of jobs that are kept: see DynamoJobStore. */
export async function newestSnapshot(
  sandboxName: string,
  segmentId: string,
  { jobs, files }: Pick<MemberPorts, 'jobs' | 'files'>,
): Promise<Snapshot | undefined> {
  const succeeded = (await jobs.list(sandboxName, 'segment')).filter(isOver);
  for (const job of succeeded.sort((left, right) => right.asOf - left.asOf)) {
    if (job.segmentIds !== '*' && !job.segmentIds.includes(segmentId)) continue;
    // A job of all definitions may be older than this one.
    const result = await readResult(job, files);
    if (result !== undefined && Object.values(result.segmentIds).includes(segmentId)) return job;
  }
  return undefined;
}

const isOver = (job: Job): job is Job & { readonly asOf: number } =>
  job.status === 'SUCCEEDED' && job.asOf !== undefined;

export interface SnapshotPart {
  readonly profileIds: readonly string[];
  /** Undefined at the end of the snapshot. */
  readonly next: SnapshotCursor | undefined;
}

/** Objects that one request reads at most: few of a large sandbox may hold a member. */
const FILES_MAX = 8;

export async function readSnapshot(
  cursor: SnapshotCursor,
  limit: number,
  { files }: Pick<MemberPorts, 'files'>,
): Promise<SnapshotPart> {
  const { sandbox: sandboxName, jobId, segmentId } = cursor;
  if (jobId === null) return { profileIds: [], next: undefined };
  const result = await readResult({ sandboxName, kind: 'segment', jobId }, files);
  const names = result?.totals.members ?? [];
  const ordinal = Number(Object.entries(result?.segmentIds ?? {}).find(([, id]) => id === segmentId)?.[0]);
  const profileIds: string[] = [];
  let { file, member } = cursor;
  for (let read = 0; read < FILES_MAX && file < names.length; read++) {
    const page = (await files.read(names[file] as string)) as MembersPage | undefined;
    const members = page === undefined ? [] : membersIn(page, ordinal);
    const taken = members.slice(member, member + limit - profileIds.length);
    profileIds.push(...taken);
    if (member + taken.length < members.length)
      return { profileIds, next: { ...cursor, file, member: member + taken.length } };
    file += 1;
    member = 0;
    if (profileIds.length === limit) break;
  }
  return { profileIds, next: file < names.length ? { ...cursor, file, member } : undefined };
}
