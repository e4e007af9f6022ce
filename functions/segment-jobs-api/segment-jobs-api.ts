/** `/segment/jobs`: which behaviour answers which operation. */
import {
  bulkGetSegmentJobs,
  cancelSegmentJob,
  createSegmentJob,
  getSegmentJob,
  getSegmentTrend,
  listSegmentJobs,
  redriveSegmentJob,
} from '#shared/api/operations/segment-jobs.ts';
import type { ChangeGuard } from '#shared/lambda/change-guard.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { cancelJob } from './cancel-job.ts';
import type { JobPorts } from './ports.ts';
import { bulkGetJobs, getJob, listJobs } from './read-jobs.ts';
import { readTrend } from './read-trend.ts';
import { createJob, redriveJob } from './start-job.ts';

export const segmentJobsApi = (ports: JobPorts, guard: ChangeGuard) =>
  operationRouter(
    [
      [listSegmentJobs, listJobs],
      [createSegmentJob, createJob],
      [getSegmentJob, getJob],
      [cancelSegmentJob, cancelJob],
      [bulkGetSegmentJobs, bulkGetJobs],
      [redriveSegmentJob, redriveJob],
      [getSegmentTrend, readTrend],
    ],
    ports,
    guard,
  );
