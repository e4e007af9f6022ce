/** Scores the people of a part of the table, leaves the scores beside their profiles, and counts what they add up to. */
import type { WakeUps } from '#shared/batch/wake-ups.ts';
import { invariant } from '#shared/kernel/invariant.ts';
import { NO_BATCH_RESULTS, type PropensityScore } from '#shared/profile/batch-results.ts';
import type { BatchFindings, BatchResultsStore } from '#shared/profile/batch-results-store.ts';
import type { ProfileKey } from '#shared/profile/profile-store.ts';
import { type CompiledSpecification, compileSpecification } from '#shared/propensity/compiled-specification.ts';
import { type FollowUp, type ScoresPart, tallyScores } from '#shared/propensity/insights.ts';
import { type FoundPerson, type PeoplePorts, readPeople } from '#shared/propensity/known-people.ts';
import { type PropensityFiles, type PropensityStore, runFile } from '#shared/propensity/propensity-store.ts';
import { isOpenRun, type RunKey, type RunPlan } from '#shared/propensity/run.ts';
import { foretellsTheSame } from '#shared/propensity/specification-of.ts';
import { readModel } from '#shared/propensity/stored-model.ts';
import { ModelScorer } from '#shared/propensity/trained-model.ts';
import { composedSchema, type SchemaExtensions } from '#shared/schema/composition.ts';
import type { RulesStore } from '#shared/segment/rules-store.ts';
import { clearSegment, leaveFindings, takenFrom } from './clear-scores.ts';

export interface ScorePorts extends PeoplePorts {
  readonly store: Pick<PropensityStore, 'findInstance' | 'findRun'>;
  readonly files: PropensityFiles;
  readonly rules: RulesStore;
  readonly schemas: { extensions(sandboxName: string): Promise<SchemaExtensions> };
  readonly results: BatchResultsStore;
  readonly wakeUps: WakeUps;
  readonly retentionMs: number;
}

export interface ScoreInput extends RunKey {
  /** Segments of the table: from this one up to but not including the other. */
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

interface Ready {
  readonly plan: RunPlan;
  readonly scorer: ModelScorer;
  readonly compiled: CompiledSpecification;
}

export async function scoreRange(input: ScoreInput, ports: ScorePorts): Promise<{ readonly people: number }> {
  let ready: Ready | undefined;
  let people = 0;
  for (let segment = input.from; segment < input.to; segment++) {
    const run = await ports.store.findRun(input);
    if (run === undefined || !isOpenRun(run)) break;
    if (run.kind === 'clear') people += await clearSegment(run, { number: segment, of: input.of }, ports);
    else {
      ready ??= await makeReady(input, ports);
      if (ready === undefined) break;
      people += await scoreSegment({ ...input, segment }, ready, ports);
    }
  }
  return { people };
}

async function makeReady(input: ScoreInput, { store, files, schemas }: ScorePorts): Promise<Ready | undefined> {
  const plan = (await files.read(runFile.plan(input))) as RunPlan | undefined;
  const instance = await store.findInstance(input.sandboxName, input.instanceId);
  if (plan === undefined || instance?.modelRunId === undefined) return undefined;
  const model = await readModel(files, { ...input, runId: instance.modelRunId });
  invariant(model, `the model of run ${instance.modelRunId} is in use and not there`);
  const compiled = compileSpecification(
    model.specification,
    composedSchema(await schemas.extensions(input.sandboxName)),
  );
  invariant(compiled.ok, `the specification of run ${instance.modelRunId} compiled when it was trained`);
  // The model in use may be of another goal than the instance has by now: then it says nothing of those runs.
  const followed = foretellsTheSame(plan.specification, model.specification) ? plan.followed : [];
  return { plan: { ...plan, followed }, scorer: new ModelScorer(model), compiled: compiled.value };
}

async function scoreSegment(
  { segment, of, ...key }: ScoreInput & { readonly segment: number },
  { plan, scorer, compiled }: Ready,
  ports: ScorePorts,
): Promise<number> {
  const rules = await ports.rules.current(key.sandboxName);
  const instant = { rules, now: plan.asOf, retentionMs: ports.retentionMs };
  const { people } = await readPeople(key.sandboxName, { number: segment, of }, ports, instant);
  const isEligible = ({ person }: FoundPerson) => compiled.isEligible(person, plan.asOf);
  const scored = people
    .filter(isEligible)
    .map(({ key: profile, person }): [ProfileKey, PropensityScore] => [
      profile,
      scorer.score(compiled.valuesAsOf(person, plan.asOf), plan.asOf),
    ]);
  const findings = [
    ...scored.map(([profile, score]) => foundScore(profile, key.instanceId, score)),
    // Whoever is no longer of the population has no score of it.
    ...takenFrom(
      people.filter((found) => !isEligible(found)),
      key.instanceId,
      plan.asOf,
    ),
  ];
  await leaveFindings(findings, rules.readingBatch.length > 0, ports);
  const scores = scored.map(([, score]) => score);
  const part: ScoresPart = { tally: tallyScores(scores), followUps: followUpsOf(people, plan, compiled) };
  await ports.files.put(runFile.scores(key, segment, 0), part);
  return scores.length;
}

/** By the same conditions as of then: the plan holds them to be the same. */
const followUpsOf = (
  people: readonly FoundPerson[],
  { followed }: RunPlan,
  compiled: CompiledSpecification,
): readonly FollowUp[] =>
  followed.map(({ runId, asOf }) => {
    const foretold = people.filter(({ person }) => compiled.isEligible(person, asOf));
    const occurred = foretold.filter(({ person }) => compiled.hasOutcome(person, asOf)).length;
    return { runId, people: foretold.length, occurred };
  });

const foundScore = (key: ProfileKey, instanceId: string, score: PropensityScore): BatchFindings => ({
  key,
  results: { ...NO_BATCH_RESULTS, scores: new Map([[instanceId, score]]) },
});
