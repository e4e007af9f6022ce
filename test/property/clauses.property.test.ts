/**
 * What a condition does to the size by itself is what taking it out of the text does to the size: counted by brute force,
 * by writing the expression anew without it and evaluating that over everybody.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Checked, check, compilePql, hasErrors, interpret, parse } from '#shared/pql/index.ts';
import { ClauseCounter, type ClauseCounts, type ClauseTree, clausesOf } from '#shared/preview/clauses.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { choices } from './pql/choices.ts';
import { expressionText } from './pql/expressions.ts';
import { inputOf } from './pql/inputs.ts';

const SEED = 20_251_123;

interface Node {
  readonly form: 'and' | 'or' | 'not' | 'let' | 'condition';
  readonly children: readonly Node[];
  readonly name: string;
}

const FLAGS = ['a', 'b', 'c', 'd', 'e'] as const;
const condition = fc.constantFrom(...FLAGS).map((name): Node => ({ form: 'condition', children: [], name }));
const group = (child: fc.Arbitrary<Node>, form: 'and' | 'or') =>
  fc.array(child, { minLength: 2, maxLength: 4 }).map((children): Node => ({ form, children, name: '' }));
const single = (child: fc.Arbitrary<Node>, form: 'not' | 'let') =>
  child.map((only): Node => ({ form, children: [only], name: '' }));

const { tree: trees } = fc.letrec<{ tree: Node }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    condition,
    group(tie('tree'), 'and'),
    group(tie('tree'), 'or'),
    single(tie('tree'), 'not'),
    single(tie('tree'), 'let'),
  ),
}));

const people = fc.array(fc.record(Object.fromEntries(FLAGS.map((flag) => [flag, fc.boolean()]))), {
  minLength: 1,
  maxLength: 12,
});

function textOf({ form, children, name }: Node): string {
  const parts = children.map(textOf);
  switch (form) {
    case 'and':
    case 'or':
      return `(${parts.join(` ${form} `)})`;
    case 'not':
      return `(not ${parts[0]})`;
    case 'let':
      return `(let x = 1 in ${parts[0]})`;
    case 'condition':
      return `_test.${name} = true`;
  }
}

/** The expression without the node: a group that is left empty goes too, and undefined if nothing is left. */
function without(node: Node, gone: Node): Node | undefined {
  if (node === gone) return undefined;
  if (node.form === 'condition') return node;
  const children = node.children.flatMap((child) => without(child, gone) ?? []);
  return children.length === 0 ? undefined : { ...node, children };
}

const inOrder = (node: Node): readonly Node[] => [node, ...node.children.flatMap(inOrder)];

type Person = Readonly<Record<string, boolean>>;

function membersOf(node: Node | undefined, all: readonly Person[]): readonly Person[] {
  if (node === undefined) return all;
  const compiled = compilePql(textOf(node), defaultSchema, { mode: 'segment' });
  if (!compiled.ok) throw new Error(`${textOf(node)}: ${JSON.stringify(compiled.error)}`);
  return all.filter((person) => compiled.value.evaluate(inputFor(person)) === true);
}

const inputFor = (person: Person) => ({ profile: { _test: person }, events: [], now: 0 });

function counted(text: string, all: readonly Person[]): { tree: ClauseTree; figures: readonly ClauseCounts[] } {
  const compiled = compilePql(text, defaultSchema, { mode: 'segment' });
  if (!compiled.ok) throw new Error(`${text}: ${JSON.stringify(compiled.error)}`);
  const tree = clausesOf(compiled.value.checked);
  const counter = new ClauseCounter(tree);
  for (const person of all) counter.count(inputFor(person));
  return { tree, figures: counter.figures() };
}

const law = (check: (node: Node, all: readonly Person[]) => void) =>
  fc.assert(fc.property(trees, people, check), { seed: SEED, numRuns: 600 });

describe('of each clause', () => {
  test('dropsAlone counts who would enter were it taken out, and addsAlone who would leave', () => {
    law((node, all) => {
      const members = new Set(membersOf(node, all));
      const { figures } = counted(textOf(node), all);
      const brute = inOrder(node).map((part) => {
        const rest = new Set(membersOf(without(node, part), all));
        return {
          dropsAlone: all.filter((person) => rest.has(person) && !members.has(person)).length,
          addsAlone: all.filter((person) => !rest.has(person) && members.has(person)).length,
        };
      });
      expect(figures.map(({ dropsAlone, addsAlone }) => ({ dropsAlone, addsAlone }))).toEqual(brute);
    });
  });

  test('alone counts whom it holds for by itself', () => {
    law((node, all) => {
      const { figures } = counted(textOf(node), all);

      expect(figures.map(({ alone }) => alone)).toEqual(inOrder(node).map((part) => membersOf(part, all).length));
    });
  });

  test('remaining counts who is left after it and everything before it, where all of that must hold', () => {
    law((node, all) => {
      const { figures } = counted(textOf(node), all);

      expect(figures.map(({ remaining }) => remaining)).toEqual(funnelOf(node, all, all));
    });
  });
});

/** By intersecting sets, from the outside in. */
function funnelOf(node: Node, before: readonly Person[] | undefined, all: readonly Person[]): (number | undefined)[] {
  const own = new Set(membersOf(node, all));
  const remaining = before?.filter((person) => own.has(person)).length;
  let left = node.form === 'and' || node.form === 'let' ? before : undefined;
  const below = node.children.flatMap((child) => {
    const figures = funnelOf(child, left, all);
    const members = new Set(membersOf(child, all));
    left = left?.filter((person) => members.has(person));
    return figures;
  });
  return [remaining, ...below];
}

test('a counter goes on where an earlier one stopped', () => {
  law((node, all) => {
    const { tree, figures } = counted(textOf(node), all);
    const first = new ClauseCounter(tree);
    for (const person of all.slice(0, 3)) first.count(inputFor(person));
    const second = new ClauseCounter(tree, first.counts);
    for (const person of all.slice(3)) second.count(inputFor(person));

    expect(second.figures()).toEqual(figures);
  });
});

test('of any expression the whole and each condition come to what the oracle says', () => {
  fc.assert(
    fc.property(choices(500), choices(500), (expression, data) => {
      const checked = checkedBy(expressionText(expression));
      if (checked === undefined) return;
      const input = inputOf(data);
      const counter = new ClauseCounter(clausesOf(checked));

      const holds = counter.count(input);

      expect(holds).toBe(interpret(checked, input, { mode: 'segment' }));
      expect(counter.figures()[0]?.alone).toBe(holds ? 1 : 0);
    }),
    { seed: SEED, numRuns: 600 },
  );
});

function checkedBy(text: string): Checked | undefined {
  const parsed = parse(text);
  if (!parsed.ok) return undefined;
  const { expression, diagnostics } = check(parsed.value, defaultSchema, { mode: 'segment' });
  return hasErrors(diagnostics) ? undefined : expression;
}
