/** From the outline to the tree that is answered: every part with its value, what it rests on, and what it lacks. */
import type { Chain, Expression, Step } from '../ast.ts';
import { truth } from '../compiler/code.ts';
import { print } from '../printer.ts';
import type { Value } from '../value.ts';
import { closedPartsOf, cutText, kindOf, listUseOfStep, textOfCondition, textOfStep } from './anatomy.ts';
import { findEvidence, type ListFindings } from './evidence.ts';
import type { Evidence, ExplanationNode, Flip, Need } from './explanation.ts';
import { CONDITIONS_MAX, EVIDENCE_TOTAL_MAX, NODES_MAX } from './limits.ts';
import { contributionsOf, type ListUse, listUseOf } from './list-use.ts';
import { needOf, needOfComparison, unitOfList } from './need.ts';
import { type Context, insideOf, type OutlineNode } from './outline.ts';
import { showValue } from './shown-value.ts';
import type { World } from './world.ts';

export interface Marks {
  readonly deciding: ReadonlySet<string>;
  readonly sensitive: ReadonlySet<OutlineNode>;
  readonly flips: ReadonlyMap<OutlineNode, Flip>;
}

/** What an aggregate makes of each item of a list below it. */
type Contributions = ReturnType<typeof contributionsOf>;

interface Extras {
  readonly children?: readonly (() => ExplanationNode)[];
  readonly evidence?: Evidence | undefined;
  readonly need?: Need | undefined;
  readonly segment?: string;
}

interface Position {
  readonly context: Context;
  /** Whether the surroundings ask whether it is true. */
  readonly isTruth?: boolean;
  readonly contributions?: Contributions;
}

export class Renderer {
  readonly #world: World;
  readonly #marks: Marks;
  #nodesLeft = NODES_MAX - 1;
  #evidenceLeft = EVIDENCE_TOTAL_MAX;
  #isTruncated = false;

  constructor(world: World, marks: Marks) {
    this.#world = world;
    this.#marks = marks;
  }

  /** Whether anything was left out of what was rendered so far. */
  get isTruncated(): boolean {
    return this.#isTruncated;
  }

  outline(outline: OutlineNode): ExplanationNode {
    const { form, node, context, parts, value, key } = outline;
    const flip = this.#marks.flips.get(outline);
    const position: Position = { context, isTruth: true };
    const extras =
      form === 'condition' ? this.#extrasOf(node, value, position) : { children: this.#junction(outline, parts) };
    const rendered = this.#finish(node, value, position, extras);
    return {
      ...rendered,
      decisive: key === undefined ? rendered.children.some(({ decisive }) => decisive) : this.#marks.deciding.has(key),
      sensitive: this.#marks.sensitive.has(outline),
      ...(flip === undefined ? {} : { nextFlip: flip }),
    };
  }

