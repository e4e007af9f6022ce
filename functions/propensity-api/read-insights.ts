/** What a run found, put together for people: how scores spread, what stands behind them, how far they can be trusted. */
import type { getPropensityInsights } from '#shared/api/operations/propensity.ts';
import { Problem } from '#shared/api/problem.ts';
import type { PropensityInsights } from '#shared/api/propensity.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { type BucketTally, type ScoreTally, topFactors } from '#shared/propensity/insights.ts';
import { runFile } from '#shared/propensity/propensity-store.ts';
import type { PropensityRun } from '#shared/propensity/run.ts';
import type { ModelCard } from '#shared/propensity/train-model.ts';
import type { PropensityPorts } from './ports.ts';
import { requireInstance } from './read-instances.ts';

interface KeptInsights {
  readonly modelRunId: string;
  readonly tally: ScoreTally;
}

/** Of a daily schedule more than a year. */
const RUNS_LOOKED_AT = 500;

export async function readInsights(
  { sandbox, pathParameters, query }: OperationRequest<typeof getPropensityInsights>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const { id } = await requireInstance(sandbox, pathParameters.id, ports);
  const runs = await ports.store.listRuns(sandbox, id, RUNS_LOOKED_AT);
  const run = runs.find(({ runId, scores }) => scores !== undefined && (query.runId ?? runId) === runId);
  if (run === undefined) throw new Problem('not-found', 'No run of this instance has scored anybody yet.');
  const { modelRunId, tally } = (await ports.files.read(runFile.insights(run))) as KeptInsights;
  const card = (await ports.files.read(runFile.card({ ...run, runId: modelRunId }))) as ModelCard;
  const body: PropensityInsights = {
    runId: run.runId,
    modelRunId,
    asOf: run.asOf as number,
    distribution: [...tally.distribution],
    buckets: {
      low: bucketOf(tally.buckets.low),
      medium: bucketOf(tally.buckets.medium),
      high: bucketOf(tally.buckets.high),
    },
    evaluation: card.evaluation as unknown as PropensityInsights['evaluation'],
    importances: [...card.importances],
    warnings: [...card.warnings],
    history: historyOf(runs),
  };
  return { status: 200, body };
}

const bucketOf = (bucket: BucketTally) => ({
  people: bucket.people,
  expected: bucket.expected,
  topFactors: [...topFactors(bucket)],
});

function historyOf(runs: readonly PropensityRun[]): PropensityInsights['history'] {
  return runs
    .flatMap(({ runId, model }) => {
      if (model === undefined) return [];
      const { judgedAt, areaUnderCurve, expectedRate, actualRate, promoted } = model;
      const judged = judgedAt === undefined ? {} : { judgedAt };
      return [{ runId, ...judged, areaUnderCurve, expectedRate, actualRate, promoted }];
    })
    .reverse();
}
