import type { bulkGetSegmentJobs, getSegmentJob, listSegmentJobs } from '#shared/api/operations/segment-jobs.ts';
import type { PropertyFilter, SegmentJobList, SegmentJobResource, SegmentJobsById } from '#shared/api/segment-jobs.ts';
import type { Job } from '#shared/batch/job.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { findJob, jobKey } from './find-job.ts';
import { resourceOf } from './job-resource.ts';
import type { JobPorts } from './ports.ts';

export async function getJob(
  { sandbox, pathParameters }: OperationRequest<typeof getSegmentJob>,
  ports: JobPorts,
): Promise<HttpResponse> {
  return { status: 200, body: await resourceOf(await findJob(sandbox, pathParameters.id, ports), ports) };
}

export async function bulkGetJobs(
  { sandbox, body }: OperationRequest<typeof bulkGetSegmentJobs>,
  ports: JobPorts,
): Promise<HttpResponse> {
  const ids = [...new Set(body.ids.map(({ id }) => id))];
  const found = await Promise.all(ids.map((id) => ports.jobs.find(jobKey(sandbox, id))));
  const resources = await resourcesOf(
    sandbox,
    found.filter((job) => job !== undefined),
    ports,
  );
  const results = Object.fromEntries(resources.map((resource) => [resource.id, resource]));
  const notFound = ids.filter((id) => !Object.hasOwn(results, id));
  return { status: 207, body: { results, notFound } satisfies SegmentJobsById };
}

function resourcesOf(sandbox: string, jobs: readonly Job[], ports: JobPorts): Promise<SegmentJobResource[]> {
  const rules = ports.rules.current(sandbox);
  return Promise.all(jobs.map((job) => resourceOf(job, ports, rules)));
}

type ListRequest = OperationRequest<typeof listSegmentJobs>;

export async function listJobs({ sandbox, query }: ListRequest, ports: JobPorts): Promise<HttpResponse> {
  const { start, limit, status, property } = query;
  const jobs = (await ports.jobs.list(sandbox, 'segment')).filter(
    (job) => status === undefined || job.status === status,
  );
  // A property may be of what a job found, which is read only for those that are shown.
  const shownFirst = property === undefined ? inOrder(jobs, query).slice(start, start + limit) : inOrder(jobs, query);
  const resources = await resourcesOf(sandbox, shownFirst, ports);
  const matching = property === undefined ? resources : resources.filter((each) => matches(each, property));
  const children = property === undefined ? matching : matching.slice(start, start + limit);
  const totalCount = property === undefined ? jobs.length : matching.length;
  const body: SegmentJobList = {
    _page: { totalCount, pageSize: children.length },
    children,
    _links: start + limit < totalCount ? { next: { href: nextPage(query) } } : {},
  };
  return { status: 200, body };
}

function inOrder<Listed extends { readonly jobId: string; readonly creationTime: number }>(
  jobs: readonly Listed[],
  { sort: { field, order } }: ListRequest['query'],
): readonly Listed[] {
  const sign = order === 'asc' ? 1 : -1;
  const fieldOf = (job: Listed) => (field === 'id' ? job.jobId : (job as Record<string, unknown>)[field]) as string;
  const compare = (left: string, right: string) => (left === right ? 0 : left < right ? -1 : 1);
  return [...jobs].sort(
    (left, right) => sign * compare(fieldOf(left), fieldOf(right)) || compare(left.jobId, right.jobId),
  );
}

function matches(resource: SegmentJobResource, { path, key, value }: PropertyFilter): boolean {
  let found: unknown = resource;
  for (const name of path) found = (found as Record<string, unknown> | undefined)?.[name];
  if (key === undefined) return String(found) === value;
  return Array.isArray(found) && found.some((entry) => String((entry as Record<string, unknown>)[key]) === value);
}

function nextPage({ start, limit, status, sort, property }: ListRequest['query']): string {
  const next = new URLSearchParams({ start: String(start + limit), limit: String(limit) });
  next.set('sort', `${sort.field}:${sort.order}`);
  if (status !== undefined) next.set('status', status);
  if (property !== undefined) {
    next.set('property', `${property.path.join('.')}${property.key ? `~${property.key}` : ''}==${property.value}`);
  }
  return `/data/core/ups/segment/jobs?${next}`;
}
