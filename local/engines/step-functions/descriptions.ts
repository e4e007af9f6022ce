/** State machines, executions and map runs in the service's own words. */
import type { ExecutionRecord } from './execution.ts';
import type { MapRun } from './map-run.ts';
import type { StateMachine } from './state-machines.ts';

const REDRIVABLE_MS = 14 * 86_400_000;
const REDRIVES_MAX = 1_000;

export function describeMachine({ arn, name, definition, roleArn, type, createdAt }: StateMachine): object {
  return {
    stateMachineArn: arn,
    name,
    status: 'ACTIVE',
    definition: JSON.stringify(definition),
    roleArn,
    type,
    creationDate: createdAt / 1000,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
  };
}

export function describeExecution(record: ExecutionRecord): object {
  const { output, error, cause, stoppedAt, redrivenAt, mapRunArn } = record;
  return {
    executionArn: record.arn,
    stateMachineArn: record.machineArn,
    name: record.name,
    status: record.status,
    startDate: record.startedAt / 1000,
    input: JSON.stringify(record.input),
    inputDetails: { included: true },
    redriveCount: record.redriveCount,
    ...redriveStatusOf(record),
    ...(stoppedAt !== undefined && { stopDate: stoppedAt / 1000 }),
    ...(output !== undefined && { output: JSON.stringify(output), outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...(redrivenAt !== undefined && { redriveDate: redrivenAt / 1000 }),
    ...(mapRunArn !== undefined && { mapRunArn }),
  };
}

interface RedriveStatus {
  readonly redriveStatus: 'REDRIVABLE' | 'NOT_REDRIVABLE' | 'REDRIVABLE_BY_MAP_RUN';
  readonly redriveStatusReason?: string;
}

export function redriveStatusOf(record: ExecutionRecord, now = Date.now()): RedriveStatus {
  const not = (redriveStatusReason: string): RedriveStatus => ({
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason,
  });
  const { status, stoppedAt = now, redriveCount } = record;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return not(`Execution is ${status} and cannot be redriven`);
  if (now - stoppedAt > REDRIVABLE_MS) return not('Execution redrivable period exceeded');
  if (redriveCount >= REDRIVES_MAX) return not('Execution has exceeded the maximum number of redrives');
  if (record.mapRunArn !== undefined) return { redriveStatus: 'REDRIVABLE_BY_MAP_RUN' };
  if (record.type === 'EXPRESS') return not('Express executions cannot be redriven');
  return { redriveStatus: 'REDRIVABLE' };
}

export function describeMapRun(run: MapRun): object {
  const { record } = run;
  return {
    mapRunArn: record.arn,
    executionArn: record.executionArn,
    status: record.status,
    startDate: record.startedAt / 1000,
    ...(record.stoppedAt !== undefined && { stopDate: record.stoppedAt / 1000 }),
    maxConcurrency: record.maxConcurrency,
    toleratedFailurePercentage: record.toleratedFailurePercentage,
    toleratedFailureCount: record.toleratedFailureCount,
    itemCounts: childCounts(run, ({ itemCount }) => itemCount),
    executionCounts: childCounts(run, () => 1),
    redriveCount: record.redriveCount,
    ...(record.redrivenAt !== undefined && { redriveDate: record.redrivenAt / 1000 }),
  };
}

function childCounts(run: MapRun, weight: (child: { readonly itemCount: number }) => number): object {
  const counts = { pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 };
  let total = 0;
  for (const child of run.record.children) {
    counts[COUNTED_AS[run.statusOf(child)]] += weight(child);
    total += weight(child);
  }
  return { ...counts, total, resultsWritten: 0, failuresNotRedrivable: 0, pendingRedrive: 0 };
}

const COUNTED_AS = {
  PENDING: 'pending',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
} as const;
