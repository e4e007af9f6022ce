/** A new export, one that goes on, and one that is given up: the record first, so that what dies here can be gone on with. */
import { EXPORTS_OPEN_MAX } from '#shared/api/exports.ts';
import type { createExportJob, deleteExportJob, redriveExportJob } from '#shared/api/operations/exports.ts';
import { Problem } from '#shared/api/problem.ts';
import { isOpen, type Job, mayBecome, newJob } from '#shared/batch/job.ts';
import { type SettledExport, settleExport } from '#shared/export/settle-export.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import type { ExportPorts } from './ports.ts';
import { exportKey, findExport, resourceOf } from './read-exports.ts';

const ATTEMPTS_MAX = 8;

export async function create(
  request: OperationRequest<typeof createExportJob>,
  ports: ExportPorts,
): Promise<HttpResponse> {
  const { sandbox, requestId } = request;
  const jobId = String(ports.newId());
  const { specification, segmentIds } = await settled(request, jobId, ports);
  await requireRoom(sandbox, ports);
  const made = newJob(exportKey(sandbox, jobId), { segmentIds, requestId, now: ports.now() });
  const job: Job = { ...made, exported: specification };
  if (!(await ports.jobs.create(job))) throw new Problem('conflict', 'The id of the export is taken. Try again.');
  await ports.executions.start(job);
  const queued = { ...job, status: 'QUEUED', updateTime: ports.now(), revision: job.revision + 1 } as const;
  // It may have begun already.
  const current = (await ports.jobs.update(job, queued)) ? queued : ((await ports.jobs.find(job)) ?? job);
  return { status: 200, body: await resourceOf(current, ports), change: { id: jobId, after: specification.request } };
}

async function settled(
  { sandbox, body }: OperationRequest<typeof createExportJob>,
  jobId: string,
  { rules, schemas }: ExportPorts,
): Promise<SettledExport> {
  const [current, extensions] = await Promise.all([rules.current(sandbox), schemas.find(sandbox)]);
  const { schema: _, additionalFields: ___, destination, ...asked } = body;
  const { segmentPerBatch: __, ...place } = destination;
  const request = { ...asked, destination: place };
  const settling = { request, sandboxName: sandbox, jobId, rules: current, extensions: extensionsOf(extensions) };
  const result = settleExport(settling);
  if (result.ok) return result.value;
  throw new Problem('invalid-request', 'The export can not be made as it is asked for.', { mistakes: result.error });
}

export async function redrive(
  { sandbox, pathParameters }: OperationRequest<typeof redriveExportJob>,
  ports: ExportPorts,
): Promise<HttpResponse> {
  const job = await findExport(sandbox, pathParameters.id, ports);
  if (!mayBecome(job.status, 'QUEUED') || isOpen(job)) {
    throw new Problem('conflict', `The export is ${job.status}; only one that FAILED or was CANCELLED can go on.`);
  }
  await requireRoom(sandbox, ports);
  const { endTime: _, ...kept } = job;
  const attempt = { attempt: job.attempt + 1, errors: [], updateTime: ports.now(), revision: job.revision + 1 };
  const again: Job = { ...kept, status: 'QUEUED', ...attempt };
  if (!(await ports.jobs.update(job, again))) throw new Problem('conflict', 'Somebody else changed it just now.');
  await ports.executions.start(again);
  return { status: 200, body: await resourceOf(again, ports) };
}

/** Its processes see it at their next page, and the last step says that it is cancelled. */
export async function cancel(
  { sandbox, pathParameters }: OperationRequest<typeof deleteExportJob>,
  ports: ExportPorts,
): Promise<HttpResponse> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const job = await findExport(sandbox, pathParameters.id, ports);
    if (!mayBecome(job.status, 'CANCELLING')) {
      const message = `The export is ${job.status} and stays so.`;
      return { status: 200, body: { status: job.status === 'CANCELLING', message } };
    }
    const after = { ...job, status: 'CANCELLING', updateTime: ports.now(), revision: job.revision + 1 } as const;
    const body = { status: true, message: 'The export is being cancelled.' };
    if (await ports.jobs.update(job, after)) return { status: 200, body };
  }
  throw new Problem('unavailable', 'The export keeps changing; it was not cancelled. Try again.');
}

async function requireRoom(sandbox: string, { jobs }: ExportPorts): Promise<void> {
  const open = (await jobs.list(sandbox, 'export')).filter((job) => isOpen(job) && job.scheduleId === undefined);
  if (open.length < EXPORTS_OPEN_MAX) return;
  throw new Problem('too-many-jobs', `${open.length} exports are not over yet; at most ${EXPORTS_OPEN_MAX} may be.`);
}
