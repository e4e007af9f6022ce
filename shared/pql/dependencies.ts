/** What an expression reads. An event or attribute outside of it can't change the answer. */
import type { Checked, Expression, Field } from './ast.ts';
import { childrenOf } from './tree.ts';

export interface Dependencies {
  /** Paths from the profile; an empty path stands for the whole profile. */
  readonly attributes: readonly string[];
  /** 'any' where a use of the events is not limited to types. */
  readonly eventTypes: readonly string[] | 'any';
  /** Paths from the event; an empty path stands for the whole event. */
  readonly eventFields: readonly string[];
  readonly segments: readonly string[];
  readonly readsEvents: boolean;
  readonly readsNow: boolean;
}

interface Reads {
  readonly attributes: Set<string>;
  readonly eventFields: Set<string>;
  readonly segments: Set<string>;
  eventTypes: Set<string> | 'any';
  readsEvents: boolean;
  readsNow: boolean;
}

/** Whose items are in a scope: each item is a value of the path from the profile or the event. */
type Origin = { readonly of: 'profile' | 'event'; readonly path: readonly string[] } | undefined;

interface Scope {
  readonly items: readonly Origin[];
  readonly variables: ReadonlyMap<number, Origin>;
}

export function dependencies(checked: Checked): Dependencies {
  const reads: Reads = {
    attributes: new Set(),
    eventFields: new Set(),
    segments: new Set(),
    eventTypes: new Set(),
    readsEvents: false,
    readsNow: false,
  };
  use(reads, { items: [], variables: new Map() }, checked);
  const { attributes, eventFields, segments, eventTypes, readsEvents, readsNow } = reads;
  return {
    attributes: [...attributes].toSorted(),
    eventTypes: eventTypes === 'any' ? 'any' : [...eventTypes].toSorted(),
    eventFields: [...eventFields].toSorted(),
    segments: [...segments].toSorted(),
    readsEvents,
    readsNow,
  };
}

/** Records what a node's value is read from, as a whole. */
function use(reads: Reads, scope: Scope, node: Expression): void {
  const origin = visit(reads, scope, node);
  if (origin?.of === 'profile') reads.attributes.add(origin.path.join('.'));
  if (origin?.of === 'event') reads.eventFields.add(origin.path.join('.'));
}

const CLOCK_FUNCTIONS: ReadonlySet<string> = new Set(['currentYear', 'currentMonth', 'currentDayOfMonth']);

/** What a node stands for, having recorded what its parts read. Undefined for what is computed. */
function visit(reads: Reads, scope: Scope, node: Expression): Origin {
  switch (node.kind) {
    case 'profile':
      return { of: 'profile', path: [] };
    case 'events':
      reads.readsEvents = true;
      reads.eventTypes = 'any';
      return { of: 'event', path: [] };
    case 'item':
      return scope.items.at(-1 - node.depth);
    case 'variable':
      return scope.variables.get(node.slot);
    case 'field':
      return visitField(reads, scope, node);
    case 'now':
    case 'period':
      reads.readsNow = true;
      return undefined;
    case 'call':
      return visitCall(reads, scope, node);
    case 'itemCall':
      return visitItemCall(reads, scope, node);
    case 'let': {
      const origin = visit(reads, scope, node.value);
      return visit(reads, withVariable(scope, node.binding.slot, origin), node.body);
    }
    case 'select':
    case 'quantifier':
    case 'fold':
      return visitQuery(reads, scope, node);
    case 'chain':
      return visitChain(reads, scope, node);
    default:
      for (const child of childrenOf(node)) use(reads, scope, child);
      return undefined;
  }
}

function visitField(reads: Reads, scope: Scope, node: Field): Origin {
  const origin = visit(reads, scope, node.object);
  return origin && { of: origin.of, path: [...origin.path, node.name] };
}

function withVariable(scope: Scope, slot: number, origin: Origin): Scope {
  return { ...scope, variables: new Map(scope.variables).set(slot, origin) };
}

const withItem = (scope: Scope, origin: Origin): Scope => ({ ...scope, items: [...scope.items, origin] });

const HELD_BY_ITEMS: ReadonlySet<string> = new Set(['filter', 'topN', 'bottomN']);

function visitCall(reads: Reads, scope: Scope, node: Extract<Expression, { kind: 'call' }>): Origin {
  if (CLOCK_FUNCTIONS.has(node.fn)) reads.readsNow = true;
  const [first] = node.args;
  if (node.fn === 'inSegment' && first?.kind === 'literal') reads.segments.add(String(first.value));
  if (node.fn === 'head' && first !== undefined) return visit(reads, scope, first);
  if (node.fn === 'count' && first !== undefined) {
    const origin = visit(reads, scope, first);
    // How many there are depends on no field of an event.
    if (origin?.of === 'profile' || (origin?.path.length ?? 0) > 0) use(reads, scope, first);
    return undefined;
  }
  for (const argument of node.args) use(reads, scope, argument);
  return undefined;
}

