/** Settles what a run does: of which people, as of which instants, by which features. */

import { planCutoffs } from '#shared/propensity/cutoffs.ts';
import type { PropensityInstance, PropensitySpecification } from '#shared/propensity/instance.ts';
import { type PeoplePorts, readPeople } from '#shared/propensity/known-people.ts';
import { lookBackDays } from '#shared/propensity/look-back.ts';
import { type PropensityFiles, type PropensityStore, runFile } from '#shared/propensity/propensity-store.ts';
import type { PropensityRun, RunKey, RunPlan } from '#shared/propensity/run.ts';
import { foretellsTheSame, kindsBySchema, specificationOf } from '#shared/propensity/specification-of.ts';
import { cutTable, type Survey, spread, surveyOf } from '#shared/propensity/survey.ts';
import { allCutoffs } from '#shared/propensity/training-rows.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface PlanPorts extends PeoplePorts {
  readonly store: PropensityStore;
  readonly files: PropensityFiles;
  readonly rules: RulesStore;
  readonly schemas: { extensions(sandboxName: string): Promise<SchemaExtensions> };
  readonly retentionMs: number;
  /** People whom a model is trained on at most: of more a share is looked at. */
  readonly peopleMax: number;
  /** How long a run of kind `clear` waits until it begins to walk. */
  readonly clearingWaitMs: number;
  readonly now: () => number;
}

export interface PlanOutput {
  readonly kind: PropensityRun['kind'] | 'none';
  /** About how many rows a training has. */
  readonly rows: number;
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly of: number }[];
}

const DAY_MS = 86_400_000;
const PROFILES_PER_SEGMENT = 1_000;
const SEGMENTS_PER_RANGE = 10;
const SEGMENTS_SURVEYED = 4;

export async function planPropensity(key: RunKey, ports: PlanPorts): Promise<PlanOutput> {
  const run = await ports.store.findRun(key);
  if (run?.kind === 'clear') return planClearing(run, ports);
  const instance = await ports.store.findInstance(key.sandboxName, key.instanceId);
  if (run === undefined || instance === undefined || run.status === 'CANCELLED')
    return { kind: 'none', rows: 0, ranges: [] };
  const kept = (await ports.files.read(runFile.plan(key))) as RunPlan | undefined;
  const plan = kept ?? (await makePlan(run, instance, ports));
  if (kept === undefined) await ports.files.put(runFile.plan(key), plan);
  await begin(run, plan, ports);
  return { kind: run.kind, rows: plan.rowsExpected, ranges: rangesOf(plan.ranges) };
}

function rangesOf(segments: number): PlanOutput['ranges'] {
  return Array.from({ length: Math.ceil(segments / SEGMENTS_PER_RANGE) }, (_, index) => {
    const from = index * SEGMENTS_PER_RANGE;
    return { from, to: Math.min(segments, from + SEGMENTS_PER_RANGE), of: segments };
  });
}

/** Whoever follows changes may have a deleted instance in mind for a minute more: the scores that go are those until then. */
async function planClearing(run: PropensityRun, ports: PlanPorts): Promise<PlanOutput> {
  const { totalSegments } = await cutTable(run.sandboxName, PROFILES_PER_SEGMENT, ports.segments);
  const { asOf = ports.now() + ports.clearingWaitMs, ranges = totalSegments } = run;
  await begin(run, { asOf, ranges }, ports);
  return { kind: run.kind, rows: 0, ranges: rangesOf(ranges) };
}

async function makePlan(run: PropensityRun, instance: PropensityInstance, ports: PlanPorts): Promise<RunPlan> {
  const { sandboxName } = run;
  const now = ports.now();
  const cut = await cutTable(sandboxName, PROFILES_PER_SEGMENT, ports.segments);
  const { survey, share } = await lookAround(sandboxName, cut.totalSegments, now, ports);
  const people = Math.round(cut.profiles * share);
  const kindOf = kindsBySchema(await ports.schemas.extensions(sandboxName));
  const specification = specificationOf(instance, survey.eventTypes, kindOf);
  const lookbackDays = lookBackDays(instance.eligiblePopulation);
  const { oldestEvent } = survey;
  const { windowDays } = instance.goal;
  const history = oldestEvent === undefined ? undefined : { oldestEvent, now, windowDays };
  const cutoffs = history && planCutoffs({ ...history, lookbackDays: Math.max(lookbackDays, 30) });
  return {
    format: 1,
    kind: run.kind,
    asOf: now,
    ranges: cut.totalSegments,
    specification,
    ...(cutoffs && { oldestEvent, cutoffs }),
    lookbackDays,
    seed: run.instanceVersion,
    sampleShare: Math.min(1, ports.peopleMax / Math.max(1, people)),
    followed: await runsToFollow(run, specification, now, ports),
    rowsExpected: Math.min(people, ports.peopleMax) * (cutoffs ? allCutoffs(cutoffs).length : 0),
  };
}

/** Each costs a look at everybody's events: few at once, and the rest next time. */
const FOLLOWED_MAX = 3;
const RUNS_LOOKED_AT = 100;

/** Runs that foretold the same of the same people, and of which nobody has counted yet what then happened. */
async function runsToFollow(
  { sandboxName, instanceId }: RunKey,
  specification: PropensitySpecification,
  now: number,
  { store, files }: PlanPorts,
): Promise<RunPlan['followed']> {
  const runs = await store.listRuns(sandboxName, instanceId, RUNS_LOOKED_AT);
  const over = now - specification.goal.windowDays * DAY_MS;
  const found: { readonly runId: string; readonly asOf: number }[] = [];
  for (const { runId, asOf, scores } of runs) {
    if (found.length >= FOLLOWED_MAX) break;
    if (asOf === undefined || asOf > over || scores === undefined || scores.followUp !== undefined) continue;
    const plan = (await files.read(runFile.plan({ sandboxName, instanceId, runId }))) as RunPlan | undefined;
    if (plan && foretellsTheSame(plan.specification, specification)) found.push({ runId, asOf });
  }
  return found;
}

/** `share`: of the profiles in the table, which holds every sandbox, those that are this one's. */
async function lookAround(
  sandboxName: string,
  totalSegments: number,
  now: number,
  ports: PlanPorts,
): Promise<{ readonly survey: Survey; readonly share: number }> {
  const instant = { rules: await ports.rules.current(sandboxName), now, retentionMs: ports.retentionMs };
  const found = await Promise.all(
    spread(SEGMENTS_SURVEYED, totalSegments).map((number) =>
      readPeople(sandboxName, { number, of: totalSegments }, ports, instant),
    ),
  );
  const survey = surveyOf(found.flatMap(({ people }) => people.map(({ person }) => person)));
  const scanned = found.reduce((sum, read) => sum + read.scanned, 0);
  return { survey, share: survey.people / Math.max(1, scanned) };
}

/** A second process that plans the same run finds it begun. */
async function begin(
  run: PropensityRun,
  plan: Pick<RunPlan, 'asOf' | 'ranges'>,
  { store, now }: PlanPorts,
): Promise<void> {
  if (run.status !== 'NEW') return;
  await store.putRun(run, {
    ...run,
    status: 'PROCESSING',
    asOf: plan.asOf,
    ranges: plan.ranges,
    updateTime: now(),
    revision: run.revision + 1,
  });
}
