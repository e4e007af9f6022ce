/**
 * Computed attributes within an expression: `computed.<name>` stands for the expression of that name, and is replaced by
 * it. So whoever reads one keeps what it needs of events, and changes when it changes, like for any part of its own text.
 */
import type { Binding, Checked, Expression, Span } from './ast.ts';
import { type Diagnostic, errorAt } from './diagnostic.ts';
import { NESTING_DEPTH_MAX, NODE_COUNT_MAX } from './limits.ts';
import { childrenOf } from './tree.ts';
import { rebuild } from './tree-rebuild.ts';

export const COMPUTED = 'computed';

/** By name, without computed attributes of their own. */
export type ComputedExpressions = ReadonlyMap<string, Checked>;

/** Every name that an expression may mean by `computed.<name>`, before it is checked. */
export function computedNamesIn(parsed: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.kind === 'field' && isComputed(node.object)) names.add(node.name);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parsed);
  return names;
}

const isComputed = (node: Expression): boolean =>
  (node.kind === 'field' || node.kind === 'name') && node.name === COMPUTED;

/** The same tree where it reads none. */
export function inlineComputed(checked: Checked, expressions: ComputedExpressions): Checked {
  if (expressions.size === 0) return checked;
  let slots = slotsOf(checked);
  const visit = (node: Expression): Expression => {
    const expression = expressions.get(nameRead(node) ?? '');
    if (expression === undefined) return rebuild(node, visit);
    const placed = place(expression, slots, node.span);
    slots += slotsOf(expression);
    return placed;
  };
  return visit(checked);
}

const isAll = (node: Expression): boolean =>
  node.kind === 'field' && node.name === COMPUTED && node.object.kind === 'profile';

const nameRead = (node: Expression): string | undefined =>
  node.kind === 'field' && isAll(node.object) ? node.name : undefined;

/** What is wrong with a tree that computed attributes were put into. */
export function computedMistakes(inlined: Checked): readonly Diagnostic[] {
  const size = outgrown(inlined);
  const tooLarge = size === undefined ? [] : [errorAt(inlined.span, 'PQL2102', `with what it reads it has ${size}`)];
  const unknown = unknownComputed(inlined).map(({ name, span }) => {
    if (name === undefined) return errorAt(span, 'PQL3015', 'computed attributes are read one by one: name one');
    return errorAt(span, 'PQL3015', `no computed attribute that is published is named "${name}"`);
  });
  return [...tooLarge, ...unknown];
}

/** What is left of `computed` after `inlineComputed`: names that nobody computes, and the whole of it. */
export function unknownComputed(
  checked: Checked,
): readonly { readonly name: string | undefined; readonly span: Span }[] {
  const name = nameRead(checked);
  if (name !== undefined || isAll(checked)) return [{ name, span: checked.span }];
  return childrenOf(checked).flatMap(unknownComputed);
}

/** Every binding has a slot of its own in an expression. */
function slotsOf(node: Expression): number {
  let slots = 0;
  const visit = (each: Expression): void => {
    for (const { slot } of bindingsOf(each)) slots = Math.max(slots, slot + 1);
    for (const child of childrenOf(each)) visit(child);
  };
  visit(node);
  return slots;
}

function bindingsOf(node: Expression): readonly Pick<Binding, 'slot'>[] {
  switch (node.kind) {
    case 'variable':
      return [node];
    case 'lambda':
      return node.params;
    case 'let':
      return [node.binding];
    case 'select':
    case 'quantifier':
    case 'fold':
      return node.declarations;
    case 'chain':
      return node.steps;
    default:
      return [];
  }
}

/** A copy whose bindings follow those that are there already, and whose place is where the name stood. */
function place(node: Expression, slots: number, span: Span): Expression {
  const moved = <Bound extends { readonly slot: number }>(bound: Bound): Bound => ({
    ...bound,
    slot: bound.slot + slots,
  });
  const copy = { ...rebuild(node, (child) => place(child, slots, span)), span };
  switch (copy.kind) {
    case 'variable':
      return moved(copy);
    case 'lambda':
      return { ...copy, params: copy.params.map(moved) };
    case 'let':
      return { ...copy, binding: moved(copy.binding) };
    case 'select':
    case 'quantifier':
    case 'fold':
      return { ...copy, declarations: copy.declarations.map(moved) };
    case 'chain':
      return { ...copy, steps: copy.steps.map(moved) };
    default:
      return copy;
  }
}

/** Expressions within expressions grow faster than their text: the bounds of a text hold for the whole as well. */
export function outgrown(checked: Checked): string | undefined {
  let [level, nodes]: [readonly Expression[], number] = [[checked], 0];
  for (let depth = 1; level.length > 0; depth += 1) {
    nodes += level.length;
    if (nodes > NODE_COUNT_MAX) return `more than ${NODE_COUNT_MAX} parts (NODE_COUNT_MAX)`;
    if (depth > NESTING_DEPTH_MAX) return `more than ${NESTING_DEPTH_MAX} levels of nesting (NESTING_DEPTH_MAX)`;
    level = level.flatMap(childrenOf);
  }
  return undefined;
}
