/** The last step of a job, however it went: adds up what its parts found, and says what became of it. */
import { type Backfill, type BackfillStore, passedThrough } from '#shared/batch/backfill.ts';
import type { ExportedFile } from '#shared/batch/export-specification.ts';
import { isOpen, type Job, type JobError, type JobKey, type JobRun, type JobStatus } from '#shared/batch/job.ts';
import {
  type DonePart,
  type JobFiles,
  type JobResult,
  type JobStore,
  keepResult,
  readSlice,
} from '#shared/batch/job-store.ts';
import { type JobPlan, readPlan } from '#shared/batch/plan.ts';
import type { SizeStore } from '#shared/batch/sizes.ts';
import { type Slice, Sum, type Totals } from '#shared/batch/tally.ts';
import type { ExportFiles } from '#shared/export/export-files.ts';
import { eachOf } from '#shared/kernel/concurrency.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import { closeExport } from './close-export.ts';

export interface FinishPorts {
  readonly jobs: Pick<JobStore, 'find' | 'findPart' | 'update'>;
  readonly files: JobFiles;
  readonly rules: RulesStore;
  readonly backfills: BackfillStore;
  readonly exports: ExportFiles;
  readonly sizes: Pick<SizeStore, 'keep'>;
  readonly now: () => number;
}

export interface FinishInput extends JobRun {
  /** What Step Functions says of a step that failed for good. */
  readonly failure?: { readonly Error?: string; readonly Cause?: string };
}

export interface FinishOutput {
  readonly status: JobStatus;
}

const RANGES_AT_ONCE = 20;
const REASON_LENGTH_MAX = 1_000;

export async function finishJob({ failure, ...run }: FinishInput, ports: FinishPorts): Promise<FinishOutput> {
  const job = await ports.jobs.find(run);
  invariant(job, `there is no job ${run.jobId}`);
  if (!isOpen(job) || job.attempt !== run.attempt) return { status: job.status };
  const end = await endOf(job, failure, ports);
  const now = ports.now();
  const after: Job = { ...job, ...end, updateTime: now, endTime: now, revision: job.revision + 1 };
  // Somebody cancelled it meanwhile, or another process finished it: read again.
  if (!(await ports.jobs.update(job, after))) return finishJob({ ...run, ...(failure && { failure }) }, ports);
  return { status: after.status };
}

type End = Pick<Job, 'status' | 'errors'> & Partial<Pick<Job, 'segmentationEnd'>>;

async function endOf(job: Job, failure: FinishInput['failure'], ports: FinishPorts): Promise<End> {
  if (job.status === 'CANCELLING') return { status: 'CANCELLED', errors: job.errors };
  if (failure !== undefined) return { status: 'FAILED', errors: [reasonOf(failure)] };
  const plan = await readPlan(job.plan ?? '', ports.files);
  invariant(plan, `job ${job.jobId} has no plan`);
  const changed = await changedMeanwhile(job, plan, ports);
  const lost =
    plan.exported?.segments?.filter(({ segmentId }) => (changed.get(segmentId) ?? 'changed') !== 'changed') ?? [];
  // Who was read later is in no segment that is gone: the rows would be of some of its members.
  if (lost.length > 0) return { status: 'FAILED', errors: lost.map(({ segmentId }) => withdrawnFromExport(segmentId)) };
  const files: ExportedFile[] = [];
  const { totals, matched } = await addUp(job, plan, files, ports);
  const segmentIds = Object.fromEntries(plan.definitions.map(({ ordinal, id }) => [ordinal, id]));
  const exported =
    plan.exported &&
    (await closeExport({ job, plan, specification: plan.exported, files, optedOut: totals.optedOut }, ports));
  const result: JobResult = { format: 1, totals, segmentIds, ...(exported && { exported }), matched };
  await keepResult(job, result, ports.files);
  await keepSizes(job, { ...plan, definitions: plan.definitions.filter(({ id }) => !changed.has(id)) }, totals, ports);
  if (job.kind === 'backfill') await noteBackfill(job, plan, totals, ports);
  return {
    status: 'SUCCEEDED',
    errors: [...failedProfiles(totals), ...[...changed].map(changeOf)],
    segmentationEnd: totals.endTime ?? ports.now(),
  };
}

