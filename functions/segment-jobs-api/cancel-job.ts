import type { cancelSegmentJob } from '#shared/api/operations/segment-jobs.ts';
import { Problem } from '#shared/api/problem.ts';
import { mayBecome } from '#shared/batch/job.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { findJob } from './find-job.ts';
import type { JobPorts } from './ports.ts';

const ATTEMPTS_MAX = 8;

/** Its processes see it at their next page, and the last step says that it is cancelled. */
export async function cancelJob(
  { sandbox, pathParameters }: OperationRequest<typeof cancelSegmentJob>,
  { jobs, now }: JobPorts,
): Promise<HttpResponse> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const job = await findJob(sandbox, pathParameters.id, { jobs });
    if (!mayBecome(job.status, 'CANCELLING')) return { status: 204 };
    const after = { ...job, status: 'CANCELLING', updateTime: now(), revision: job.revision + 1 } as const;
    if (await jobs.update(job, after)) return { status: 204 };
  }
  throw new Problem('unavailable', 'The job keeps changing; it was not cancelled. Try again.');
}
