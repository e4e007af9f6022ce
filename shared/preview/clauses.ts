/**
 * What each condition of an expression does to its size: how many it holds for, how many are left after it, how many it
 * alone keeps out or lets in. All of it from one evaluation of each condition per profile: one pass up the tree for what
 * holds, one pass down for whose turn would turn the whole (docs/preview.md).
 */
import type { Checked, Expression } from '#shared/pql/ast.ts';
import { compile } from '#shared/pql/compiler.ts';
import { AT_ROOT, type Context, insideOf } from '#shared/pql/explain/outline.ts';
import type { EvaluationInput } from '#shared/pql/value.ts';

type Form = 'and' | 'or' | 'not' | 'let' | 'condition';
type Test = (input: EvaluationInput) => boolean;

/** A part of the text, in UTF-16 units from 0, `end` excluded. */
interface Place {
  readonly start: number;
  readonly end: number;
}

export interface Clause {
  readonly form: Form;
  readonly span: Place;
  /** By number; the root has none. */
  readonly parent: number | undefined;
  readonly children: readonly number[];
  /** Of a condition. */
  readonly test?: Test;
  /** Of a condition that is a sequence: whether it can be fulfilled up to each step. */
  readonly steps: readonly { readonly span: Place; readonly test: Test }[];
}

/** Each before those within it; the first is the whole. */
export type ClauseTree = readonly Clause[];

/** How many profiles, of one clause. */
export interface ClauseCounts {
  readonly alone: number;
  /** Undefined unless everything around it must hold. */
  readonly remaining: number | undefined;
  readonly dropsAlone: number;
  readonly addsAlone: number;
  readonly reached: readonly number[];
}

interface Options {
  readonly timeZone?: string | undefined;
}

/** `checked` is a segment's expression. */
export function clausesOf(checked: Checked, { timeZone }: Options = {}): ClauseTree {
  const clauses: Clause[] = [];
  const testOf = (node: Expression, { close }: Context): Test => {
    const evaluate = compile(close(node), { mode: 'segment', timeZone });
    return (input) => evaluate(input) === true;
  };
  const add = (node: Expression, context: Context, parent: number | undefined): number => {
    const number = clauses.length;
    const children: number[] = [];
    const { start, end } = node.span;
    const form = formOf(node);
    const condition = form === 'condition' ? { test: testOf(node, context) } : {};
    clauses.push({ form, span: { start, end }, parent, children, steps: stepsOf(node, context), ...condition });
    for (const part of partsOf(node, context)) children.push(add(part.node, part.context, number));
    return number;
  };
  const stepsOf = (node: Expression, context: Context): Clause['steps'] => {
    if (node.kind !== 'chain') return [];
    return node.steps.map(({ span: { start, end } }, index) => {
      return { span: { start, end }, test: testOf({ ...node, steps: node.steps.slice(0, index + 1) }, context) };
    });
  };
  add(checked, AT_ROOT, undefined);
  return clauses;
}

function formOf(node: Expression): Form {
  if (node.kind === 'let') return 'let';
  if (node.kind === 'call' && (node.fn === 'and' || node.fn === 'or' || node.fn === 'not')) return node.fn;
  return 'condition';
}

interface Part {
  readonly node: Expression;
  readonly context: Context;
}

function partsOf(node: Expression, context: Context): readonly Part[] {
  if (node.kind === 'let') return [{ node: node.body, context: insideOf(node, context) }];
  if (node.kind !== 'call' || formOf(node) === 'condition') return [];
  return node.args.map((argument) => ({ node: argument, context }));
}

/** Counts one profile after another. */
export class ClauseCounter {
  readonly #tree: ClauseTree;
  readonly #outcomes: Uint8Array;
  readonly #turning: Uint8Array;
  /** Whether everything that comes before it holds; undefined where that is not what the answer asks. */
  readonly #before: (boolean | undefined)[];
  /** What goes with each clause when it is taken away, and what then stands for it. */
  readonly #removals: readonly Removal[];
  readonly #counts: number[];
  readonly #stepsAt: readonly number[];

