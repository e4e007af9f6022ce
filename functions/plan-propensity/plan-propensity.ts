/** Settles what a run does: of which people, as of which instants, by which features. */

import { planCutoffs } from '#shared/propensity/cutoffs.ts';
import type { PropensityInstance } from '#shared/propensity/instance.ts';
import { type PeoplePorts, readPeople } from '#shared/propensity/known-people.ts';
import { lookBackDays } from '#shared/propensity/look-back.ts';
import { type PropensityFiles, type PropensityStore, runFile } from '#shared/propensity/propensity-store.ts';
import type { PropensityRun, RunKey, RunPlan } from '#shared/propensity/run.ts';
import { kindsBySchema, specificationOf } from '#shared/propensity/specification-of.ts';
import { cutTable, type Survey, spread, surveyOf } from '#shared/propensity/survey.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';

export interface PlanPorts extends PeoplePorts {
  readonly store: PropensityStore;
  readonly files: PropensityFiles;
  readonly rules: RulesStore;
  readonly schemas: { extensions(sandboxName: string): Promise<SchemaExtensions> };
  readonly retentionMs: number;
  readonly now: () => number;
}

export interface PlanOutput {
  readonly kind: PropensityRun['kind'] | 'none';
  readonly ranges: readonly { readonly from: number; readonly to: number; readonly of: number }[];
}

const PROFILES_PER_SEGMENT = 1_000;
const SEGMENTS_PER_RANGE = 10;
const SEGMENTS_SURVEYED = 4;
/** People whom a model is trained on at most: of more a share is looked at. */
const PEOPLE_TRAINED_ON_MAX = 150_000;

export async function planPropensity(key: RunKey, ports: PlanPorts): Promise<PlanOutput> {
  const run = await ports.store.findRun(key);
  const instance = await ports.store.findInstance(key.sandboxName, key.instanceId);
  if (run === undefined || instance === undefined || run.status === 'CANCELLED') return { kind: 'none', ranges: [] };
  const kept = (await ports.files.read(runFile.plan(key))) as RunPlan | undefined;
  const plan = kept ?? (await makePlan(run, instance, ports));
  if (kept === undefined) await ports.files.put(runFile.plan(key), plan);
  await begin(run, plan, ports);
  const segments = plan.ranges;
  const ranges = Array.from({ length: Math.ceil(segments / SEGMENTS_PER_RANGE) }, (_, index) => {
    const from = index * SEGMENTS_PER_RANGE;
    return { from, to: Math.min(segments, from + SEGMENTS_PER_RANGE), of: segments };
  });
  return { kind: run.kind, ranges };
}

async function makePlan(run: PropensityRun, instance: PropensityInstance, ports: PlanPorts): Promise<RunPlan> {
  const { sandboxName } = run;
  const now = ports.now();
  const cut = await cutTable(sandboxName, PROFILES_PER_SEGMENT, ports.segments);
  const survey = await lookAround(sandboxName, cut.totalSegments, now, ports);
  const kindOf = kindsBySchema(await ports.schemas.extensions(sandboxName));
  const specification = specificationOf(instance, survey.eventTypes, kindOf);
  const lookbackDays = lookBackDays(instance.eligiblePopulation);
  const { oldestEvent } = survey;
  const { windowDays } = instance.goal;
  return {
    format: 1,
    kind: run.kind,
    asOf: now,
    ranges: cut.totalSegments,
    specification,
    ...(oldestEvent === undefined
      ? {}
      : {
          oldestEvent,
          cutoffs: planCutoffs({ oldestEvent, now, windowDays, lookbackDays: Math.max(lookbackDays, 30) }),
        }),
    lookbackDays,
    seed: run.instanceVersion,
    sampleShare: Math.min(1, PEOPLE_TRAINED_ON_MAX / Math.max(1, cut.profiles)),
  };
}

async function lookAround(sandboxName: string, totalSegments: number, now: number, ports: PlanPorts): Promise<Survey> {
  const instant = { rules: await ports.rules.current(sandboxName), now, retentionMs: ports.retentionMs };
  const found = await Promise.all(
    spread(SEGMENTS_SURVEYED, totalSegments).map((number) =>
      readPeople(sandboxName, { number, of: totalSegments }, ports, instant),
    ),
  );
  return surveyOf(found.flatMap(({ people }) => people.map(({ person }) => person)));
}

/** A second process that plans the same run finds it begun. */
async function begin(run: PropensityRun, plan: RunPlan, { store, now }: PlanPorts): Promise<void> {
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
