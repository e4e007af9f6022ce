/**
 * The rule on the canvas: a tree of rows. Immutable; parts that did not change keep their identity, which is what lets
 * two hundred rows redraw one. Operations on it are in model/.
 *
 * PQL text is the truth. A node that was read holds the text that it was read from (`origin`) and is written as that text
 * for as long as neither it nor anything in it changes.
 */
import type { Comparison, Direction, Unit } from '#shared/pql/ast.ts';

export type { Comparison, Direction, Unit };
export type Id = string;
export type Path = readonly string[];
export type Scalar = string | number | boolean;

/** How tightly a text binds, as PQL's printer counts it. */
export const LEVEL = { open: 0, or: 1, and: 2, not: 3, comparison: 4, atom: 8 } as const;
export type Level = (typeof LEVEL)[keyof typeof LEVEL];

/** As an operand: with its own parentheses, without what stands round it. */
export interface Origin {
  readonly text: string;
  readonly level: Level;
}

/** What stands between the children of a group that was read: spelling and comments outlive changes of the children. */
export interface Frame {
  readonly before: string;
  readonly after: string;
  readonly level: Level;
  /** By child, the word that joined it to the one before it, as it was spelled, and what stood before and behind it. */
  readonly joints: Readonly<Record<Id, Joint>>;
}

export interface Joint {
  readonly lead: string;
  readonly word: string;
  readonly trail: string;
}

interface Base {
  readonly id: Id;
  readonly origin?: Origin;
}

export type Mode = 'all' | 'any' | 'none';
export interface Group extends Base {
  readonly kind: 'group';
  readonly mode: Mode;
  readonly children: readonly Node[];
  readonly frame?: Frame;
}

/** `person`: of the profile, where a bare path would start at the event. */
export type Operand =
  | { readonly kind: 'value'; readonly value: Scalar }
  | { readonly kind: 'path'; readonly path: Path; readonly of: 'item' | 'person' };

export const TEXT_TESTS = [
  ...(['contains', 'startsWith', 'endsWith', 'doesNotContain', 'doesNotStartWith', 'doesNotEndWith'] as const),
  ...(['like', 'matches'] as const),
] as const;
export type TextTest = (typeof TEXT_TESTS)[number];

/** A missing operand or value is a row that isn't finished: it is shown, and not written. */
export type Test =
  | { readonly op: Comparison; readonly operand?: Operand }
  | { readonly op: 'in' | 'notIn'; readonly values: readonly Scalar[] }
  | { readonly op: TextTest; readonly value?: string; readonly ignoreCase?: true }
  | { readonly op: 'exists' | 'missing' | 'holds' }
  | { readonly op: 'occurs'; readonly when: When };

export interface Attribute extends Base {
  readonly kind: 'attribute';
  /** Empty until a field is chosen. */
  readonly path: Path;
  /** Of the profile although the row stands among an event's filters. */
  readonly of: 'item' | 'person';
  readonly test: Test;
  /** Written as `not (…)`, which people without a value meet too. */
  readonly negated: boolean;
}

export type Moment =
  | { readonly kind: 'now' }
  | { readonly kind: 'period'; readonly which: 'this' | 'last' | 'next'; readonly unit: Unit }
  | { readonly kind: 'day'; readonly year: number; readonly month: number; readonly day: number }
  | { readonly kind: 'instant'; readonly text: string }
  | { readonly kind: 'path'; readonly path: Path; readonly of: 'item' | 'person' };

export interface Span {
  readonly count: number;
  readonly unit: Unit;
}

export type When =
  | ({
      readonly form: 'distance';
      readonly op: Comparison;
      readonly direction: Direction;
      readonly moment: Moment;
    } & Span)
  | { readonly form: 'direction'; readonly direction: Direction; readonly moment: Moment }
  | { readonly form: 'on'; readonly moment: Moment }
  | { readonly form: 'between'; readonly from: Moment; readonly to: Moment }
  /** At least `near` and at most `far` before now. */
  | { readonly form: 'range'; readonly near: Span; readonly far: Span };

/** What one `occurs` says. */
export type PlainWhen = Exclude<When, { readonly form: 'range' }>;

