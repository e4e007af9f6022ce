/** An export as callers read it: its record, how far its parts are, and what it wrote. */
import type { ExportJobList, ExportJobResource } from '#shared/api/exports.ts';
import type { getExportFiles, getExportJob, listExportJobs } from '#shared/api/operations/exports.ts';
import { Problem } from '#shared/api/problem.ts';
import type { ExportRequest, ExportSpecification } from '#shared/batch/export-specification.ts';
import { executionName, isOpen, type Job, type JobKey } from '#shared/batch/job.ts';
import { readResult } from '#shared/batch/job-store.ts';
import { manifestName } from '#shared/export/manifest.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { DEFAULT_PURPOSE } from '#shared/profile/consent.ts';
import type { ExportPorts } from './ports.ts';

export const exportKey = (sandboxName: string, jobId: string): JobKey => ({ sandboxName, kind: 'export', jobId });

export async function findExport(
  sandbox: string,
  jobId: string,
  { jobs }: Pick<ExportPorts, 'jobs'>,
): Promise<Job & { readonly exported: ExportSpecification }> {
  const job = await jobs.find(exportKey(sandbox, jobId));
  if (job === undefined) throw new Problem('not-found', 'No export of this sandbox has this id.');
  return { ...job, exported: specificationOf(job) };
}

function specificationOf({ exported }: Job): ExportSpecification {
  invariant(exported, 'an export says what is exported');
  return exported;
}

export async function read(
  { sandbox, pathParameters }: OperationRequest<typeof getExportJob>,
  ports: ExportPorts,
): Promise<HttpResponse> {
  return { status: 200, body: await resourceOf(await findExport(sandbox, pathParameters.id, ports), ports) };
}

export async function list(
  { sandbox, query: { limit, offset, status } }: OperationRequest<typeof listExportJobs>,
  ports: ExportPorts,
): Promise<HttpResponse> {
  const jobs = (await ports.jobs.list(sandbox, 'export'))
    .filter((job) => status === undefined || job.status === status)
    .sort((left, right) => right.creationTime - left.creationTime || (left.jobId < right.jobId ? -1 : 1));
  const records = await Promise.all(jobs.slice(offset, offset + limit).map((job) => resourceOf(job, ports)));
  const next = new URLSearchParams({
    limit: String(limit),
    offset: String(offset + limit),
    ...(status && { status }),
  });
  const body: ExportJobList = {
    records,
    page: {
      ...{ sortField: 'creationTime', sort: 'desc' },
      ...{ pageOffset: String(offset), pageSize: records.length, totalCount: jobs.length },
    },
    link: offset + limit < jobs.length ? { next: `/data/core/ups/export/jobs?${next}` } : {},
  };
  return { status: 200, body };
}

export async function files(
  { sandbox, pathParameters }: OperationRequest<typeof getExportFiles>,
  ports: ExportPorts,
): Promise<HttpResponse> {
  const { status, exported } = await findExport(sandbox, pathParameters.id, ports);
  if (status !== 'SUCCEEDED') {
    throw new Problem('conflict', `The export is ${status}; it has files once it has SUCCEEDED.`);
  }
  const manifest = await ports.exports.read(manifestName(exported.folder));
  if (manifest === undefined) throw new Problem('not-found', 'The files of this export are kept no longer.');
  const content = JSON.parse(new TextDecoder().decode(manifest)) as object;
  return { status: 200, body: { ...content, location: `${ports.location}${exported.folder}` } };
}

export async function resourceOf(job: Job, ports: ExportPorts): Promise<ExportJobResource> {
  const { jobId, sandboxName, status, creationTime, updateTime, requestId, scheduleId } = job;
  const { request, folder } = specificationOf(job);
  const parts = await ports.jobs.progress(job);
  return {
    id: Number(jobId),
    jobType: 'BATCH',
    destination: {
      ...request.destination,
      segmentPerBatch: false,
      batchId: jobId,
      location: `${ports.location}${folder}`,
    },
    fields: request.fields ?? '',
    schema: { name: '_xdm.context.profile' },
    sandbox: { sandboxName, default: sandboxName === 'prod' },
    status,
    filter: filterOf(request),
    consentPurpose: request.consentPurpose ?? DEFAULT_PURPOSE,
    ...(request.mergePolicy && { mergePolicy: request.mergePolicy }),
    profileInstanceId: 'ups',
    errors: job.errors.map(({ code, msg }) => ({ code, msg, callStack: '' })),
    metrics: await metricsOf(job, ports),
    computeGatewayJobId: { exportJob: executionName(job) },
    ...{ creationTime, updateTime, requestId },
    progress: {
      profiles: parts.reduce((sum, { profiles }) => sum + profiles, 0),
      partsDone: parts.filter(({ isDone }) => isDone).length,
      ranges: job.ranges ?? null,
    },
    ...(scheduleId !== undefined && { scheduleId }),
  };
}

function filterOf({ filter = {} }: ExportRequest): ExportJobResource['filter'] {
  return structuredClone(filter) as ExportJobResource['filter'];
}

async function metricsOf(job: Job, { files: store, now }: ExportPorts): Promise<ExportJobResource['metrics']> {
  const { creationTime, endTime, segmentationStart, segmentationEnd, status } = job;
  const until = isOpen(job) ? now() : undefined;
  const written = status === 'SUCCEEDED' ? (await readResult(job, store))?.exported : undefined;
  return {
    totalTime: span(creationTime, endTime, until),
    ...(segmentationStart !== undefined && {
      profileExportTime: span(segmentationStart, segmentationEnd ?? endTime, until),
    }),
    ...(written && {
      ...{ exportedRows: written.rows, exportedFiles: written.files, exportedBytes: written.bytes },
      optedOutProfiles: written.optedOut ?? 0,
    }),
  };
}

const span = (start: number, end: number | undefined, now: number | undefined) => ({
  startTimeInMs: start,
  ...(end !== undefined && { endTimeInMs: end }),
  totalTimeInMs: Math.max(0, (end ?? now ?? start) - start),
});
