import { describe, expect, test } from 'vitest';
import { type SeededRandom, seededRandom } from '#shared/kernel/seeded-random.ts';
import { fitBlend } from '#shared/propensity/blend.ts';
import { boostedMargin, fitBoostedTrees } from '#shared/propensity/gradient-boosting.ts';
import { Scorer } from '#shared/propensity/scorer.ts';
import { valuesOfRow } from '#shared/propensity/train-model.ts';
import { goesLeft, type Tree, treeValue } from '#shared/propensity/tree.ts';
import { addTreeContributions, contributionsOf } from '#shared/propensity/tree-contributions.ts';
import { churnTable } from '#test/support/churn-table.ts';

const NONE: Tree = { column: [], threshold: [], missingLeft: [], left: [], right: [], leaf: [], cover: [] };

/** What a tree says of somebody of whom only the columns of `known` are known: the mean over the people it was grown on. */
function valueKnowing(
  tree: Tree,
  row: Float64Array,
  known: ReadonlySet<number>,
  node = tree.column.length ? 0 : ~0,
): number {
  if (node < 0) return tree.leaf[~node] as number;
  const [left, right] = [tree.left[node] as number, tree.right[node] as number];
  const column = tree.column[node] as number;
  if (known.has(column)) {
    return valueKnowing(tree, row, known, goesLeft(tree, node, row[column] as number) ? left : right);
  }
  const [people, others] = [coverOf(tree, left), coverOf(tree, right)];
  const mean = people * valueKnowing(tree, row, known, left) + others * valueKnowing(tree, row, known, right);
  return mean / (people + others);
}

const coverOf = (tree: Tree, node: number): number =>
  node < 0
    ? (tree.cover[~node] as number)
    : coverOf(tree, tree.left[node] as number) + coverOf(tree, tree.right[node] as number);

/** Shapley's definition: the mean, over all orders of the columns, of what knowing a column adds to those before it. */
function bruteForce(value: (known: ReadonlySet<number>) => number, columns: number): number[] {
  const orders = permutations(Array.from({ length: columns }, (_, column) => column));
  const sums = new Array<number>(columns).fill(0);
  for (const order of orders) {
    const known = new Set<number>();
    for (const column of order) {
      const before = value(known);
      known.add(column);
      sums[column] = (sums[column] as number) + value(known) - before;
    }
  }
  return sums.map((sum) => sum / orders.length);
}

function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}

const COLUMNS = 5;

/** Any shape of 2 to 8 leaves, columns repeated along paths, uneven covers. */
function randomTree(random: SeededRandom): Tree {
  const tree = structuredClone(NONE) as { -readonly [Part in keyof Tree]: Tree[Part][number][] };
  const pick = (count: number) => Math.floor(random.next() * count);
  const grow = (leaves: number): number => {
    if (leaves === 1) {
      tree.leaf.push(random.next() * 2 - 1);
      tree.cover.push(1 + pick(100));
      return ~(tree.leaf.length - 1);
    }
    const node = tree.column.length;
    tree.column.push(pick(COLUMNS));
    tree.threshold.push(random.next());
    tree.missingLeft.push(random.next() < 0.5);
    tree.left.push(0);
    tree.right.push(0);
    const ofLeft = 1 + pick(leaves - 1);
    tree.left[node] = grow(ofLeft);
    tree.right[node] = grow(leaves - ofLeft);
    return node;
  };
  grow(1 + pick(8));
  return tree;
}

const randomRow = (random: SeededRandom) =>
  Float64Array.from({ length: COLUMNS }, () => (random.next() < 0.15 ? Number.NaN : random.next()));

describe('contributions of a tree', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'are the Shapley values that brute force finds (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const tree = randomTree(random);
      const row = randomRow(random);
      const found = new Float64Array(COLUMNS);
      const ready = contributionsOf(tree);
      addTreeContributions(ready, row, 1, found);

      const wanted = bruteForce((known) => valueKnowing(tree, row, known), COLUMNS);

      for (const [column, value] of wanted.entries()) expect(found[column]).toBeCloseTo(value, 11);
      expect(ready.expected + found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(treeValue(tree, row), 11);
    },
  );
});

describe('contributions of a blend', () => {
  const table = churnTable({ rows: 900, seed: 3 });
  const { blend } = fitBlend(table);
  const scorer = new Scorer({ ...blend, weight: 0.4 });

  test('and its base are the margin, to within a billionth', () => {
    for (let row = 0; row < table.labels.length; row++) {
      const { margin, contributions } = scorer.explain(valuesOfRow(table, row));
      expect(Math.abs(contributions.reduce((sum, value) => sum + value, scorer.base) - margin)).toBeLessThan(1e-9);
    }
  });

  test('average to nothing over the people it was trained on, for the regression', () => {
    const regression = new Scorer({ ...blend, weight: 0 });
    const sums = table.features.map(() => 0);
    for (let row = 0; row < table.labels.length; row++) {
      for (const [feature, value] of regression.explain(valuesOfRow(table, row)).contributions.entries()) {
        sums[feature] = (sums[feature] as number) + value;
      }
    }
    for (const sum of sums) expect(Math.abs(sum / table.labels.length)).toBeLessThan(1e-9);
  });

  test('a tree of more than eight leaves is refused, not explained wrongly', () => {
    const leaf = new Array<number>(9).fill(1);
    expect(() => contributionsOf({ ...NONE, leaf, cover: leaf })).toThrow('at most 8');
  });
});

test('a boosted model adds up its trees from its base', () => {
  const table = churnTable({ rows: 400, seed: 5 });
  const columns = table.columns.flatMap((column) => (column.kind === 'number' ? [column.values] : []));
  const model = fitBoostedTrees({ rows: 400, columns }, table.labels);
  const row = columns.map((values) => values[7] as number);

  expect(boostedMargin(model, row)).toBeCloseTo(
    model.trees.reduce((sum, tree) => sum + treeValue(tree, row), model.base),
    12,
  );
});