export const AGGREGATES = ['sum', 'average', 'min', 'max', 'distinctCount'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

export type Fold =
  | { readonly kind: 'count'; readonly op: '>=' | '<=' | '='; readonly count: number }
  | { readonly kind: 'between'; readonly from: number; readonly to: number }
  | { readonly kind: Aggregate; readonly field?: Path; readonly op: Comparison; readonly value?: number }
  | { readonly kind: 'first' | 'last'; readonly when: PlainWhen };

/** Which events: of any of the types (of every type, if none is named), in the time, where the filters hold. */
export interface Pattern {
  readonly types: readonly string[];
  readonly when?: When;
  /** In the event's scope. */
  readonly where?: Group;
}

export interface EventRow extends Base, Pattern {
  readonly kind: 'event';
  readonly did: boolean;
  readonly fold: Fold;
}

export interface Step extends Pattern {
  readonly id: Id;
  /** Must not happen between the steps round it. */
  readonly excluded: boolean;
  /** At least so many; 1 where it is excluded. */
  readonly count: number;
  /** Later than the step before by more than this … */
  readonly after?: Span;
  /** … and by at most this. */
  readonly within?: Span;
}

export interface Sequence extends Base {
  readonly kind: 'sequence';
  readonly steps: readonly Step[];
}

export interface SegmentRow extends Base {
  readonly kind: 'segment';
  readonly segmentId: string;
  readonly in: boolean;
}

/** What the canvas can't draw, in its place. */
export interface CodeRow extends Base {
  readonly kind: 'code';
  readonly text: string;
}

export type Node = Group | Attribute | EventRow | Sequence | SegmentRow | CodeRow;

/** Where a bare path starts. */
export type Scope = 'profile' | 'event';

export type NewId = () => Id;

/** Ids that no tree of this session has. */
export function countingIds(prefix = 'n'): NewId {
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}${count}`;
  };
}

export const emptyRule = (id: Id): Group => ({ kind: 'group', id, mode: 'all', children: [] });

/** The groups that a node holds, with where their bare paths start. */
export function* innerGroups(node: Node): Generator<Group> {
  if (node.kind === 'event' && node.where !== undefined) yield node.where;
  if (node.kind === 'sequence') for (const { where } of node.steps) if (where !== undefined) yield where;
}

export function* walk(node: Node): Generator<Node> {
  yield node;
  if (node.kind === 'group') for (const child of node.children) yield* walk(child);
  for (const inner of innerGroups(node)) yield* walk(inner);
}

export function findNode(root: Node, id: Id): Node | undefined {
  for (const node of walk(root)) if (node.id === id) return node;
  return undefined;
}

export interface Place {
  readonly parent: Group;
  readonly index: number;
  readonly scope: Scope;
}

/** Where a node stands; `undefined` for the root, for a group that a row holds, and for what isn't there. */
export function placeOf(root: Group, id: Id, scope: Scope = 'profile'): Place | undefined {
  for (const [index, child] of root.children.entries()) {
    if (child.id === id) return { parent: root, index, scope };
    const below = child.kind === 'group' ? placeOf(child, id, scope) : placeInside(child, id);
    if (below !== undefined) return below;
  }
  return undefined;
}

function placeInside(node: Node, id: Id): Place | undefined {
  for (const inner of innerGroups(node)) {
    const place = placeOf(inner, id, 'event');
    if (place !== undefined) return place;
  }
  return undefined;
}

/** What a group's bare paths start at; `undefined` if the tree has no such group. */
export function scopeOf(root: Group, groupId: Id): Scope | undefined {
  if (root.id === groupId) return 'profile';
  if (findNode(root, groupId)?.kind !== 'group') return undefined;
  const place = placeOf(root, groupId);
  if (place !== undefined) return place.scope;
  for (const node of walk(root)) for (const inner of innerGroups(node)) if (inner.id === groupId) return 'event';
  return undefined;
}

export const contains = (node: Node, id: Id): boolean => findNode(node, id) !== undefined;

/** The event types that a filter asks about; none where it stands in no event's filters, or in those of any event. */
export function typesAround(root: Group, filterId: Id): readonly string[] {
  for (const node of walk(root)) {
    const patterns: readonly Pattern[] = node.kind === 'event' ? [node] : node.kind === 'sequence' ? node.steps : [];
    const around = patterns.find(({ where }) => where !== undefined && contains(where, filterId));
    if (around !== undefined) return around.types;
  }
  return [];
}
