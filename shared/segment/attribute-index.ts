/**
 * Which definitions a change of attributes may concern, without evaluating each: a definition over `country = "DE"` is no
 * business of somebody who moves from France to Spain, nor one over `ltv >= 500` of somebody who goes from 600 to 700.
 */
import type { Checked, Expression } from '#shared/pql/ast.ts';
import { childrenOf } from '#shared/pql/incremental/tree.ts';
import type { MergedAttributes } from '#shared/profile/merge-policy.ts';

/** What a part of a condition asks of one attribute. */
export interface AttributeTest {
  /** The attribute's name, of a path the first; undefined for the profile as a whole. */
  readonly root: string | undefined;
  /** Its answer changes between two texts only if one of these is among them. */
  readonly texts?: readonly string[];
  /** Its answer changes between two numbers only if this one is not beyond either. */
  readonly bound?: number;
}

export function attributeTests(checked: Checked): readonly AttributeTest[] {
  if (checked.kind === 'call' && (checked.fn === 'and' || checked.fn === 'or' || checked.fn === 'not')) {
    return checked.args.flatMap(attributeTests);
  }
  const test = testOf(checked);
  return test ? [test] : [...rootsIn(checked)].map((root) => ({ root }));
}

/** Of every attribute that is read in any way, be it only whether a list has members. */
function rootsIn(node: Expression): ReadonlySet<string | undefined> {
  if (node.kind === 'profile') return new Set([undefined]);
  if (node.kind === 'field' && node.object.kind === 'profile') return new Set([node.name]);
  return new Set(childrenOf(node).flatMap((child) => [...rootsIn(child.node)]));
}

const ORDERS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '=', '!=']);

function testOf(node: Expression): AttributeTest | undefined {
  if (node.kind !== 'call' || node.ignoreCase || node.args.length !== 2) return undefined;
  const [field, wanted] = node.args as [Expression, Expression];
  if (field.kind !== 'field' || field.object.kind !== 'profile' || field.stored !== undefined) return undefined;
  const root = field.name;
  if (node.fn === 'in' || node.fn === 'notIn') {
    const texts = wanted.kind === 'list' ? textsOf(wanted.items) : undefined;
    return texts && { root, texts };
  }
  if (wanted.kind !== 'literal' || !ORDERS.has(node.fn)) return undefined;
  if (typeof wanted.value === 'number') return { root, bound: wanted.value };
  const isEquality = node.fn === '=' || node.fn === '!=';
  return isEquality && typeof wanted.value === 'string' ? { root, texts: [wanted.value] } : undefined;
}

function textsOf(nodes: readonly Expression[]): readonly string[] | undefined {
  const texts = nodes.flatMap((node) =>
    node.kind === 'literal' && typeof node.value === 'string' ? [node.value] : [],
  );
  return texts.length === nodes.length ? texts : undefined;
}

/** The tests of one attribute. */
interface Shelf<Definition> {
  readonly all: Set<Definition>;
  readonly other: Set<Definition>;
  readonly byText: Map<string, Set<Definition>>;
  readonly withTexts: Set<Definition>;
  /** In rising order once built. */
  readonly bounds: { readonly bound: number; readonly definition: Definition }[];
}

export type Concerned<Definition> = (before: MergedAttributes, after: MergedAttributes) => Iterable<Definition>;

/** Every definition whose answer differs between the two is among those returned, but for what follows from other segments. */
export function indexAttributes<Definition extends { readonly attributeTests: readonly AttributeTest[] }>(
  definitions: readonly Definition[],
): Concerned<Definition> {
  const shelves = new Map<string, Shelf<Definition>>();
  const ofWhole = new Set<Definition>();
  for (const definition of definitions) {
    for (const test of definition.attributeTests) {
      if (test.root === undefined) ofWhole.add(definition);
      else place(shelves, test.root, test, definition);
    }
  }
  for (const { bounds } of shelves.values()) bounds.sort((left, right) => left.bound - right.bound);
  return (before, after) => {
    const found = new Set(ofWhole);
    for (const [name, shelf] of shelves) {
      const [was, is] = [before[name] ?? null, after[name] ?? null];
      if (!isSame(was, is)) take(shelf, was, is, found);
    }
    return found;
  };
}

function isSame(was: unknown, is: unknown): boolean {
  if (was === is) return true;
  return typeof was === 'object' && typeof is === 'object' && JSON.stringify(was) === JSON.stringify(is);
}

function place<Definition>(
  shelves: Map<string, Shelf<Definition>>,
  root: string,
  test: AttributeTest,
  definition: Definition,
): void {
  const empty = () => new Set<Definition>();
  const fresh: Shelf<Definition> = { all: empty(), other: empty(), byText: new Map(), withTexts: empty(), bounds: [] };
  const shelf = shelves.get(root) ?? fresh;
  shelves.set(root, shelf);
  shelf.all.add(definition);
  if (test.bound !== undefined) shelf.bounds.push({ bound: test.bound, definition });
  else if (test.texts === undefined) shelf.other.add(definition);
  else {
    shelf.withTexts.add(definition);
    for (const text of test.texts) shelf.byText.set(text, (shelf.byText.get(text) ?? empty()).add(definition));
  }
}

/** Between values of different kinds, and where there was nothing before, any test may change its answer. */
function take<Definition>(shelf: Shelf<Definition>, was: unknown, is: unknown, found: Set<Definition>): void {
  const { all, other, byText, withTexts, bounds } = shelf;
  if (typeof was === 'number' && typeof is === 'number') {
    addAll(found, other);
    addAll(found, withTexts);
    takeBounds(bounds, Math.min(was, is), Math.max(was, is), found);
  } else if (typeof was === 'string' && typeof is === 'string') {
    addAll(found, other);
    for (const { definition } of bounds) found.add(definition);
    addAll(found, byText.get(was));
    addAll(found, byText.get(is));
  } else addAll(found, all);
}

function addAll<Definition>(found: Set<Definition>, definitions: Iterable<Definition> | undefined): void {
  if (definitions !== undefined) for (const definition of definitions) found.add(definition);
}

function takeBounds<Definition>(
  bounds: Shelf<Definition>['bounds'],
  low: number,
  high: number,
  found: Set<Definition>,
): void {
  let [start, end] = [0, bounds.length];
  while (start < end) {
    const middle = (start + end) >> 1;
    if ((bounds[middle] as { readonly bound: number }).bound < low) start = middle + 1;
    else end = middle;
  }
  for (let at = start; at < bounds.length; at++) {
    const { bound, definition } = bounds[at] as { readonly bound: number; readonly definition: Definition };
    if (bound > high) return;
    found.add(definition);
  }
}