function visitItemCall(reads: Reads, scope: Scope, node: Extract<Expression, { kind: 'itemCall' }>): Origin {
  const origin = visitSource(reads, scope, node.list, node.fn === 'filter' ? node.body : undefined);
  for (const argument of node.args) use(reads, scope, argument);
  const { body } = node;
  if (body?.kind === 'lambda') {
    const last = body.params.at(-1);
    use(reads, last === undefined ? scope : withVariable(scope, last.slot, origin), body.body);
  } else if (body !== undefined) use(reads, withItem(scope, origin), body);
  else if (node.fn !== 'exists') use(reads, scope, node.list);
  return HELD_BY_ITEMS.has(node.fn) || node.fn === 'groupBy' ? origin : undefined;
}

/** Events narrowed at once by their type are the only ones read. */
function visitSource(reads: Reads, scope: Scope, source: Expression, condition: Expression | undefined): Origin {
  const types = source.kind === 'events' && condition ? typesOf(condition, isItemType) : undefined;
  return visitTyped(reads, scope, source, types);
}

function visitTyped(reads: Reads, scope: Scope, source: Expression, types: readonly string[] | undefined): Origin {
  if (types === undefined) return visit(reads, scope, source);
  reads.readsEvents = true;
  if (reads.eventTypes !== 'any') for (const type of types) reads.eventTypes.add(type);
  return { of: 'event', path: [] };
}

type IsType = (node: Expression) => boolean;

const isItemType: IsType = (node) =>
  node.kind === 'field' && node.name === 'eventType' && node.object.kind === 'item' && node.object.depth === 0;

const isTypeOf =
  (slot: number): IsType =>
  (node) =>
    node.kind === 'field' && node.name === 'eventType' && node.object.kind === 'variable' && node.object.slot === slot;

/** The event types that a condition lets through; undefined if it may let through any. */
function typesOf(condition: Expression, isType: IsType): readonly string[] | undefined {
  if (condition.kind === 'lambda') {
    const [param] = condition.params;
    return param && typesOf(condition.body, isTypeOf(param.slot));
  }
  if (condition.kind !== 'call') return undefined;
  const { fn, args, ignoreCase } = condition;
  const [left, ...rest] = args;
  if (fn === 'and') return args.map((argument) => typesOf(argument, isType)).find((types) => types !== undefined);
  if (fn === 'or') {
    const all = args.map((argument) => typesOf(argument, isType));
    return all.includes(undefined) ? undefined : all.flatMap((types) => types ?? []);
  }
  if (left === undefined || ignoreCase || !isType(left)) return undefined;
  if (fn === '=' || fn === 'equals') return stringsOf(rest);
  return fn === 'in' && rest[0]?.kind === 'list' ? stringsOf(rest[0].items) : undefined;
}

function stringsOf(nodes: readonly Expression[]): readonly string[] | undefined {
  const values = nodes.map((node) =>
    node.kind === 'literal' && typeof node.value === 'string' ? node.value : undefined,
  );
  return values.includes(undefined) ? undefined : (values as readonly string[]);
}

function visitQuery(
  reads: Reads,
  scope: Scope,
  node: Extract<Expression, { kind: 'select' | 'quantifier' | 'fold' }>,
): Origin {
  let inner = scope;
  let origin: Origin;
  const asserts = node.kind === 'quantifier' && node.fn === 'forall';
  for (const { slot, source, condition } of node.declarations) {
    const narrows = source.kind === 'events' && condition !== undefined && !asserts;
    const types = narrows ? typesOf(condition, isTypeOf(slot)) : undefined;
    origin = visitTyped(reads, inner, source, types);
    inner = withVariable(inner, slot, origin);
    if (condition !== undefined) use(reads, inner, condition);
  }
  if (node.kind === 'fold' && node.body !== undefined) use(reads, inner, node.body);
  if (node.kind === 'select' && node.declarations.length === 1) return origin;
  if (node.kind === 'select') for (const { slot } of node.declarations) useOrigin(reads, inner.variables.get(slot));
  if (node.kind === 'fold' && node.body === undefined) useFolded(reads, node.fn, origin);
  return undefined;
}

/** How many events there are depends on no field of theirs. */
function useFolded(reads: Reads, fn: string, origin: Origin): void {
  if (fn !== 'count' || origin?.of !== 'event' || origin.path.length > 0) useOrigin(reads, origin);
}

function useOrigin(reads: Reads, origin: Origin): void {
  if (origin?.of === 'profile') reads.attributes.add(origin.path.join('.'));
  if (origin?.of === 'event') reads.eventFields.add(origin.path.join('.'));
}

function visitChain(reads: Reads, scope: Scope, node: Extract<Expression, { kind: 'chain' }>): Origin {
  const steps = node.steps.map(({ what }) => typesOf(what, isItemType));
  const types =
    node.source.kind === 'events' && !steps.includes(undefined) ? steps.flatMap((each) => each ?? []) : undefined;
  const origin = visitTyped(reads, scope, node.source, types);
  const inner = withItem(scope, origin);
  use(reads, inner, node.time);
  for (const { what, where, when } of node.steps) {
    for (const condition of [what, ...where]) use(reads, inner, condition);
    for (const each of when) {
      const references = each.form === 'between' ? [each.from, each.to] : [each.reference];
      for (const reference of references) use(reads, scope, reference);
    }
  }
  if (node.steps.some(({ count }) => !count.positive)) reads.readsNow = true;
  return undefined;
}
