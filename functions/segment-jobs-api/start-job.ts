/** A new job, and one that goes on: the record first, so that a process which dies here leaves something to go on with. */
import type { createSegmentJob, redriveSegmentJob } from '#shared/api/operations/segment-jobs.ts';
import { Problem } from '#shared/api/problem.ts';
import { JOBS_OPEN_MAX } from '#shared/api/segment-jobs.ts';
import { isOpen, type Job, mayBecome, newJob } from '#shared/batch/job.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { findJob, jobKey } from './find-job.ts';
import { resourceOf } from './job-resource.ts';
import type { JobPorts } from './ports.ts';

export async function createJob(
  { sandbox, body, requestId }: OperationRequest<typeof createSegmentJob>,
  ports: JobPorts,
): Promise<HttpResponse> {
  const { segments } = Array.isArray(body) ? { segments: body } : body;
  const segmentIds = await wantedSegments(sandbox, [...new Set(segments.map(({ segmentId }) => segmentId))], ports);
  await requireRoom(sandbox, ports);
  const job = newJob(jobKey(sandbox, ports.newId()), { segmentIds, requestId, now: ports.now() });
  if (!(await ports.jobs.create(job))) throw new Problem('conflict', 'The id of the job is taken. Try again.');
  await ports.executions.start(job);
  const queued = await becomeQueued(job, ports);
  return { status: 200, body: await resourceOf(queued, ports) };
}

export async function redriveJob(
  { sandbox, pathParameters }: OperationRequest<typeof redriveSegmentJob>,
  ports: JobPorts,
): Promise<HttpResponse> {
  const job = await findJob(sandbox, pathParameters.id, ports);
  if (!mayBecome(job.status, 'QUEUED') || isOpen(job)) {
    throw new Problem('conflict', `The job is ${job.status}; only one that FAILED or was CANCELLED can go on.`);
  }
  await requireRoom(sandbox, ports);
  const { endTime: _, ...kept } = job;
  const again: Job = {
    ...kept,
    status: 'QUEUED',
    attempt: job.attempt + 1,
    errors: [],
    updateTime: ports.now(),
    revision: job.revision + 1,
  };
  if (!(await ports.jobs.update(job, again))) throw new Problem('conflict', 'Somebody else changed the job just now.');
  await ports.executions.start(again);
  return { status: 200, body: await resourceOf(again, ports) };
}

async function wantedSegments(
  sandbox: string,
  segmentIds: readonly string[],
  { rules }: JobPorts,
): Promise<Job['segmentIds']> {
  if (segmentIds.includes('*')) return '*';
  const { artifact } = await rules.current(sandbox);
  const published = new Set(artifact.definitions.map(({ id }) => id));
  const unknown = segmentIds.filter((id) => !published.has(id));
  if (unknown.length === 0) return segmentIds;
  throw new Problem('not-found', `No published definition of this sandbox has the id ${unknown.join(', ')}.`);
}

async function requireRoom(sandbox: string, { jobs }: JobPorts): Promise<void> {
  // Those of schedules have room of their own.
  const started = (await jobs.list(sandbox, 'segment')).filter(({ scheduleId }) => scheduleId === undefined);
  const open = started.filter(isOpen);
  if (open.length < JOBS_OPEN_MAX) return;
  throw new Problem('too-many-jobs', `${open.length} segment jobs are not over yet; at most ${JOBS_OPEN_MAX} may be.`);
}

/** It may have begun already. */
async function becomeQueued(job: Job, { jobs, now }: JobPorts): Promise<Job> {
  const queued = { ...job, status: 'QUEUED', updateTime: now(), revision: job.revision + 1 } as const;
  return (await jobs.update(job, queued)) ? queued : ((await jobs.find(job)) ?? job);
}
