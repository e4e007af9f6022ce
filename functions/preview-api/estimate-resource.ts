/** What was counted so far, said about everybody. */
import { BASE_PATH } from '#shared/api/operation.ts';
import type { EstimateResource } from '#shared/api/previews.ts';
import { type Clause, ClauseCounter, type ClauseCounts } from '#shared/preview/clauses.ts';
import { type Estimate, estimate } from '#shared/preview/interval.ts';
import { isExact, type Preview, populationIn, rowsToRead } from '#shared/preview/preview.ts';
import type { Questions } from '#shared/preview/tally.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';
import { previewIdOf } from './preview-id.ts';

/** Conditions answered for: more than a person reads, and what one answer has room for. */
export const CLAUSES_MAX = 500;
const OVERLAP_MAX = 50;

type Extrapolate = (count: number) => Estimate;

export function toEstimate(preview: Preview, questions: Questions, rules: CompiledRules): EstimateResource {
  const { tally, state, failure, at, seed } = preview;
  const population = populationIn(preview);
  const extrapolate = (count: number) => estimate(count, tally.read, population);
  const { standardError, ...bounds } = boundsOf(extrapolate(tally.matched));
  return {
    state,
    ...bounds,
    confidenceInterval: '95%',
    standardError,
    exact: isExact(preview),
    numRowsToRead: rowsToRead(preview),
    totalRows: Math.round(Math.max(population.size, tally.read)),
    profilesReadSoFar: tally.read,
    profilesMatchedSoFar: tally.matched,
    estimatedNamespaceDistribution: namespacesOf(preview, extrapolate),
    at: new Date(at).toISOString(),
    seed,
    expression: questions.asked.expression,
    overlap: overlapOf(preview, rules, extrapolate),
    ...differenceOf(preview, extrapolate),
    ...clausesIn(preview, questions, extrapolate),
    ...(failure === undefined ? {} : { error: { description: failure, traceback: '' } }),
    _links: { preview: `${BASE_PATH}/preview/${previewIdOf(preview.id)}` },
  };
}

const boundsOf = ({ size: estimatedSize, ...rest }: Estimate) => ({ estimatedSize, ...rest });

function namespacesOf(
  { tally }: Preview,
  extrapolate: Extrapolate,
): EstimateResource['estimatedNamespaceDistribution'] {
  return Object.entries(tally.namespaces)
    .map(([namespaceId, profilesMatchedSoFar]) => {
      return { namespaceId, profilesMatchedSoFar, estimatedSize: extrapolate(profilesMatchedSoFar).size };
    })
    .sort((left, right) => right.profilesMatchedSoFar - left.profilesMatchedSoFar);
}

function overlapOf(
  { tally }: Preview,
  { byOrdinal }: CompiledRules,
  extrapolate: Extrapolate,
): EstimateResource['overlap'] {
  return Object.entries(tally.segments)
    .flatMap(([ordinal, [members, shared]]) => {
      const definition = byOrdinal.get(Number(ordinal));
      if (definition === undefined || shared === 0) return [];
      const { id: segmentId, name } = definition;
      return [
        {
          segmentId,
          name,
          profilesSharedSoFar: shared,
          estimatedShared: extrapolate(shared).size,
          shareOfPreview: shared / tally.matched,
          shareOfSegment: shared / members,
        },
      ];
    })
    .sort((left, right) => right.profilesSharedSoFar - left.profilesSharedSoFar)
    .slice(0, OVERLAP_MAX);
}

function differenceOf({ tally: { change } }: Preview, extrapolate: Extrapolate): Pick<EstimateResource, 'difference'> {
  if (change === undefined) return {};
  const of = (count: number) => {
    const { standardError: _, ...bounds } = boundsOf(extrapolate(count));
    return bounds;
  };
  return {
    difference: {
      before: of(change.before),
      enter: { ...of(change.enter), profilesMatchedSoFar: change.enter },
      leave: { ...of(change.leave), profilesMatchedSoFar: change.leave },
    },
  };
}

function clausesIn(
  { tally }: Preview,
  { clauses: tree }: Questions,
  extrapolate: Extrapolate,
): Pick<EstimateResource, 'clauses' | 'clausesTruncated'> {
  if (tree === undefined) return {};
  const figures = new ClauseCounter(tree, tally.clauses).figures();
  return {
    clauses: tree.slice(0, CLAUSES_MAX).map((clause, number) => {
      return figuresOf(clause, figures[number] as ClauseCounts, extrapolate);
    }),
    ...(tree.length > CLAUSES_MAX ? { clausesTruncated: true } : {}),
  };
}

type Figures = NonNullable<EstimateResource['clauses']>[number];

function figuresOf({ span, form, steps }: Clause, counts: ClauseCounts, extrapolate: Extrapolate): Figures {
  const sizeOf = (count: number) => extrapolate(count).size;
  const errorOf = (count: number) => {
    const { size, low, high } = extrapolate(count);
    return Math.max(high - size, size - low);
  };
  const each = (of: (count: number) => number) => ({
    alone: of(counts.alone),
    remaining: counts.remaining === undefined ? null : of(counts.remaining),
    dropsAlone: of(counts.dropsAlone),
    addsAlone: of(counts.addsAlone),
  });
  return {
    span,
    form,
    ...each(sizeOf),
    error: each(errorOf),
    steps: steps.map((step, index) => {
      const reached = counts.reached[index] ?? 0;
      return { span: step.span, reached: sizeOf(reached), error: errorOf(reached) };
    }),
  };
}
