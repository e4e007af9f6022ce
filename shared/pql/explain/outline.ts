/**
 * The Boolean skeleton of an expression: its conditions, and the `and`, `or`, `not` and `if` between them. From it comes
 * which conditions decide the outcome.
 */
import type { Expression, Let } from '../ast.ts';
import { truth } from '../compiler/code.ts';
import { print } from '../printer.ts';
import type { Value } from '../value.ts';

/** The `let`s that a node stands in. */
export interface Context {
  /** Puts a node back into them, so that it can be evaluated by itself. */
  readonly close: (node: Expression) => Expression;
  /** Which they are: one name may be bound twice. */
  readonly slots: string;
}

export const AT_ROOT: Context = { close: (node) => node, slots: '' };

export const insideOf = (binding: Let, { close, slots }: Context): Context => ({
  close: (node) => close({ ...binding, body: node, type: node.type }),
  slots: `${slots} ${binding.binding.slot}`,
});

export interface OutlineNode {
  readonly form: 'and' | 'or' | 'not' | 'if' | 'let' | 'condition';
  readonly node: Expression;
  readonly context: Context;
  readonly parts: readonly OutlineNode[];
  readonly value: Value;
  readonly outcome: boolean;
  /** Conditions of the same key are the same; undefined for a literal, which can't be otherwise. */
  readonly key?: string;
}

export type Evaluate = (node: Expression) => Value;

export function outlineOf(node: Expression, context: Context, evaluate: Evaluate): OutlineNode {
  if (node.kind === 'let') {
    const body = outlineOf(node.body, insideOf(node, context), evaluate);
    return { form: 'let', node, context, parts: [body], value: body.value, outcome: body.outcome };
  }
  if (node.kind === 'call' && (node.fn === 'and' || node.fn === 'or' || node.fn === 'not' || node.fn === 'if')) {
    const parts = node.args.map((argument) => outlineOf(argument, context, evaluate));
    const value = valueFrom(node.fn, parts);
    return { form: node.fn, node, context, parts, value, outcome: truth(value) };
  }
  const value = evaluate(context.close(node));
  const outline = { form: 'condition', node, context, parts: [], value, outcome: truth(value) } as const;
  return node.kind === 'literal' ? outline : { ...outline, key: `${print(node)}${context.slots}` };
}

function valueFrom(form: 'and' | 'or' | 'not' | 'if', parts: readonly OutlineNode[]): Value {
  if (form === 'if') return (parts[0]?.outcome ? parts[1] : parts[2])?.value ?? null;
  return combine(
    form,
    parts.map(({ outcome }) => outcome),
  );
}

/** What `and`, `or`, `not`, `if` and `let` make of the outcomes of their parts. */
export function combine(form: Exclude<OutlineNode['form'], 'condition'>, outcomes: readonly boolean[]): boolean {
  const [first = false, second = false, third = false] = outcomes;
  switch (form) {
    case 'and':
      return !outcomes.includes(false);
    case 'or':
      return outcomes.includes(true);
    case 'not':
      return !first;
    case 'if':
      return first ? second : third;
    case 'let':
      return first;
  }
}

/** A minimal set of conditions, by key, that leave the outcome no choice: none of them can be spared. */
export function decidingKeys(root: OutlineNode): ReadonlySet<string> {
  const keys = new Set(sufficient(root));
  for (const key of [...keys]) {
    keys.delete(key);
    if (outcomeKnowing(root, keys) === undefined) keys.add(key);
  }
  return keys;
}

type Keys = ReadonlySet<string>;

const union = (sets: readonly Keys[]): Keys => new Set(sets.flatMap((keys) => [...keys]));
const smallest = (sets: readonly Keys[]): Keys => sets.reduce((best, keys) => (keys.size < best.size ? keys : best));

function sufficient(outline: OutlineNode): Keys {
  const { form, parts, outcome, key } = outline;
  switch (form) {
    case 'and':
    case 'or': {
      const decisive = form === 'or';
      if (outcome !== decisive) return union(parts.map(sufficient));
      return smallest(parts.filter((part) => part.outcome === decisive).map(sufficient));
    }
    case 'if': {
      const [test, yes, no] = parts.map(sufficient) as [Keys, Keys, Keys];
      const chosen = union([test, parts[0]?.outcome ? yes : no]);
      return parts[1]?.outcome === parts[2]?.outcome ? smallest([chosen, union([yes, no])]) : chosen;
    }
    case 'not':
    case 'let':
      return union(parts.map(sufficient));
    case 'condition':
      return new Set(key === undefined ? [] : [key]);
  }
}

/** The outcome if only the conditions of these keys are known; undefined if it could be either. */
export function outcomeKnowing(outline: OutlineNode, known: Keys): boolean | undefined {
  const { form, parts, outcome, key } = outline;
  const [first, second, third] = parts;
  const of = (part: OutlineNode | undefined) => part && outcomeKnowing(part, known);
  switch (form) {
    case 'and':
    case 'or': {
      const decisive = form === 'or';
      const outcomes = parts.map(of);
      if (outcomes.includes(decisive)) return decisive;
      return outcomes.includes(undefined) ? undefined : !decisive;
    }
    case 'not': {
      const operand = of(first);
      return operand === undefined ? undefined : !operand;
    }
    case 'if': {
      const test = of(first);
      if (test !== undefined) return of(test ? second : third);
      return of(second) === of(third) ? of(second) : undefined;
    }
    case 'let':
      return of(first);
    case 'condition':
      return key === undefined || known.has(key) ? outcome : undefined;
  }
}

/** The parts of which each alone, coming out differently, would turn the whole. One pass down. */
export function sensitiveParts(root: OutlineNode): ReadonlySet<OutlineNode> {
  const sensitive = new Set<OutlineNode>();
  const visit = (outline: OutlineNode): void => {
    if (outline.key === undefined && outline.form === 'condition') return;
    sensitive.add(outline);
    for (const part of outline.parts) if (turns(outline, part)) visit(part);
  };
  visit(root);
  return sensitive;
}

/** Whether the part's outcome is what the whole's hangs on, its siblings being as they are. */
function turns({ form, parts }: OutlineNode, part: OutlineNode): boolean {
  switch (form) {
    case 'and':
    case 'or':
      return parts.every((sibling) => sibling === part || sibling.outcome === (form === 'and'));
    case 'if': {
      const [test, yes, no] = parts;
      if (part === test) return yes?.outcome !== no?.outcome;
      return part === (test?.outcome ? yes : no);
    }
    default:
      return true;
  }
}