  #junction({ node, context }: OutlineNode, parts: readonly OutlineNode[]): readonly (() => ExplanationNode)[] {
    const bound = node.kind === 'let' ? this.#partsOf(node, { context }) : [];
    return [...bound, ...parts.map((part) => () => this.outline(part))];
  }

  /** A part that stands by itself but decides nothing directly. */
  #part(node: Expression, position: Position): ExplanationNode {
    const value = this.#world.value(position.context.close(node));
    return this.#finish(node, value, position, this.#extrasOf(node, value, position));
  }

  #finish(node: Expression, value: Value, { isTruth }: Position, extras: Extras): ExplanationNode {
    const { text, isCut } = cutText(print(node));
    const shown = showValue(value, this.#world.events);
    const makers = extras.children ?? [];
    const children = this.#withinBudget(makers);
    const isTruncated = isCut || shown.isCut || children.length < makers.length;
    if (isTruncated || extras.evidence?.truncated) this.#isTruncated = true;
    const { children: _, ...found } = extras;
    return {
      kind: kindOf(node),
      text,
      start: node.span.start,
      end: node.span.end,
      value: shown.value,
      ...(isTruth || node.type.kind === 'boolean' ? { outcome: truth(value) } : {}),
      decisive: false,
      sensitive: false,
      children,
      ...found,
      ...(isTruncated ? { truncated: true } : {}),
    };
  }

  #withinBudget(makers: readonly (() => ExplanationNode)[]): readonly ExplanationNode[] {
    const kept = makers.slice(0, this.#nodesLeft);
    this.#nodesLeft -= kept.length;
    return kept.map((make) => make());
  }

  #partsOf(node: Expression, { context, contributions }: Position): readonly (() => ExplanationNode)[] {
    const isJunction = node.kind === 'call' && (node.fn === 'and' || node.fn === 'or' || node.fn === 'not');
    const passedOn = contributionsOf(node) ?? (node.kind === 'field' ? contributions : undefined);
    const inner = { context, isTruth: isJunction, contributions: passedOn };
    return closedPartsOf(node).map((part) => () => this.#part(part, inner));
  }

  #extrasOf(node: Expression, value: Value, position: Position): Extras {
    if (node.kind === 'let') return this.#extrasOfLet(node, position);
    if (node.kind === 'chain') return this.#extrasOfChain(node, value, position.context);
    const use = listUseOf(node);
    const findings = use && this.#findEvidence(use, node, position);
    if (use && findings) return this.#extrasOfList(node, use, findings, position);
    const children = this.#partsOf(node, position);
    if (node.kind !== 'call') return { children };
    if (node.fn === 'inSegment')
      return { segment: String(this.#world.value(position.context.close(node.args[0] as Expression))) };
    const need = needOfComparison(node, (operand) => this.#world.value(position.context.close(operand)));
    return { children, ...(need === undefined ? {} : { need }) };
  }

  #extrasOfLet(node: Extract<Expression, { kind: 'let' }>, { context, isTruth }: Position): Extras {
    const inner: Position = { context: insideOf(node, context), ...(isTruth ? { isTruth } : {}) };
    return { children: [...this.#partsOf(node, { context }), () => this.#part(node.body, inner)] };
  }

  #findEvidence(use: ListUse, node: Expression, { context, contributions }: Position): ListFindings | undefined {
    const made = contributionsOf(node) ?? contributions;
    const findings = findEvidence(this.#world, {
      use,
      close: context.close,
      conditions: use.conditions.slice(0, CONDITIONS_MAX).map((each) => ({ node: each, text: conditionText(each) })),
      contributions: made?.list === node ? made.each : undefined,
      eventsMax: this.#evidenceLeft,
    });
    this.#evidenceLeft -= findings?.evidence.events.length ?? 0;
    return findings;
  }

  #extrasOfList(node: Expression, use: ListUse, { evidence, passed }: ListFindings, position: Position): Extras {
    const below = isPlainList(use.list) ? [] : [() => this.#part(use.list, { context: position.context })];
    const conditions = use.conditions.map((each, index) => () => this.#condition(each, passed[index]));
    const isRead = use.list.kind === 'events' || evidence.events.length > 0 || use.conditions.length > 0;
    const need = position.isTruth ? needOfItems(node, use, evidence) : undefined;
    return {
      children: [...below, ...conditions],
      ...(isRead ? { evidence } : {}),
      ...(need === undefined ? {} : { need }),
    };
  }

  /** A condition on each item has no value of its own; it holds for so many of them. */
  #condition(node: Expression, passed: number | undefined): ExplanationNode {
    const { text, isCut } = cutText(conditionText(node));
    if (isCut) this.#isTruncated = true;
    const { start, end } = node.kind === 'lambda' ? node.body.span : node.span;
    return {
      kind: 'condition',
      text,
      start,
      end,
      value: null,
      decisive: false,
      sensitive: false,
      children: [],
      ...(passed === undefined ? {} : { passed }),
      ...(isCut ? { truncated: true } : {}),
    };
  }

  #extrasOfChain(chain: Chain, value: Value, context: Context): Extras {
    const { steps } = chain;
    const reached = steps.map((_, index) => {
      const isWhole = index === steps.length - 1;
      const prefix = isWhole ? value : this.#world.value(context.close({ ...chain, steps: steps.slice(0, index + 1) }));
      return prefix === true;
    });
    const need = needOf({ have: reached.lastIndexOf(true) + 1, comparison: '>=', want: steps.length, unit: 'steps' });
    const children = steps.map((step, index) => () => this.#step(chain, step, context, reached[index] === true));
    return { children, need };
  }

  #step(chain: Chain, step: Step, context: Context, reached: boolean): ExplanationNode {
    const use = listUseOfStep(chain, step);
    const findings = this.#findEvidence(use, chain, { context });
    const conditions = use.conditions.map((each, index) => () => this.#condition(each, findings?.passed[index]));
    const { text, isCut } = cutText(textOfStep(chain, step));
    const children = this.#withinBudget(conditions);
    const isTruncated = isCut || children.length < conditions.length;
    if (isTruncated || findings?.evidence.truncated) this.#isTruncated = true;
    return {
      kind: 'step',
      text,
      start: step.span.start,
      end: step.span.end,
      value: null,
      decisive: false,
      sensitive: false,
      children,
      reached,
      ...(findings === undefined ? {} : { passed: findings.evidence.matched, evidence: findings.evidence }),
      ...(isTruncated ? { truncated: true } : {}),
    };
  }
}

const conditionText = (node: Expression): string => cutText(textOfCondition(node)).text;

const isPlainList = ({ kind }: Expression): boolean => kind === 'events' || kind === 'variable' || kind === 'literal';

/** A list that must not be empty, or whose every item must comply. */
function needOfItems(node: Expression, use: ListUse, { matched, total }: Evidence): Need | undefined {
  if (node.kind === 'fold' || node.kind === 'variable') return undefined;
  return needOf({ have: matched, comparison: '>=', want: use.asserts ? total : 1, unit: unitOfList(use.list) });
}
