/** Tells which conditions on an event never change for it: they can be decided once, when it arrives. */
import type { Expression } from '../ast.ts';
import type { Guard } from './plan.ts';
import { childrenOf, conjunction, conjunctsOf, mapChildren } from './tree.ts';

/** Functions whose answer rests on something other than their arguments. */
const UNSTEADY: ReadonlySet<string> = new Set(['currentYear', 'currentMonth', 'currentDayOfMonth', 'inSegment']);

export interface SplitCondition {
  /** Decided by the event alone; refers to the event as the innermost item. */
  readonly steady: Expression | undefined;
  /** Everything else, in the scope that it stood in. */
  readonly rest: Expression | undefined;
}

/** Splits a condition in an item scope whose item is an event. */
export function splitCondition(condition: Expression): SplitCondition {
  const conjuncts = conjunctsOf(condition);
  const steady = conjuncts.filter((part) => isSteady(part, 0, new Set()));
  return {
    steady: conjunction(steady),
    rest: conjunction(conjuncts.filter((part) => !steady.includes(part))),
  };
}

/** Splits a condition that names the event by a variable. */
export function splitVariableCondition(condition: Expression, slot: number): SplitCondition {
  const conjuncts = conjunctsOf(condition).map((part) => ({ part, moved: variableToItem(part, slot, 0) }));
  const steady = conjuncts.filter(({ part, moved }) => !readsItems(part, 0) && isSteady(moved, 0, new Set()));
  return {
    steady: conjunction(steady.map(({ moved }) => moved)),
    rest: conjunction(conjuncts.filter((entry) => !steady.includes(entry)).map(({ part }) => part)),
  };
}

function isSteady(node: Expression, depth: number, bound: ReadonlySet<number>): boolean {
  switch (node.kind) {
    case 'now':
    case 'period':
    case 'profile':
    case 'events':
      return false;
    case 'item':
      return node.depth <= depth;
    case 'variable':
      return bound.has(node.slot);
    case 'call':
      if (UNSTEADY.has(node.fn)) return false;
      break;
    default:
      break;
  }
  const inner = withBindings(node, bound);
  return childrenOf(node).every((child) => isSteady(child.node, depth + (child.scoped ? 1 : 0), inner));
}

function withBindings(node: Expression, bound: ReadonlySet<number>): ReadonlySet<number> {
  switch (node.kind) {
    case 'lambda':
      return new Set([...bound, ...node.params.map(({ slot }) => slot)]);
    case 'let':
      return new Set([...bound, node.binding.slot]);
    case 'select':
    case 'quantifier':
    case 'fold':
      return new Set([...bound, ...node.declarations.map(({ slot }) => slot)]);
    case 'chain':
      return new Set([...bound, ...node.steps.map(({ slot }) => slot)]);
    default:
      return bound;
  }
}

function variableToItem(node: Expression, slot: number, depth: number): Expression {
  if (node.kind === 'variable' && node.slot === slot) return { kind: 'item', depth, span: node.span, type: node.type };
  return mapChildren(node, (child, scoped) => variableToItem(child, slot, depth + (scoped ? 1 : 0)));
}

/** Whether it refers to an item outside of its own scopes: moved into another scope it would mean something else. */
function readsItems(node: Expression, depth: number): boolean {
  if (node.kind === 'item') return node.depth >= depth;
  return childrenOf(node).some((child) => readsItems(child.node, depth + (child.scoped ? 1 : 0)));
}

/** The event types outside of which a steady condition never holds. */
export function eventTypesOf(test: Expression | undefined): readonly string[] | 'any' {
  if (test === undefined) return 'any';
  for (const part of conjunctsOf(test)) {
    const types = typesOfPart(part);
    if (types !== undefined) return types;
  }
  return 'any';
}

const isEventType = (node: Expression | undefined): boolean =>
  node?.kind === 'field' && node.name === 'eventType' && node.object.kind === 'item' && node.object.depth === 0;

function typesOfPart(part: Expression): readonly string[] | undefined {
  if (part.kind !== 'call' || part.ignoreCase) return undefined;
  if (part.fn === 'or') return typesOfAlternatives(part.args);
  const [left, ...rest] = part.args;
  if (part.fn === '=' && rest.length === 1 && isEventType(rest[0])) return textsOf(left ? [left] : []);
  if (!isEventType(left)) return undefined;
  if (part.fn === '=' || part.fn === 'equals') return textsOf(rest);
  const [list] = rest;
  return part.fn === 'in' && list?.kind === 'list' ? textsOf(list.items) : undefined;
}

function typesOfAlternatives(alternatives: readonly Expression[]): readonly string[] | undefined {
  const types = alternatives.map((alternative) => eventTypesOf(alternative));
  return types.includes('any') ? undefined : [...new Set((types as string[][]).flat())];
}

function textsOf(nodes: readonly Expression[]): readonly string[] | undefined {
  const texts = nodes.flatMap((node) =>
    node.kind === 'literal' && typeof node.value === 'string' ? [node.value] : [],
  );
  return texts.length === nodes.length && texts.length > 0 ? texts : undefined;
}

const isText = (node: Expression | undefined) => node?.kind === 'literal' && typeof node.value === 'string';

/** A field that must equal one of some texts for a steady condition to hold, besides the event type; undefined without one. */
export function guardOf(test: Expression | undefined): Guard | undefined {
  if (test === undefined) return undefined;
  for (const part of conjunctsOf(test)) {
    const guard = guardOfPart(part);
    if (guard !== undefined && guard.path[0] !== 'eventType') return guard;
  }
  return undefined;
}

function guardOfPart(part: Expression): Guard | undefined {
  if (part.kind !== 'call' || part.ignoreCase || part.args.length !== 2) return undefined;
  const [left, right] = part.args as [Expression, Expression];
  const [field, wanted] = part.fn === '=' && isText(left) ? [right, left] : [left, right];
  const path = pathOf(field);
  if (path === undefined) return undefined;
  const list = part.fn === '=' ? [wanted] : part.fn === 'in' && wanted.kind === 'list' ? wanted.items : [];
  const values = textsOf(list);
  return values && { path, values };
}

/** Names from the event to what is read of it as it is. */
function pathOf(node: Expression): readonly string[] | undefined {
  if (node.kind !== 'field' || node.stored !== undefined) return undefined;
  if (node.object.kind === 'item') return node.object.depth === 0 ? [node.name] : undefined;
  const above = pathOf(node.object);
  return above && [...above, node.name];
}
