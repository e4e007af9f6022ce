/**
 * Where an expression goes through a list: which list, which conditions an item has to meet, and the expression of the
 * items that meet them all. The pieces are expressions again, so the evaluator itself says what they come to.
 */
import type { Declaration, Expression, Fold, ItemCall, Lambda, Quantifier, Select } from '../ast.ts';
import { childrenOf, conjunctsOf } from '../incremental/tree.ts';
import { BOOLEAN, listOf, type Type } from '../types.ts';

export interface ListUse {
  readonly list: Expression;
  /** Each stands in the item's scope, or is a lambda over the item. */
  readonly conditions: readonly Expression[];
  /** The items that meet every condition. */
  readonly matching: Expression;
  /** Every item has to comply, so that those which do not are what matters. */
  readonly asserts?: true;
}

/** `list[condition]`. */
export function filtered(list: Expression, condition: Expression): ItemCall {
  return { kind: 'itemCall', fn: 'filter', list, body: condition, args: [], span: condition.span, type: list.type };
}

/** `xEvent[a][b]`: what is filtered, and by what. */
function filterChain(node: Expression): { readonly list: Expression; readonly conditions: readonly Expression[] } {
  if (node.kind !== 'itemCall' || node.fn !== 'filter' || node.body === undefined)
    return { list: node, conditions: [] };
  const inner = filterChain(node.list);
  return { list: inner.list, conditions: [...inner.conditions, ...conditionsOf(node.body)] };
}

/** A conjunction taken apart; the parts of a lambda are lambdas. */
function conditionsOf(body: Expression): readonly Expression[] {
  if (body.kind !== 'lambda') return conjunctsOf(body);
  const parts = conjunctsOf(body.body);
  return body.params.length === 1 ? parts.map((part): Lambda => ({ ...body, body: part, span: part.span })) : [body];
}

/** The node itself as a list, or what it asks of the items of one; undefined where it goes through no list. */
export function listUseOf(node: Expression): ListUse | undefined {
  switch (node.kind) {
    case 'events':
    case 'variable':
      return { list: node, conditions: [], matching: node };
    case 'itemCall':
      return listUseOfCall(node);
    case 'select':
    case 'quantifier':
    case 'fold':
      return listUseOfTuples(node);
    default:
      return undefined;
  }
}

function listUseOfCall(node: ItemCall): ListUse | undefined {
  if (node.body === undefined) return undefined;
  if (node.fn === 'filter') return { ...filterChain(node), matching: node };
  if (node.fn !== 'exists' && node.fn !== 'forall') return undefined;
  const conditions = conditionsOf(node.body);
  const matching = filtered(node.list, node.body);
  if (node.fn === 'forall') return { list: node.list, conditions, matching, asserts: true };
  const inner = filterChain(node.list);
  return { list: inner.list, conditions: [...inner.conditions, ...conditions], matching };
}

/** Of several declarations the first: an item matches if the others can be found to go with it. */
function listUseOfTuples(node: Select | Quantifier | Fold): ListUse | undefined {
  const [first, ...rest] = node.declarations;
  if (first === undefined) return undefined;
  const own = first.condition === undefined ? [] : conjunctsOf(first.condition);
  const others = rest.length === 0 ? [] : [quantified(node, rest)];
  const conditions = [...own, ...others].map((condition) => lambdaOver(first, condition));
  const [only] = conditions;
  if (only === undefined) return { list: first.source, conditions: [], matching: first.source };
  const matching = conditions.reduce<Expression>(filtered, first.source);
  return { list: first.source, conditions, matching, ...(assertsAll(node) ? { asserts: true } : {}) };
}

const assertsAll = (node: Select | Quantifier | Fold): boolean => node.kind === 'quantifier' && node.fn === 'forall';

function quantified(node: Select | Quantifier | Fold, declarations: readonly Declaration[]): Quantifier {
  const fn = assertsAll(node) ? 'forall' : 'exists';
  return { kind: 'quantifier', fn, declarations, span: declarations[0]?.span ?? node.span, type: BOOLEAN };
}

function lambdaOver({ name, slot, span }: Declaration, body: Expression): Lambda {
  return { kind: 'lambda', params: [{ name, slot, span }], body, span: body.span, type: BOOLEAN };
}

/** What each item of the list adds to an aggregate, as a list in step with the matching items. */
export function contributionsOf(
  node: Expression,
): { readonly list: Expression; readonly each: Expression } | undefined {
  if (node.kind === 'fold') {
    const use = listUseOfTuples(node);
    const [only, second] = node.declarations;
    if (use === undefined || only === undefined || second !== undefined || node.body === undefined) return undefined;
    return { list: node, each: mapped(use.matching, lambdaOver(only, node.body)) };
  }
  if (node.kind !== 'itemCall' || !AGGREGATES.has(node.fn)) return undefined;
  if (node.body !== undefined)
    return isList(node.list) ? { list: node.list, each: mapped(node.list, node.body) } : undefined;
  const path = pathBelow(node.list);
  return path && isList(path.list) ? { list: path.list, each: mapped(path.list, path.body) } : undefined;
}

const AGGREGATES: ReadonlySet<string> = new Set(['sum', 'average', 'min', 'max', 'distinctCount']);

const isList = (node: Expression): boolean =>
  node.kind === 'events' || (node.kind === 'itemCall' && node.fn === 'filter');

function mapped(list: Expression, body: Expression): Expression {
  return { kind: 'itemCall', fn: 'map', list, body, args: [], span: body.span, type: listOf(body.type) };
}

/** `list.a.b` as the path `a.b` of an item. */
function pathBelow(node: Expression): { readonly list: Expression; readonly body: Expression } | undefined {
  if (node.kind !== 'field') return undefined;
  const inner = pathBelow(node.object) ?? { list: node.object, body: itemOf(node.object) };
  return { list: inner.list, body: { ...node, object: inner.body } };
}

const ANY: Type = { kind: 'any' };

const itemOf = ({ span, type }: Expression): Expression => ({
  kind: 'item',
  depth: 0,
  span,
  type: type.kind === 'list' ? type.item : ANY,
});

/** Whether what becomes of one event of the list depends on no other: the expression reads events in one place. */
export function judgesEachAlone(node: Expression): boolean {
  return countEvents(node) === 1;
}

const countEvents = (node: Expression): number =>
  node.kind === 'events' ? 1 : childrenOf(node).reduce((sum, child) => sum + countEvents(child.node), 0);