async function addUp(job: JobKey, { ranges }: JobPlan, files: ExportedFile[], ports: FinishPorts) {
  const sum = new Sum();
  const all = Array.from({ length: ranges }, (_, range) => range);
  let matched = 0;
  const add = (slice: Slice) => {
    sum.add(slice);
    matched += slice.matched ?? 0;
    files.push(...(slice.files ?? []));
  };
  await eachOf(all, RANGES_AT_ONCE, (range) => addRange(job, range, add, ports));
  return { totals: sum.totals, matched };
}

/** A range's parts from its first to its last: each starts where the one before ended. */
async function addRange(
  job: JobKey,
  range: number,
  add: (slice: Slice) => void,
  { jobs, files }: FinishPorts,
): Promise<void> {
  let from: string | null = null;
  do {
    const part: DonePart | undefined = await jobs.findPart(job, range, from);
    invariant(part, `range ${range} is not evaluated from ${from ?? 'its start'} on`);
    add(await readSlice(part, files));
    from = part.next;
  } while (from !== null);
}

/** A walk counts what is stored: of everybody only where nobody is behind the rules. Not of what was two definitions. */
async function keepSizes(job: Job, { asOf, definitions }: JobPlan, totals: Totals, { sizes }: FinishPorts) {
  // Neither an export nor an upload counts anybody.
  if (job.kind === 'export' || job.kind === 'upload' || (job.kind === 'backfill' && totals.behind > 0)) return;
  const points = definitions.map(({ id, ordinal }) => {
    const { realized = 0, existing = 0 } = totals.definitions[ordinal] ?? {};
    return [id, { at: asOf, members: realized + existing }] as const;
  });
  await sizes.keep(job.sandboxName, new Map(points));
}

/** A state machine's error and cause; a Lambda's cause is JSON with the message in it. */
function reasonOf({ Error: name = 'Failed', Cause: cause = '' }: NonNullable<FinishInput['failure']>): JobError {
  return { code: name, msg: messageIn(cause).slice(0, REASON_LENGTH_MAX) };
}

function messageIn(cause: string): string {
  try {
    const parsed = JSON.parse(cause) as { readonly errorMessage?: unknown };
    return typeof parsed.errorMessage === 'string' ? parsed.errorMessage : cause;
  } catch {
    return cause;
  }
}

const failedProfiles = ({ failed }: Totals): JobError[] =>
  failed === 0 ? [] : [{ code: 'profiles-not-evaluated', msg: `${failed} profiles could not be evaluated` }];

type Fate = 'missing' | 'changed' | 'withdrawn';

/** Counted as they stood when each profile was read: a definition that changed on the way was two. */
async function changedMeanwhile(
  { sandboxName, segmentIds }: Job,
  { definitions }: JobPlan,
  { rules }: FinishPorts,
): Promise<ReadonlyMap<string, Fate>> {
  const { artifact } = await rules.current(sandboxName);
  const ordinals = new Map(artifact.definitions.map(({ id, ordinal, version }) => [id, `${ordinal} ${version}`]));
  const fateOf = (id: string): Fate => (ordinals.has(id) ? 'changed' : 'withdrawn');
  const changed = definitions.filter(({ id, ordinal, version }) => ordinals.get(id) !== `${ordinal} ${version}`);
  const planned = new Set(definitions.map(({ id }) => id));
  const missing = segmentIds === '*' ? [] : segmentIds.filter((id) => !planned.has(id));
  return new Map([
    ...changed.map(({ id }) => [id, fateOf(id)] as const),
    ...missing.map((id) => [id, 'missing'] as const),
  ]);
}

const changeOf = ([id, fate]: readonly [string, Fate]): JobError => ({
  code: 'definition-changed',
  msg:
    fate === 'missing'
      ? `the definition ${id} was withdrawn before the job looked at anybody: its result says nothing of it`
      : `the definition ${id} was changed or withdrawn while the job ran: its counts are of both`,
});

const withdrawnFromExport = (id: string): JobError => ({
  code: 'definition-changed',
  msg: `the definition ${id} was withdrawn before the export ended: it would hold some of its members only, and has no manifest`,
});

async function noteBackfill(job: Job, plan: JobPlan, totals: Totals, { backfills, now }: FinishPorts): Promise<void> {
  const pass = { rulesVersion: plan.rulesVersion, asOf: plan.asOf, behind: totals.behind, profiles: totals.profiles };
  for (let noted = false; !noted; ) {
    const before: Backfill | undefined = await backfills.find(job.sandboxName);
    const after = passedThrough(before, pass, now());
    noted = await backfills.put(job.sandboxName, before, after);
  }
}
