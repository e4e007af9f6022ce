/** `/system/jobs`: takes requests to erase somebody, and tells how far they are. The work is done by erase-profiles. */
import type {
  createSystemJob,
  deleteEntity,
  getSystemJob,
  listSystemJobs,
} from '#shared/api/operations/system-jobs.ts';
import { Problem } from '#shared/api/problem.ts';
import type { SystemJob, SystemJobList } from '#shared/api/system-jobs.ts';
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
  const { jobs, next = null } = await ports.jobs.list(sandbox, { after: query.start, limit: query.limit });
  const children = jobs.map((job) => resourceOf(job, ports));
  return { status: 200, body: { _page: { count: children.length, next }, children } satisfies SystemJobList };
}

export async function getJob(
  { sandbox, pathParameters }: OperationRequest<typeof getSystemJob>,
  ports: PrivacyPorts,
): Promise<HttpResponse> {
  const job = await ports.jobs.find(sandbox, pathParameters.id);
  if (job === undefined) throw new Problem('not-found', 'No job of this sandbox has this id.');
  return { status: 200, body: resourceOf(job, ports) };
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