  /** `counts` goes on where an earlier counter of the same tree stopped. */
  constructor(tree: ClauseTree, counts?: readonly number[]) {
    this.#tree = tree;
    this.#outcomes = new Uint8Array(tree.length);
    this.#turning = new Uint8Array(tree.length);
    this.#before = Array.from({ length: tree.length });
    this.#removals = tree.map((_, number) => removalOf(tree, number));
    let next = tree.length * FIGURES;
    this.#stepsAt = tree.map(({ steps }) => {
      next += steps.length;
      return next - steps.length;
    });
    this.#counts = counts === undefined ? Array.from({ length: next }, () => 0) : [...counts];
  }

  /** All counts so far, for a later counter to go on from. */
  get counts(): readonly number[] {
    return this.#counts;
  }

  /** Whether the whole holds. */
  count(input: EvaluationInput): boolean {
    const { length } = this.#tree;
    for (let number = length - 1; number >= 0; number--) this.#settle(number, input);
    const holds = this.#outcomes[0] === 1;
    this.#turning[0] = 1;
    this.#before[0] = true;
    for (let number = 0; number < length; number++) {
      this.#descend(number);
      this.#add(number, holds);
    }
    return holds;
  }

  #settle(number: number, input: EvaluationInput): void {
    const { form, children, test, steps } = this.#tree[number] as Clause;
    this.#outcomes[number] = this.#outcomeOf(form, children, test, input) ? 1 : 0;
    const at = this.#stepsAt[number] as number;
    for (const [index, step] of steps.entries()) if (step.test(input)) this.#increment(at + index);
  }

  #outcomeOf(form: Form, children: readonly number[], test: Test | undefined, input: EvaluationInput): boolean {
    const isTrue = (child: number | undefined) => this.#outcomes[child ?? 0] === 1;
    switch (form) {
      case 'and':
        return children.every(isTrue);
      case 'or':
        return children.some(isTrue);
      case 'not':
        return !isTrue(children[0]);
      case 'let':
        return isTrue(children[0]);
      case 'condition':
        return test?.(input) === true;
    }
  }

  /** A child's turn turns its parent if its siblings leave the parent to it. */
  #descend(number: number): void {
    const { form, children } = this.#tree[number] as Clause;
    const isJunction = form === 'and' || form === 'or';
    const decisive = form === 'or' ? 1 : 0;
    const deciding = isJunction ? children.filter((child) => this.#outcomes[child] === decisive) : [];
    let before = form === 'and' || form === 'let' ? this.#before[number] : undefined;
    for (const child of children) {
      const isAlone = deciding.length === 0 || (deciding.length === 1 && deciding[0] === child);
      this.#turning[child] = this.#turning[number] === 1 && isAlone ? 1 : 0;
      this.#before[child] = before;
      if (before !== undefined) before &&= this.#outcomes[child] === 1;
    }
  }

  #add(number: number, whole: boolean): void {
    const outcome = this.#outcomes[number] === 1;
    const at = number * FIGURES;
    if (outcome) this.#increment(at);
    if (outcome && this.#before[number] === true) this.#increment(at + 1);
    const { outermost, without } = this.#removals[number] as Removal;
    const isTurned = this.#turning[number] === 1 && (this.#outcomes[outermost] === 1) !== without;
    if (isTurned) this.#increment(at + (whole ? 3 : 2));
  }

  #increment(at: number): void {
    this.#counts[at] = (this.#counts[at] as number) + 1;
  }

  /** In the order of the tree. */
  figures(): readonly ClauseCounts[] {
    const at = (index: number) => this.#counts[index] as number;
    return this.#tree.map(({ steps }, number) => ({
      alone: at(number * FIGURES),
      remaining: isInRow(this.#tree, number) ? at(number * FIGURES + 1) : undefined,
      dropsAlone: at(number * FIGURES + 2),
      addsAlone: at(number * FIGURES + 3),
      reached: steps.map((_, index) => at((this.#stepsAt[number] as number) + index)),
    }));
  }
}

/** alone, remaining, dropsAlone, addsAlone. */
const FIGURES = 4;

interface Removal {
  readonly outermost: number;
  readonly without: boolean;
}

/**
 * A group that would be left empty goes too. What remains is as if the clause were one that leaves the answer to its
 * siblings; without any clause at all it is everybody.
 */
function removalOf(tree: ClauseTree, number: number): Removal {
  const { parent } = tree[number] as Clause;
  if (parent === undefined) return { outermost: number, without: true };
  const { form, children } = tree[parent] as Clause;
  return children.length === 1 ? removalOf(tree, parent) : { outermost: number, without: form === 'and' };
}

/** Whether each of the groups around it asks for all of its parts. */
function isInRow(tree: ClauseTree, number: number): boolean {
  const { parent } = tree[number] as Clause;
  if (parent === undefined) return true;
  const { form } = tree[parent] as Clause;
  return (form === 'and' || form === 'let') && isInRow(tree, parent);
}
