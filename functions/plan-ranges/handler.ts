import middy from '@middy/core';
import { DynamoControlStore } from '#shared/aws/dynamodb-control-store.ts';
import { DynamoJobStore } from '#shared/aws/dynamodb-job-store.ts';
import { DynamoProfileRanges } from '#shared/aws/dynamodb-profile-ranges.ts';
import { S3JobFiles } from '#shared/aws/s3-job-files.ts';
import { S3RulesArtifactStore } from '#shared/aws/s3-rules-artifact-store.ts';
import type { JobRun } from '#shared/batch/job.ts';
import { readEnv } from '#shared/lambda/env.ts';
import { CachedRulesStore } from '#shared/segment/cached-rules-store.ts';
import { env } from './env.ts';
import { type PlanOutput, type PlanPorts, planRanges } from './plan-ranges.ts';

const { PROFILES_TABLE, CONTROL_TABLE, BUCKET_NAME } = readEnv(env);
const now = () => Date.now();

const ports: PlanPorts = {
  jobs: new DynamoJobStore(CONTROL_TABLE, now),
  files: new S3JobFiles(BUCKET_NAME),
  rules: new CachedRulesStore(new DynamoControlStore(CONTROL_TABLE), new S3RulesArtifactStore(BUCKET_NAME)),
  ranges: new DynamoProfileRanges(PROFILES_TABLE),
  now,
};

export const handler = middy<JobRun, PlanOutput>().handler((run: JobRun) => planRanges(run, ports));
