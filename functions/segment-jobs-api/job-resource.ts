/** A job as callers read it: its record, how far its parts are, and what it counted. */
import type { SegmentJobMetrics, SegmentJobResource } from '#shared/api/segment-jobs.ts';
import { executionName, isOpen, type Job } from '#shared/batch/job.ts';
import { type JobResult, readResult } from '#shared/batch/job-store.ts';
import type { DefinitionTally } from '#shared/batch/tally.ts';
import type { PublishedDefinition, RulesArtifact } from '#shared/segment/rules.ts';
import { BUILT_IN_POLICY_ID } from '#shared/segment/rules-policies.ts';
import type { JobPorts } from './ports.ts';

/** Whoever shows several jobs of a sandbox reads its rules once. */
export async function resourceOf(
  job: Job,
  { jobs, files, rules, now }: JobPorts,
  current = rules.current(job.sandboxName),
): Promise<SegmentJobResource> {
  const { jobId, sandboxName, status, attempt, creationTime, updateTime, requestId } = job;
  const [parts, result, { artifact }] = await Promise.all([
    jobs.progress(job),
    status === 'SUCCEEDED' ? readResult(job, files) : undefined,
    current,
  ]);
  const href = `/data/core/ups/segment/jobs/${jobId}`;
  const isDefault = sandboxName === 'prod';
  return {
    id: jobId,
    sandbox: {
      sandboxId: sandboxName,
      sandboxName,
      type: isDefault ? 'production' : 'development',
      default: isDefault,
    },
    profileInstanceId: 'ups',
    source: job.scheduleId === undefined ? 'api' : 'scheduler',
    status,
    batchId: jobId,
    computeJobId: attempt,
    computeGatewayJobId: executionName(job),
    creationTime,
    updateTime,
    updateEpoch: Math.floor(updateTime / 1000),
    segments: segmentsOf(job, artifact),
    errors: job.errors.map(({ code, msg }) => ({ code, msg, callStack: '' })),
    metrics: { ...timesOf(job, now()), ...(result && countersOf(result, artifact)) },
    requestId,
    properties: {
      progress: {
        profiles: parts.reduce((sum, { profiles }) => sum + profiles, 0),
        partsDone: parts.filter(({ isDone }) => isDone).length,
        ranges: job.ranges ?? null,
      },
      ...(job.scheduleId !== undefined && { scheduleId: job.scheduleId }),
    },
    schema: { name: '_xdm.context.profile' },
    modelName: '_xdm.context.profile',
    _links: { self: { href }, cancel: { href, method: 'DELETE' }, checkStatus: { href, method: 'GET' } },
  };
}

function segmentsOf({ segmentIds }: Job, artifact: RulesArtifact): SegmentJobResource['segments'] {
  if (segmentIds === '*') return [{ segmentId: '*' }];
  const byId = new Map(artifact.definitions.map((definition) => [definition.id, definition]));
  return segmentIds.map((segmentId) => {
    const definition = byId.get(segmentId);
    return { segmentId, ...(definition && { segment: evaluatedSegment(definition, artifact) }) };
  });
}

function evaluatedSegment(definition: PublishedDefinition, artifact: RulesArtifact) {
  const { id, expression } = definition;
  const mergePolicyId = policyOf(definition, artifact);
  const written = { type: 'PQL', format: 'pql/text', value: expression } as const;
  return { id, expression: written, mergePolicyId, mergePolicy: { id: mergePolicyId } };
}

const policyOf = ({ mergePolicyId }: PublishedDefinition, { defaultMergePolicyId }: RulesArtifact): string =>
  mergePolicyId ?? defaultMergePolicyId ?? BUILT_IN_POLICY_ID;

/** Every profile is merged by each of them, for the definitions that go by it. */
function policiesOf({ segmentIds }: JobResult, artifact: RulesArtifact): readonly string[] {
  const counted = new Set(Object.values(segmentIds));
  const definitions = artifact.definitions.filter(({ id }) => counted.has(id));
  return [...new Set(definitions.map((definition) => policyOf(definition, artifact)))];
}

function timesOf(job: Job, now: number): Pick<SegmentJobMetrics, 'totalTime' | 'profileSegmentationTime'> {
  const { creationTime, endTime, segmentationStart, segmentationEnd } = job;
  const until = isOpen(job) ? now : undefined;
  return {
    totalTime: span(creationTime, endTime, until),
    ...(segmentationStart !== undefined && {
      profileSegmentationTime: span(segmentationStart, segmentationEnd ?? endTime, until),
    }),
  };
}

function span(start: number, end: number | undefined, now: number | undefined): SegmentJobMetrics['totalTime'] {
  return {
    startTimeInMs: start,
    ...(end !== undefined && { endTimeInMs: end }),
    totalTimeInMs: Math.max(0, (end ?? now ?? start) - start),
  };
}

/** A definition that nobody is in has counters of 0. */
function countersOf(
  result: JobResult,
  artifact: RulesArtifact,
): Omit<SegmentJobMetrics, 'totalTime' | 'profileSegmentationTime'> {
  const { totals, segmentIds } = result;
  const { profiles, drifted, drifts, behind, parked, failed, definitions } = totals;
  const of = <Value>(value: (tally: DefinitionTally | undefined) => Value): Record<string, Value> =>
    Object.fromEntries(Object.entries(segmentIds).map(([ordinal, id]) => [id, value(definitions[ordinal])]));
  return {
    totalProfiles: profiles,
    totalProfilesByMergePolicy: Object.fromEntries(policiesOf(result, artifact).map((id) => [id, profiles])),
    segmentedProfileCounter: of((tally) => (tally?.realized ?? 0) + (tally?.existing ?? 0)),
    segmentedProfileByNamespaceCounter: of((tally) => tally?.byNamespace ?? {}),
    segmentedProfileByStatusCounter: of((tally) => ({
      realized: tally?.realized ?? 0,
      existing: tally?.existing ?? 0,
      exited: tally?.exited ?? 0,
    })),
    costByDefinition: of((tally) => costOf(tally, profiles)),
    drift: { profiles: drifted, memberships: drifts },
    behind,
    parked,
    failed,
  };
}

function costOf(tally: DefinitionTally | undefined, profiles: number) {
  const nanoseconds = tally === undefined || tally.timed === 0 ? 0 : tally.timedNs / tally.timed;
  return { nanosecondsPerProfile: Math.round(nanoseconds), totalTimeInMs: Math.round((nanoseconds * profiles) / 1e6) };
}
