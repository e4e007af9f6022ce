/** `/audiences/{id}/uploads`: who belongs to an audience that others decide. */
import { createAudienceUpload, getAudienceUpload, listAudienceUploads } from '#shared/api/operations/uploads.ts';
import { Problem } from '#shared/api/problem.ts';
import type { UploadResource } from '#shared/api/uploads.ts';
import { readUploadRows } from '#shared/audience/upload-rows.ts';
import { isOpen, type Job, type JobKey, newJob } from '#shared/batch/job.ts';
import { folderOf, readResult } from '#shared/batch/job-store.ts';
import type { UploadedMembers } from '#shared/batch/upload-specification.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import { type OperationRequest, operationRouter } from '#shared/lambda/operation-router.ts';
import type { UploadPorts } from './ports.ts';

export const uploadsApi = (ports: UploadPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listAudienceUploads, list],
      [createAudienceUpload, create],
      [getAudienceUpload, read],
    ],
    ports,
    guard,
  );

const keyOf = (sandboxName: string, jobId: string): JobKey => ({ sandboxName, kind: 'upload', jobId });

async function create(
  { sandbox, pathParameters, body, requestId }: OperationRequest<typeof createAudienceUpload>,
  ports: UploadPorts,
): Promise<HttpResponse> {
  const audienceId = pathParameters.id;
  await requireExternal(sandbox, audienceId, ports);
  const earlier = await uploadsOf(sandbox, audienceId, ports);
  requireNoneOpen(earlier);
  // Clocks differ; the order of uploads does not.
  const at = Math.max(ports.now(), ...earlier.map(({ upload }) => (upload?.at ?? 0) + 1));
  const members = membersIn(body, at);
  const key = keyOf(sandbox, ports.newId());
  const content: UploadedMembers = {
    format: 1,
    namespace: body.identity.namespace,
    members: Object.fromEntries(members),
  };
  const file = `${folderOf(key)}/members.json`;
  await ports.files.put(file, content);
  const upload = { audienceId, namespace: body.identity.namespace, file, rows: members.size, at };
  const job: Job = { ...newJob(key, { segmentIds: [audienceId], requestId, now: at }), upload };
  if (!(await ports.jobs.create(job))) throw new Problem('conflict', 'The id of the upload is taken. Try again.');
  await giveWay(job, audienceId, ports);
  await ports.executions.start(job);
  return { status: 201, body: await resourceOf(job, ports), change: { id: audienceId, note: `upload ${key.jobId}` } };
}

/** Of two under way at once nobody could say whose absence counts. */
function requireNoneOpen(uploads: readonly Job[]): void {
  const open = uploads.find(isOpen);
  if (open === undefined) return;
  throw new Problem('conflict', `The upload ${open.jobId} is ${open.status}: one at a time for an audience.`);
}

/** Of two that were made at the same moment at least one sees the other. */
async function giveWay(job: Job, audienceId: string, ports: UploadPorts): Promise<void> {
  const others = (await uploadsOf(job.sandboxName, audienceId, ports)).filter(({ jobId }) => jobId !== job.jobId);
  if (!others.some(isOpen)) return;
  const errors = [{ code: 'another-upload', msg: 'another upload of the audience was made at the same moment' }];
  const at = ports.now();
  await ports.jobs.update(job, { ...job, status: 'FAILED', errors, updateTime: at, endTime: at, revision: 2 });
  requireNoneOpen(others);
}

const uploadsOf = async (sandbox: string, audienceId: string, { jobs }: Pick<UploadPorts, 'jobs'>) =>
  (await jobs.list(sandbox, 'upload')).filter(({ upload }) => upload?.audienceId === audienceId);

async function requireExternal(sandbox: string, id: string, { rules }: UploadPorts): Promise<void> {
  const { definitions } = (await rules.current(sandbox)).artifact;
  const audience = definitions.find((definition) => definition.id === id);
  if (audience === undefined) throw new Problem('not-found', 'No published audience of this sandbox has this id.');
  if (audience.kind === 'external') return;
  throw new Problem('conflict', `"${audience.name}" is decided by its expression; nobody can be uploaded to it.`);
}

function membersIn(
  { csv, identity, validUntilColumn, ttlInDays }: OperationRequest<typeof createAudienceUpload>['body'],
  at: number,
): ReadonlyMap<string, number> {
  const columns = { identity: identity.column, validUntil: validUntilColumn, ttlInDays };
  const rows = readUploadRows(csv, columns, at);
  if (rows.ok) return rows.value;
  const mistakes = rows.error.map(({ line, message }) => ({ pointer: '/csv', message: `line ${line} ${message}` }));
  throw new Problem('invalid-request', 'The file has mistakes, and nothing of it was taken.', { mistakes });
}

async function read(
  { sandbox, pathParameters }: OperationRequest<typeof getAudienceUpload>,
  ports: UploadPorts,
): Promise<HttpResponse> {
  const job = await ports.jobs.find(keyOf(sandbox, pathParameters.uploadId));
  if (job?.upload?.audienceId !== pathParameters.id) {
    throw new Problem('not-found', 'No upload of this audience has this id.');
  }
  return { status: 200, body: await resourceOf(job, ports) };
}

async function list(
  { sandbox, pathParameters }: OperationRequest<typeof listAudienceUploads>,
  ports: UploadPorts,
): Promise<HttpResponse> {
  await requireExternal(sandbox, pathParameters.id, ports);
  const jobs = (await uploadsOf(sandbox, pathParameters.id, ports)).sort(
    (left, right) => (right.upload?.at ?? 0) - (left.upload?.at ?? 0),
  );
  return { status: 200, body: { uploads: await Promise.all(jobs.map((job) => resourceOf(job, ports))) } };
}

async function resourceOf(job: Job, { jobs, files }: UploadPorts): Promise<UploadResource> {
  const { jobId, status, upload, errors, creationTime, updateTime } = job;
  invariant(upload, 'an upload says what is uploaded');
  const parts = await jobs.progress(job);
  const matched = status === 'SUCCEEDED' ? (await readResult(job, files))?.matched : undefined;
  return {
    id: jobId,
    audienceId: upload.audienceId,
    status,
    namespace: upload.namespace,
    rows: upload.rows,
    ...(matched !== undefined && { matched, unknown: upload.rows - matched }),
    errors: errors.map(({ code, msg }) => ({ code, msg })),
    ...{ creationTime, updateTime },
    progress: {
      profiles: parts.reduce((sum, { profiles }) => sum + profiles, 0),
      partsDone: parts.filter(({ isDone }) => isDone).length,
      ranges: job.ranges ?? null,
    },
  };
}
