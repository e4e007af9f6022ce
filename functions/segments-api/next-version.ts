/** A definition with some of its fields changed, as its next version. */
import { isDeepStrictEqual } from 'node:util';
import { Problem } from '#shared/api/problem.ts';
import type { SegmentContent } from '#shared/api/segment-content.ts';
import type { Instant } from '#shared/kernel/brand.ts';
import type { LifecycleState, SegmentDefinition, SegmentEvaluation } from '#shared/segment/segment-definition.ts';
import { type Author, requireMayMake } from './author.ts';
import { evaluationOf } from './check-expression.ts';
import { computedIn } from './computed-in.ts';
import type { SegmentPorts } from './ports.ts';

/** With what the sandbox declares of the fields that the expression names. */
type Changeable = SegmentContent & Pick<SegmentDefinition, 'declared'>;

export interface Revision {
  /** Those that are absent stay; `null` takes one away. */
  readonly fields: { readonly [Field in keyof Changeable]?: Changeable[Field] | null | undefined };
  readonly author: Author;
  readonly note?: string | undefined;
}

/** The same object where nothing changes: that makes no version. */
export async function nextVersion(
  before: SegmentDefinition,
  revision: Revision,
  ports: SegmentPorts,
): Promise<SegmentDefinition> {
  const { fields, author, note } = revision;
  const after = withFields(before, fields);
  if (isDeepStrictEqual(before, after)) return before;
  requireTransition(before.lifecycleState, after.lifecycleState);
  requireMayMake(author, before, after);
  const { note: _, ...unnoted } = after;
  return {
    ...unnoted,
    evaluation: await evaluationNow(after, ports),
    version: before.version + 1,
    // The clock of another machine may be behind; the order of versions is not.
    updateTime: Math.max(ports.now(), before.updateTime) as Instant,
    updatedBy: author.subject,
    ...(note === undefined ? {} : { note }),
  };
}

/** Nobody evaluates what others upload. */
async function evaluationNow(after: SegmentDefinition, ports: SegmentPorts): Promise<SegmentEvaluation> {
  if (after.kind === 'external') return after.evaluation;
  return evaluationOf(after, ports.retentionMs, await computedIn(after.sandboxName, after, ports));
}

export function withFields(before: SegmentDefinition, fields: Revision['fields']): SegmentDefinition {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const gone = new Set(given.filter(([, value]) => value === null).map(([name]) => name));
  const merged = { ...before, ...Object.fromEntries(given) };
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !gone.has(name))) as unknown as SegmentDefinition;
}

/** What has been live is never a draft again: its members and versions are real. */
const FOLLOWING: Readonly<Record<LifecycleState, readonly LifecycleState[]>> = {
  draft: ['published', 'archived'],
  published: ['inactive', 'archived'],
  inactive: ['published', 'archived'],
  archived: ['inactive'],
};

function requireTransition(before: LifecycleState, after: LifecycleState): void {
  if (before === after || FOLLOWING[before].includes(after)) return;
  throw new Problem(
    'conflict',
    `A definition that is ${before} becomes ${FOLLOWING[before].join(' or ')}, not ${after}.` +
      (after === 'draft' ? ' A draft beside it is saved at …/draft.' : ''),
  );
}
