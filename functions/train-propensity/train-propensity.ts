/** Learns from the rows that were collected, judges the model, and decides whether it is put into use. */
import { invariant } from '#shared/kernel/invariant.ts';
import { type Blend, marginsOf, mixed } from '#shared/propensity/blend.ts';
import { compileSpecification } from '#shared/propensity/compiled-specification.ts';
import { checkData, type DataCheck } from '#shared/propensity/data-check.ts';
import { encodeTable } from '#shared/propensity/encoding.ts';
import type { PropensitySpecification } from '#shared/propensity/instance.ts';
import { areaUnderCurve } from '#shared/propensity/metrics.ts';
import { decidePromotion, type Verdict } from '#shared/propensity/promotion.ts';
import { type PropensityFiles, type PropensityStore, runFile } from '#shared/propensity/propensity-store.ts';
import type { PropensityRun, RunKey, RunModel, RunPlan } from '#shared/propensity/run.ts';
import { putModel, readModel, UnreadableModel } from '#shared/propensity/stored-model.ts';
import { type Evaluation, type ModelCard, type TrainOptions, trainModel } from '#shared/propensity/train-model.ts';
import type { StoredModel } from '#shared/propensity/trained-model.ts';
import { type RowsPart, TrainingSets } from '#shared/propensity/training-rows.ts';
import type { Feature, TrainingTable } from '#shared/propensity/training-table.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';

export interface TrainPorts {
  readonly store: PropensityStore;
  readonly files: PropensityFiles;
  readonly schemas: { extensions(sandboxName: string): Promise<SchemaExtensions> };
  readonly training: TrainOptions;
  readonly now: () => number;
}

export interface TrainOutput {
  /** Whether there is a model to score by now. */
  readonly scores: boolean;
}

const NOTHING_TO_SCORE: TrainOutput = { scores: false };

export async function trainPropensity(key: RunKey, ports: TrainPorts): Promise<TrainOutput> {
  const run = await ports.store.findRun(key);
  if (run === undefined || run.status !== 'PROCESSING') return NOTHING_TO_SCORE;
  // A process that died after it had put its model into use is followed by one that finds it so.
  if (run.model !== undefined) return { scores: run.model.promoted };
  const plan = (await ports.files.read(runFile.plan(key))) as RunPlan | undefined;
  invariant(plan, `run ${key.runId} has no plan`);
  const compiled = compileSpecification(
    plan.specification,
    composedSchema(await ports.schemas.extensions(key.sandboxName)),
  );
  if (!compiled.ok) {
    const message = compiled.error
      .map(({ pointer, diagnostics }) => `${pointer}: ${diagnostics[0]?.message}`)
      .join(' ');
    await end(run, { errorCode: 'SPECIFICATION_INVALID', message }, ports);
    return NOTHING_TO_SCORE;
  }
  return learn(run, plan, compiled.value.features, ports);
}

async function learn(
  run: PropensityRun,
  plan: RunPlan,
  features: readonly Feature[],
  ports: TrainPorts,
): Promise<TrainOutput> {
  const sets = new TrainingSets(features, plan.cutoffs ?? { final: [] });
  for (let segment = 0; segment < plan.ranges; segment++) {
    const part = (await ports.files.read(runFile.rows(run, segment, 0))) as RowsPart | undefined;
    for (const row of part?.rows ?? []) sets.add(row);
  }
  const dataCheck = checkFound(plan, sets);
  if (!dataCheck.canTrain) {
    const message = dataCheck.findings.map((finding) => finding.message).join(' ');
    await end(run, { errorCode: 'DATA_CHECK_FAILED', message, dataCheck }, ports);
    return NOTHING_TO_SCORE;
  }
  const { model, card, judgedTable } = learnAndJudge(sets, { ...ports.training, seed: plan.seed });
  const stored: StoredModel = { ...model, specification: plan.specification };
  const { specification, cutoffs } = plan;
  const candidate = { specification, test: judgedTable, testedAt: cutoffs?.judged?.test };
  const incumbent = await incumbentArea(run, candidate, ports);
  const verdict = decidePromotion({
    candidate: card.evaluation.areaUnderCurve,
    ...(incumbent === undefined ? {} : { incumbent }),
  });
  await putModel(ports.files, run, stored);
  await ports.files.put(runFile.card(run), card);
  await keepModel(run, summaryOf(card, verdict, plan), dataCheck, ports);
  return { scores: verdict.promoted };
}

/** Counted of the people who were looked at; the bounds are for those too. */
function checkFound(plan: RunPlan, { outcomes }: TrainingSets): DataCheck {
  const { oldestEvent, asOf: now, lookbackDays, specification } = plan;
  const { windowDays } = specification.goal;
  return checkData({
    ...(oldestEvent === undefined ? {} : { oldestEvent }),
    now,
    windowDays,
    lookbackDays,
    ...outcomes,
  });
}

