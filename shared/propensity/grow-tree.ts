/** One tree, leaf by leaf: the leaf whose split lowers the loss most is split next. */
import type { BinnedColumn } from './binning.ts';
import { MISSING_BIN } from './binning.ts';
import {
  bestSplit,
  type Gradients,
  type HistogramLayout,
  histogramOf,
  type Split,
  type SplitRules,
  type Totals,
  totalsOf,
  without,
} from './histogram.ts';
import type { Tree } from './tree.ts';

export interface GrowOptions extends SplitRules {
  readonly leavesMax: number;
  readonly learningRate: number;
}

interface OpenLeaf {
  readonly rows: Int32Array;
  readonly totals: Totals;
  readonly histogram: Float64Array;
  readonly split: Split | undefined;
  /** Where its number stands in its parent; the root has none. */
  readonly parent: { readonly node: number; readonly side: 'left' | 'right' } | undefined;
}

export interface TreeTask {
  readonly columns: readonly BinnedColumn[];
  readonly layout: HistogramLayout;
  readonly gradients: Gradients;
  /** The people and the columns that this tree may look at. */
  readonly rows: Int32Array;
  readonly chosen: Int32Array;
  readonly options: GrowOptions;
}

type Growing = { -readonly [Part in keyof Tree]: Tree[Part][number][] };

export function growTree(task: TreeTask): Tree {
  const tree: Growing = { column: [], threshold: [], missingLeft: [], left: [], right: [], leaf: [], cover: [] };
  const { rows, columns, chosen, gradients, layout } = task;
  const whole = histogramOf(rows, columns, chosen, gradients, layout);
  const open = [openLeaf(task, rows, whole, undefined)];
  while (open.length < task.options.leavesMax) {
    const next = leafToSplit(open);
    if (next === undefined) break;
    open.splice(open.indexOf(next), 1, ...splitLeaf(task, next, tree));
  }
  for (const leaf of open) closeLeaf(leaf, tree, task.options);
  return tree;
}

function openLeaf(task: TreeTask, rows: Int32Array, histogram: Float64Array, parent: OpenLeaf['parent']): OpenLeaf {
  const totals = totalsOf(rows, task.gradients);
  const split = bestSplit(histogram, task.columns, task.chosen, totals, task.layout, task.options);
  return { rows, totals, histogram, split, parent };
}

function leafToSplit(open: readonly OpenLeaf[]): OpenLeaf | undefined {
  let best: OpenLeaf | undefined;
  for (const leaf of open) if (leaf.split && leaf.split.gain > (best?.split?.gain ?? 0)) best = leaf;
  return best;
}

function splitLeaf(task: TreeTask, leaf: OpenLeaf, tree: Growing): readonly [OpenLeaf, OpenLeaf] {
  const split = leaf.split as Split;
  const column = task.columns[split.column] as BinnedColumn;
  const node = tree.column.length;
  if (leaf.parent) tree[leaf.parent.side][leaf.parent.node] = node;
  tree.column.push(split.column);
  tree.threshold.push(column.upper[split.bin - 1] as number);
  const [left, right] = partition(leaf.rows, column.bins, split);
  tree.missingLeft.push(hasMissing(leaf.rows, column.bins) ? split.missingLeft : left.length >= right.length);
  tree.left.push(0);
  tree.right.push(0);
  const smaller = left.length <= right.length ? left : right;
  const small = histogramOf(smaller, task.columns, task.chosen, task.gradients, task.layout);
  const large = without(leaf.histogram, small);
  const [ofLeft, ofRight] = smaller === left ? [small, large] : [large, small];
  return [
    openLeaf(task, left, ofLeft, { node, side: 'left' }),
    openLeaf(task, right, ofRight, { node, side: 'right' }),
  ];
}

/** Where nobody in training lacked the value, whoever lacks it later goes with the most. */
const hasMissing = (rows: Int32Array, bins: Uint8Array) => rows.some((row) => bins[row] === MISSING_BIN);

function partition(rows: Int32Array, bins: Uint8Array, { bin, missingLeft }: Split): readonly [Int32Array, Int32Array] {
  const left = new Int32Array(rows.length);
  const right = new Int32Array(rows.length);
  let lefts = 0;
  let rights = 0;
  for (const row of rows) {
    const of = bins[row] as number;
    if (of === MISSING_BIN ? missingLeft : of <= bin) left[lefts++] = row;
    else right[rights++] = row;
  }
  return [left.slice(0, lefts), right.slice(0, rights)];
}

function closeLeaf({ totals, parent }: OpenLeaf, tree: Growing, { learningRate, regularization }: GrowOptions): void {
  const index = tree.leaf.length;
  if (parent) tree[parent.side][parent.node] = ~index;
  tree.leaf.push((-totals.first / (totals.second + regularization)) * learningRate);
  tree.cover.push(totals.people);
}
