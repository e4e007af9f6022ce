/**
 * What each row does to the number, as the service counted it: figures come by place in the text, the canvas shows them
 * by row.
 */

import type { EstimateResource } from '#shared/api/previews.ts';
import { fromPql } from './from-pql.ts';
import { type Group, type Id, type Node, type Sequence, walk } from './model.ts';
import { toPql } from './to-pql.ts';

/** As a preview answers it. */
export type Clause = Pick<ClauseFigures, 'span' | 'alone' | 'remaining' | 'dropsAlone' | 'addsAlone' | 'steps'>;
type ClauseFigures = NonNullable<EstimateResource['clauses']>[number];

export interface Effect {
  readonly keeps: number | undefined;
  /** Negative: kept out by this row alone. */
  readonly alone: number | undefined;
  readonly itself: number;
  /** Of a step: who comes as far as there. */
  readonly reached?: number;
}

export type Span = Clause['span'];

/** Where each finished row stands in the rule's text. */
export function spansOf(root: Group): ReadonlyMap<Id, Span> {
  const text = toPql(root);
  const read = fromPql(text, () => '');
  const spans = new Map<Id, Span>();
  if (!read.ok) return spans;
  let from = 0;
  const visit = (mine: Node, theirs: Node | undefined): void => {
    if (theirs === undefined || theirs.kind !== mine.kind) return;
    const origin = theirs.origin?.text ?? '';
    const start = text.indexOf(origin, from);
    if (start < 0 || origin === '') return;
    spans.set(mine.id, { start, end: start + origin.length });
    if (mine.kind !== 'group' || theirs.kind !== 'group') {
      from = start + origin.length;
      return;
    }
    from = start;
    const finished = mine.children.filter((child) => isFinished(child));
    for (const [index, child] of finished.entries()) visit(child, theirs.children[index]);
    from = start + origin.length;
  };
  visit(root, read.value);
  return spans;
}

export const isFinished = (node: Node): boolean =>
  toPql({ kind: 'group', id: '', mode: 'all', children: [node] }) !== '';

/** Rows that the canvas shows and the count leaves out. */
export const unfinishedRows = (root: Group): readonly Id[] =>
  [...walk(root)].filter((node) => node.kind !== 'group' && !isFinished(node)).map(({ id }) => id);

export function effectsOf(root: Group, clauses: readonly Clause[]): ReadonlyMap<Id, Effect> {
  const effects = new Map<Id, Effect>();
  const spans = spansOf(root);
  for (const [id, span] of spans) {
    const clause = widestIn(span, clauses);
    if (clause !== undefined) effects.set(id, effectOf(clause));
  }
  for (const node of walk(root)) if (node.kind === 'sequence') addSteps(node, effects, clauses, spans.get(node.id));
  return effects;
}

/** A sequence's steps are counted in the order in which they stand in the text. */
function addSteps(
  { steps }: Sequence,
  effects: Map<Id, Effect>,
  clauses: readonly Clause[],
  span: Span | undefined,
): void {
  const counted = (span && widestIn(span, clauses))?.steps ?? [];
  if (counted.length !== steps.length) return;
  for (const [index, { id }] of steps.entries()) {
    const reached = counted[index]?.reached ?? 0;
    effects.set(id, { keeps: undefined, alone: undefined, itself: reached, reached });
  }
}

/** The row whose text is the least of what stands round a place. */
export function rowAt(spans: ReadonlyMap<Id, Span>, at: number): Id | undefined {
  const length = ({ start, end }: Span) => end - start;
  const around = [...spans].filter(([, { start, end }]) => start <= at && at <= end);
  return around.toSorted(([, left], [, right]) => length(left) - length(right))[0]?.[0];
}

function effectOf({ alone: itself, remaining, dropsAlone, addsAlone }: Clause): Effect {
  return { keeps: remaining ?? undefined, alone: dropsAlone > 0 ? -dropsAlone : addsAlone, itself };
}

/** Of the parts inside a row's text, the one that is most of it: brackets and comments belong to no part. */
function widestIn(span: Span, clauses: readonly Clause[]): Clause | undefined {
  const length = (clause: Clause) => clause.span.end - clause.span.start;
  const inside = clauses.filter((clause) => clause.span.start >= span.start && clause.span.end <= span.end);
  return inside.reduce<Clause | undefined>(
    (best, clause) => (best === undefined || length(clause) > length(best) ? clause : best),
    undefined,
  );
}
