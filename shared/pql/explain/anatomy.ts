/** What an expression's node is called in an explanation, which of its parts stand by themselves, and its text. */
import type { Chain, Expression, Step } from '../ast.ts';
import { childrenOf } from '../incremental/tree.ts';
import { print } from '../printer.ts';
import { BOOLEAN } from '../types.ts';
import type { ExplanationKind } from './explanation.ts';
import { TEXT_LENGTH_MAX } from './limits.ts';
import { filtered, type ListUse } from './list-use.ts';

const CALLS: ReadonlyMap<string, ExplanationKind> = new Map<string, ExplanationKind>([
  ['and', 'and'],
  ['or', 'or'],
  ['not', 'not'],
  ['if', 'if'],
  ['inSegment', 'membership'],
  ['count', 'aggregate'],
]);

const ITEM_CALLS: ReadonlyMap<string, ExplanationKind> = new Map<string, ExplanationKind>([
  ['filter', 'filter'],
  ['exists', 'quantifier'],
  ['forall', 'quantifier'],
  ['sum', 'aggregate'],
  ['average', 'aggregate'],
  ['min', 'aggregate'],
  ['max', 'aggregate'],
  ['distinctCount', 'aggregate'],
]);

const KINDS: Readonly<Partial<Record<Expression['kind'], ExplanationKind>>> = {
  let: 'let',
  occurs: 'time',
  quantifier: 'quantifier',
  fold: 'aggregate',
  select: 'filter',
  chain: 'chain',
  events: 'events',
  variable: 'variable',
};

export function kindOf(node: Expression): ExplanationKind {
  if (node.kind === 'call') return CALLS.get(node.fn) ?? (node.type.kind === 'boolean' ? 'test' : 'value');
  if (node.kind === 'itemCall') return ITEM_CALLS.get(node.fn) ?? 'value';
  if (node.kind === 'field') return baseOf(node).kind === 'profile' ? 'attribute' : 'field';
  return KINDS[node.kind] ?? 'value';
}

/** What a path starts at. */
export function baseOf(node: Expression): Expression {
  return node.kind === 'field' ? baseOf(node.object) : node;
}

/** The parts that need no item and no variable of the node's own, without those that say nothing new. */
export function closedPartsOf(node: Expression): readonly Expression[] {
  return rawParts(node).filter((part) => !speaksForItself(part));
}

function rawParts(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'field':
      return [baseOf(node)];
    case 'let':
      return [node.value];
    case 'select':
    case 'quantifier':
    case 'fold':
      return node.declarations.slice(0, 1).map(({ source }) => source);
    case 'chain':
      return [node.source];
    case 'lambda':
      return [];
    case 'itemCall':
      return [node.list, ...node.args];
    default:
      return childrenOf(node).map((child) => child.node);
  }
}

function speaksForItself(node: Expression): boolean {
  if (node.kind === 'list') return node.items.every(speaksForItself);
  return node.kind === 'literal' || node.kind === 'now' || node.kind === 'period' || node.kind === 'profile';
}

export interface Text {
  readonly text: string;
  readonly isCut: boolean;
}

export function cutText(text: string): Text {
  const isCut = text.length > TEXT_LENGTH_MAX;
  return { text: isCut ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text, isCut };
}

/** A condition on an item reads as it does between brackets; one of a lambda, as it does behind the arrow. */
export function textOfCondition(condition: Expression): string {
  if (condition.kind === 'lambda') return print(condition.body);
  const { span } = condition;
  const list: Expression = { kind: 'events', span, type: { kind: 'list', item: { kind: 'any' } } };
  return print(filtered(list, condition)).slice('xEvent['.length, -1);
}

export function textOfStep(chain: Chain, step: Step): string {
  const empty = print({ ...chain, steps: [] });
  return print({ ...chain, steps: [step] }).slice(empty.length - 2, -2);
}

/** The events that a step could take, but for their order and for times that hang on other steps. */
export function listUseOfStep({ source, time, steps }: Chain, { what, where, when }: Step): ListUse {
  const labels = new Set(steps.map(({ slot }) => slot));
  const times = when.map(
    (each): Expression => ({ kind: 'occurs', operand: time, when: each, span: time.span, type: BOOLEAN }),
  );
  const own = times.filter((each) => !readsAny(each, labels));
  const conditions = [what, ...where, ...own];
  return { list: source, conditions, matching: conditions.reduce<Expression>(filtered, source) };
}

const readsAny = (node: Expression, slots: ReadonlySet<number>): boolean =>
  (node.kind === 'variable' && slots.has(node.slot)) || childrenOf(node).some((child) => readsAny(child.node, slots));
