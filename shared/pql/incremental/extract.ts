/**
 * Cuts the leaves out of an expression: every place that reads the profile's events becomes a place that reads the rows
 * of a leaf, and the conditions that never change for an event move from the place into the leaf's test.
 */
import type { Chain, Comparison, Declaration, Events, Expression, ItemCall, Step } from '../ast.ts';
import { print } from '../printer.ts';
import { ANY } from '../types.ts';
import { eventTypesOf, type SplitCondition, splitCondition, splitVariableCondition } from './event-test.ts';
import { chainHorizon, reachBeforeNow } from './horizon.ts';
import type { Keep } from './plan.ts';
import { conjunction, conjunctsOf, mapChildren } from './tree.ts';

export interface LeafDraft {
  readonly test: Expression | undefined;
  /** Conditions that a row carries decided, as its fields `#0`, `#1`, … */
  readonly flags: readonly Expression[];
  readonly eventTypes: readonly string[] | 'any';
  readonly keep: Keep;
}

export interface Extraction {
  /** The expression over rows: `events` nodes carry the index of their leaf. */
  readonly tree: Expression;
  readonly leaves: readonly LeafDraft[];
}

/** What the surroundings ask of a list of events: only whether it has this many members. */
interface Demand {
  readonly newest?: number;
}

const ANYTHING: Demand = {};
const PRESENCE: Demand = { newest: 1 };

export function extractLeaves(root: Expression): Extraction {
  const leaves: LeafDraft[] = [];
  const tree = extract(root, PRESENCE, leaves);
  return { tree, leaves };
}

function extract(node: Expression, demand: Demand, leaves: LeafDraft[]): Expression {
  switch (node.kind) {
    case 'events':
      return addLeaf(node, { test: undefined, conditions: [], demand }, leaves);
    case 'itemCall':
      return extractItemCall(node, demand, leaves);
    case 'call':
      return extractCall(node, demand, leaves);
    case 'select':
    case 'quantifier':
    case 'fold': {
      const splits = node.kind !== 'quantifier' || node.fn === 'exists';
      const copy = mapChildren(node, (child) => child) as typeof node;
      const declarations = copy.declarations.map((declaration) => extractDeclaration(declaration, splits, leaves));
      if (copy.kind !== 'fold') return { ...copy, declarations };
      return { ...copy, declarations, body: copy.body && extract(copy.body, ANYTHING, leaves) };
    }
    case 'chain':
      return node.source.kind === 'events' ? extractChain(node, node.source, leaves) : extractChildren(node, leaves);
    default:
      return extractChildren(node, leaves);
  }
}

function extractChildren(node: Expression, leaves: LeafDraft[]): Expression {
  return mapChildren(node, (child) => extract(child, ANYTHING, leaves));
}

interface Place {
  readonly test: Expression | undefined;
  /** What still has to hold of a row, as an item. */
  readonly conditions: readonly Expression[];
  readonly demand: Demand;
}

function addLeaf(node: Events, { test, conditions, demand }: Place, leaves: LeafDraft[]): Events {
  const windows = conditions.map(windowOf);
  const horizons = windows.flatMap((window) => (window === undefined ? [] : [window]));
  const horizonMs = horizons.length > 0 ? Math.min(...horizons) : undefined;
  // The newest rows decide a count only where every other condition lets the newer of two rows pass.
  const isSuffix = windows.every((window) => window !== undefined);
  const newest = isSuffix ? demand.newest : undefined;
  leaves.push({ test, flags: [], eventTypes: eventTypesOf(test), keep: { horizonMs, newest } });
  return { ...node, leaf: leaves.length - 1 };
}

/** `xEvent[a][b]` is one condition on one list. */
function filterChain(
  node: Expression,
): { readonly events: Events; readonly conditions: readonly Expression[] } | undefined {
  if (node.kind === 'events') return { events: node, conditions: [] };
  if (node.kind !== 'itemCall' || node.fn !== 'filter' || node.body === undefined || node.body.kind === 'lambda')
    return undefined;
  const inner = filterChain(node.list);
  return inner && { events: inner.events, conditions: [...inner.conditions, node.body] };
}

function extractItemCall(node: ItemCall, demand: Demand, leaves: LeafDraft[]): Expression {
  const chain = filterChain(node);
  if (chain && chain.conditions.length > 0) return extractFilter(node, chain, demand, leaves);
  if (node.fn === 'exists' && node.body && node.body.kind !== 'lambda' && filterChain(node.list)) {
    return extract({ ...node, fn: 'filter' }, PRESENCE, leaves);
  }
  const wanted = node.fn === 'count' && node.body === undefined ? demand : ANYTHING;
  return mapChildren(node, (child) => extract(child, child === node.list ? wanted : ANYTHING, leaves));
}

type FilterChain = NonNullable<ReturnType<typeof filterChain>>;

function extractFilter(node: ItemCall, chain: FilterChain, demand: Demand, leaves: LeafDraft[]): Expression {
  const condition = conjunction(chain.conditions.flatMap(conjunctsOf)) as Expression;
  const { steady, rest } = splitCondition(condition);
  const conditions = rest === undefined ? [] : conjunctsOf(rest);
  const rows = addLeaf(chain.events, { test: steady, conditions, demand }, leaves);
  if (rest === undefined) return rows;
  return { ...node, list: rows, body: extract(rest, ANYTHING, leaves) };
}