/** Judged on a later time where history allows; what is used is trained on the latest. */
function learnAndJudge(sets: TrainingSets, options: TrainOptions) {
  const judged = sets.judged;
  const canJudge = judged !== undefined && hasBoth(judged.training) && hasBoth(judged.test);
  const final = trainModel(sets.final, undefined, options);
  if (!canJudge) return { ...final, judgedTable: undefined };
  const { evaluation, warnings } = trainModel(judged.training, judged.test, options).card;
  const leaks = final.card.warnings.filter(({ code }) => code === 'leaking-feature');
  const weak = warnings.filter(({ code }) => code === 'weak-model');
  const card: ModelCard = { ...final.card, evaluation, warnings: [...leaks, ...weak] };
  return { model: final.model, card, judgedTable: judged.test };
}

const OUTCOMES_TO_JUDGE_MIN = 30;

function hasBoth({ labels }: TrainingTable): boolean {
  const occurred = labels.reduce((sum, label) => sum + label, 0);
  return occurred >= OUTCOMES_TO_JUDGE_MIN && labels.length - occurred >= OUTCOMES_TO_JUDGE_MIN;
}

/**
 * How the model in use does, as fairly as can be told: on the candidate's own test where that lies after everything the
 * model was trained on, else by what was found when it was judged itself.
 */
async function incumbentArea(
  run: PropensityRun,
  { specification, test, testedAt }: Candidate,
  { store, files }: TrainPorts,
): Promise<number | undefined> {
  const instance = await store.findInstance(run.sandboxName, run.instanceId);
  if (instance?.modelRunId === undefined) return undefined;
  const key = { ...run, runId: instance.modelRunId };
  const [judged, model] = [await store.findRun(key), await modelInUse(key, files)];
  if (model === undefined || JSON.stringify(model.specification) !== JSON.stringify(specification)) return undefined;
  const isOutOfTime = test !== undefined && testedAt !== undefined && (judged?.asOf ?? Number.NaN) <= testedAt;
  return isOutOfTime ? areaUnderCurve(marginsBy(model.blend, test), test.labels) : judged?.model?.areaUnderCurve;
}

/** One that can't be read is no reason to go without a new one. */
async function modelInUse(key: RunKey, files: PropensityFiles): Promise<StoredModel | undefined> {
  try {
    return await readModel(files, key);
  } catch (error) {
    if (error instanceof UnreadableModel) return undefined;
    throw error;
  }
}

interface Candidate {
  readonly specification: PropensitySpecification;
  readonly test: TrainingTable | undefined;
  /** The cutoff of the test. */
  readonly testedAt: number | undefined;
}

function marginsBy(blend: Blend, table: TrainingTable): Float64Array {
  const { trees, regression } = marginsOf(blend, encodeTable(table, blend.encoding));
  return mixed(trees, regression, blend.weight);
}

function summaryOf({ evaluation, warnings }: ModelCard, verdict: Verdict, { cutoffs }: RunPlan): RunModel {
  const judgedAt = evaluation.kind === 'out of time' ? cutoffs?.judged?.test : undefined;
  return {
    areaUnderCurve: evaluation.areaUnderCurve,
    evaluationKind: evaluation.kind,
    people: evaluation.people,
    expectedRate: expectedRate(evaluation),
    actualRate: evaluation.occurred / evaluation.people,
    ...(judgedAt === undefined ? {} : { judgedAt }),
    ...verdict,
    warnings,
  };
}

const expectedRate = ({ calibration, people }: Evaluation) =>
  calibration.reduce((sum, bin) => sum + bin.expected * bin.people, 0) / people;

async function keepModel(run: PropensityRun, model: RunModel, dataCheck: DataCheck, ports: TrainPorts): Promise<void> {
  const { store, now } = ports;
  if (model.promoted) await putIntoUse(run, ports);
  await store.putRun(run, { ...run, model, dataCheck, updateTime: now(), revision: run.revision + 1 });
}

const ATTEMPTS_MAX = 5;

async function putIntoUse({ sandboxName, instanceId, runId }: RunKey, { store, now }: TrainPorts): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const before = await store.findInstance(sandboxName, instanceId);
    if (before === undefined) return;
    const after = { ...before, modelRunId: runId, version: before.version + 1, updateTime: now() };
    if (await store.putInstance(before, after)) return;
  }
  throw new Error(`instance ${instanceId} was changed by others ${ATTEMPTS_MAX} times`);
}

type Ending = Pick<PropensityRun, 'errorCode' | 'message' | 'dataCheck'>;

async function end(run: PropensityRun, ending: Ending, { store, now }: TrainPorts): Promise<void> {
  const endTime = now();
  await store.putRun(run, {
    ...run,
    ...ending,
    status: 'FAILED',
    endTime,
    updateTime: endTime,
    revision: run.revision + 1,
  });
}
