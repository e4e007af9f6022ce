/**
 * `/system/jobs`: takes requests to erase somebody, and tells how far they are, and how far the identity graph is rebuilt.
 * The work is done by erase-profiles, and by the walk after a publish.
 */
import type {
  createSystemJob,
  deleteEntity,
  getSystemJob,
  listSystemJobs,
} from '#shared/api/operations/system-jobs.ts';
import { Problem } from '#shared/api/problem.ts';
import type { GraphRebuildJob, SystemJob, SystemJobList } from '#shared/api/system-jobs.ts';
import type { Backfill } from '#shared/batch/backfill.ts';
import { type GraphRebuild, rebuildProgress } from '#shared/batch/graph-rebuild.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { ErasureJob } from '#shared/privacy/erasure-job.ts';
import { type ErasureCall, newErasure } from '#shared/privacy/new-erasure.ts';
import { agesOut, KEPT } from '#shared/privacy/receipt.ts';
import type { PrivacyPorts } from './ports.ts';

export async function createJob(
  { sandbox, subject, body }: OperationRequest<typeof createSystemJob>,
  ports: PrivacyPorts,
): Promise<HttpResponse> {
  const identities = body.identities.map((identity) => ({ ...identity, primary: false }));
  return take({ sandboxName: sandbox, identities, requestedBy: subject, reason: body.reason }, ports);
}

/** Nobody is told whether there is such a person: what comes late under the identity is blocked in any case. */
export async function deleteOne(
  { sandbox, subject, query }: OperationRequest<typeof deleteEntity>,
  ports: PrivacyPorts,
): Promise<HttpResponse> {
  const identity = { namespace: query.entityIdNS, id: query.entityId, primary: false };
  return take({ sandboxName: sandbox, identities: [identity], requestedBy: subject }, ports);
}

async function take(call: ErasureCall, ports: PrivacyPorts): Promise<HttpResponse> {
  const job = newErasure(call, { jobId: ports.newJobId(), now: ports.now() });
  if (!(await ports.jobs.create(job))) throw new Problem('unavailable', 'The job could not be written. Call again.');
  return { status: 202, body: resourceOf(job, ports), change: { id: job.jobId } };
}

export async function listJobs(
  { sandbox, query }: OperationRequest<typeof listSystemJobs>,
  ports: PrivacyPorts,
): Promise<HttpResponse> {
  const { limit } = query;
  const page = { after: query.start, limit: limit + 1 };
  const [{ jobs }, rebuilds, walk] = await Promise.all([
    ports.jobs.list(sandbox, page),
    ports.rebuilds.list(sandbox, page),
    ports.backfills.find(sandbox),
  ]);
  const all = [...jobs.map((job) => resourceOf(job, ports)), ...rebuilds.map((job) => rebuildOf(job, walk))];
  const newestFirst = all.sort((left, right) => (left.id < right.id ? 1 : -1));
  const children = newestFirst.slice(0, limit);
  const next = newestFirst.length > limit ? (children.at(-1)?.id ?? null) : null;
  return { status: 200, body: { _page: { count: children.length, next }, children } satisfies SystemJobList };
}

export async function getJob(
  { sandbox, pathParameters }: OperationRequest<typeof getSystemJob>,
  ports: PrivacyPorts,
): Promise<HttpResponse> {
  const job = await ports.jobs.find(sandbox, pathParameters.id);
  if (job !== undefined) return { status: 200, body: resourceOf(job, ports) };
  const rebuild = await ports.rebuilds.find(sandbox, pathParameters.id);
  if (rebuild === undefined) throw new Problem('not-found', 'No job of this sandbox has this id.');
  return { status: 200, body: rebuildOf(rebuild, await ports.backfills.find(sandbox)) };
}

function rebuildOf(rebuild: GraphRebuild, walk: Backfill | undefined): GraphRebuildJob {
  const { jobId, identityGraph, rulesVersion, requestedBy, requestedAt } = rebuild;
  const { status, ...progress } = rebuildProgress(rebuild, walk);
  return {
    id: jobId,
    ...{ jobType: 'REBUILD', action: 'rebuild_identity_graph', status },
    createEpoch: seconds(requestedAt),
    ...{ requestedBy, identityGraph: { type: identityGraph }, rulesVersion, progress },
  };
}

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

function resourceOf(job: ErasureJob, { kept }: PrivacyPorts): SystemJob {
  const { jobId, status, requestedAt, updatedAt, requestedBy, reason, namespaces, step, trouble, completedAt } = job;
  return {
    id: jobId,
    jobType: 'DELETE',
    action: 'delete_identity',
    status,
    createEpoch: seconds(requestedAt),
    updateEpoch: seconds(updatedAt),
    requestedBy,
    ...(reason !== undefined && { reason }),
    namespaces,
    step,
    ...(trouble !== undefined && { trouble }),
    ...(completedAt !== undefined && { receipt: receiptOf(job, completedAt, kept) }),
  };
}

const receiptOf = ({ profiles, removed }: ErasureJob, completedAt: number, kept: PrivacyPorts['kept']) => ({
  completedAt: new Date(completedAt).toISOString(),
  profiles,
  removed,
  kept: KEPT.map((place) => ({ ...place })),
  agesOut: agesOut(completedAt, kept),
});