const BOOLEAN_CALLS: ReadonlySet<string> = new Set(['and', 'or', 'not']);

function extractCall(node: Extract<Expression, { kind: 'call' }>, demand: Demand, leaves: LeafDraft[]): Expression {
  if (BOOLEAN_CALLS.has(node.fn)) return mapChildren(node, (child) => extract(child, PRESENCE, leaves));
  const [left, right] = node.args;
  const newest = thresholdOf(node.fn, left, right);
  if (newest !== undefined) return mapChildren(node, (child) => extract(child, { newest }, leaves));
  const wanted = node.fn === 'count' && node.args.length === 1 ? demand : ANYTHING;
  return mapChildren(node, (child) => extract(child, wanted, leaves));
}

/** How many of the newest rows settle `count() op n`, whichever side the number stands on. */
function thresholdOf(fn: string, left: Expression | undefined, right: Expression | undefined): number | undefined {
  const [count, literal] = left?.kind === 'literal' ? [right, left] : [left, right];
  if (literal?.kind !== 'literal' || typeof literal.value !== 'number' || !isCount(count)) return undefined;
  if (!COMPARISONS.has(fn as Comparison)) return undefined;
  // Whether there are at least n is settled by n of them; whether there are exactly n, by one more.
  const asksAtLeast = literal === right && (fn === '>=' || fn === '<');
  return Math.max(1, Math.ceil(literal.value) + (asksAtLeast ? 0 : 1));
}

const COMPARISONS: ReadonlySet<Comparison> = new Set(['=', '!=', '<', '<=', '>', '>=']);

const isCount = (node: Expression | undefined): boolean =>
  (node?.kind === 'itemCall' && node.fn === 'count' && node.body === undefined) ||
  (node?.kind === 'call' && node.fn === 'count');

function extractDeclaration(declaration: Declaration, splits: boolean, leaves: LeafDraft[]): Declaration {
  const { source, condition, slot } = declaration;
  if (source.kind !== 'events' || condition === undefined || !splits) {
    return {
      ...declaration,
      source: extract(source, ANYTHING, leaves),
      condition: condition && extract(condition, PRESENCE, leaves),
    };
  }
  const { steady, rest } = splitVariableCondition(condition, slot);
  const rows = addLeaf(source, { test: steady, conditions: [], demand: ANYTHING }, leaves);
  return { ...declaration, source: rows, condition: rest && extract(rest, PRESENCE, leaves) };
}

/**
 * An event that no step could take or count matters to no assignment; of the others a row says which steps' steady
 * conditions they meet.
 */
function extractChain(node: Chain, source: Events, leaves: LeafDraft[]): Expression {
  const flags: Expression[] = [];
  const splits = node.steps.map(({ what, where }) => splitCondition(conjunction([what, ...where]) as Expression));
  const steps = node.steps.map((step, index) => flagStep(step, splits[index] as SplitCondition, flags));
  const test = splits.every(({ steady }) => steady !== undefined) ? disjunction(flags) : undefined;
  leaves.push({ test, flags, eventTypes: eventTypesOf(test), keep: { horizonMs: chainHorizon(node) } });
  const leaf = leaves.length - 1;
  const placeholder: Expression = { kind: 'now', span: node.span, type: node.type };
  const rest = extractChildren({ ...node, steps, source: placeholder }, leaves) as Chain;
  return { ...rest, source: { ...source, leaf } };
}

function flagStep(step: Step, { steady, rest }: SplitCondition, flags: Expression[]): Step {
  if (steady === undefined) return step;
  const known = flags.findIndex((flag) => isSameCondition(flag, steady));
  const flag = known < 0 ? flags.push(steady) - 1 : known;
  const { span } = step.what;
  const item: Expression = { kind: 'item', depth: 0, span, type: ANY };
  const what: Expression = { kind: 'field', object: item, name: `#${flag}`, span, type: { kind: 'boolean' } };
  return { ...step, what, where: rest === undefined ? [] : [rest] };
}

const isSameCondition = (left: Expression, right: Expression) => print(left) === print(right);

function disjunction(parts: readonly Expression[]): Expression | undefined {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first;
  return { kind: 'call', fn: 'or', args: parts, span: first.span, type: { kind: 'boolean' } };
}

/**
 * The reach in milliseconds of `timestamp occurs <= N unit before now` (or tomorrow), at least; undefined for any other.
 * Such a window lets the newer of two rows pass whenever the older one does, unless the newer is in the future.
 */
function windowOf(condition: Expression): number | undefined {
  if (condition.kind !== 'occurs') return undefined;
  const { operand, when } = condition;
  const isTimestamp = operand.kind === 'field' && operand.name === 'timestamp' && operand.object.kind === 'item';
  if (!isTimestamp || (operand.object as { depth: number }).depth !== 0) return undefined;
  return reachBeforeNow(when);
}
