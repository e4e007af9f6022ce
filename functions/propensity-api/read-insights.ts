/** What a run found, put together for people: how scores spread, what stands behind them, how far they can be trusted. */
import type { getPropensityFactor, getPropensityInsights } from '#shared/api/operations/propensity.ts';
import { Problem } from '#shared/api/problem.ts';
import type { PropensityFactorResource, PropensityInsights } from '#shared/api/propensity.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { valuesInOrder } from '#shared/propensity/factor-tally.ts';
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

interface Found extends KeptInsights {
  readonly run: PropensityRun;
  readonly runs: readonly PropensityRun[];
}

async function findInsights(
  sandbox: string,
  instanceId: string,
  runId: string | undefined,
  ports: PropensityPorts,
): Promise<Found> {
  const { id } = await requireInstance(sandbox, instanceId, ports);
  const runs = await ports.store.listRuns(sandbox, id, RUNS_LOOKED_AT);
  const run = runs.find((each) => each.scores !== undefined && (runId ?? each.runId) === each.runId);
  if (run === undefined) throw new Problem('not-found', 'No run of this instance has scored anybody yet.');
  return { run, runs, ...((await ports.files.read(runFile.insights(run))) as KeptInsights) };
}

export async function readInsights(
  { sandbox, pathParameters, query }: OperationRequest<typeof getPropensityInsights>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const { run, runs, modelRunId, tally } = await findInsights(sandbox, pathParameters.id, query.runId, ports);
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

type History = PropensityInsights['history'];

function historyOf(runs: readonly PropensityRun[]): History {
  return runs
    .flatMap((run): History => [...judgedIn(run), ...followedIn(run)])
    .sort((left, right) => (left.judgedAt ?? 0) - (right.judgedAt ?? 0));
}

function judgedIn({ runId, model }: PropensityRun): History {
  if (model === undefined) return [];
  const { judgedAt, areaUnderCurve, expectedRate, actualRate, promoted, people } = model;
  const judged = judgedAt === undefined ? {} : { judgedAt };
  return [{ runId, kind: 'judged', ...judged, people, areaUnderCurve, expectedRate, actualRate, promoted }];
}

function followedIn({ runId, asOf, scores }: PropensityRun): History {
  if (asOf === undefined || scores?.followUp === undefined || scores.followUp.people === 0) return [];
  const { people, occurred } = scores.followUp;
  const expectedRate = scores.expected / Math.max(1, scores.people);
  return [{ runId, kind: 'scored', judgedAt: asOf, people, expectedRate, actualRate: occurred / people }];
}

export async function readFactor(
  { sandbox, pathParameters, query }: OperationRequest<typeof getPropensityFactor>,
  ports: PropensityPorts,
): Promise<HttpResponse> {
  const { bucket, name, runId } = query;
  const { run, modelRunId, tally } = await findInsights(sandbox, pathParameters.id, runId, ports);
  const { factors, people: bucketPeople } = tally.buckets[bucket];
  const factor = new Map(Object.entries(factors)).get(name);
  if (factor === undefined) throw new Problem('not-found', `“${name}” is no reason of anybody in this bucket.`);
  const { people, raises, lowers, importance, contribution } = factor;
  const body: PropensityFactorResource = {
    ...{ runId: run.runId, modelRunId, asOf: run.asOf as number, bucket, bucketPeople },
    ...{ name, people, raises, lowers, importance, meanContribution: contribution / people },
    values: valuesInOrder(factor).map(({ people: ofThem, contribution: sum, ...range }) => ({
      ...range,
      people: ofThem,
      meanContribution: sum / ofThem,
    })),
  };
  return { status: 200, body };
}
