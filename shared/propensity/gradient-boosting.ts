/**
 * Gradient-boosted trees for a yes-or-no outcome: each tree corrects what those before it got wrong (logistic loss,
 * second order, leaf-wise, histograms). Numbers on the page `docs/propensity.md`.
 */

import { sampleOf, seededRandom } from '#shared/kernel/seeded-random.ts';
import { binColumns } from './binning.ts';
import type { Matrix } from './encoding.ts';
import { type GrowOptions, growTree } from './grow-tree.ts';
import { type Gradients, layoutOf } from './histogram.ts';
import { logit, sigmoid } from './logistic.ts';
import { logLossOfMargins } from './metrics.ts';
import { LEAVES_MAX, type Tree, treeValue } from './tree.ts';

export interface BoostedTrees {
  /** The margin of everybody before the first tree. */
  readonly base: number;
  readonly trees: readonly Tree[];
}

export interface BoostingOptions extends GrowOptions {
  readonly rounds: number;
  /** Of the people and of the columns, the share that each tree looks at. */
  readonly rowShare: number;
  readonly columnShare: number;
  readonly seed: number;
}

export const BOOSTING_DEFAULTS: BoostingOptions = {
  rounds: 150,
  leavesMax: LEAVES_MAX,
  learningRate: 0.05,
  peopleOfLeafMin: 20,
  regularization: 1,
  rowShare: 0.8,
  columnShare: 0.8,
  seed: 1,
};

/** People kept out of training, to see when further trees stop helping. */
export interface HeldOut {
  readonly matrix: Matrix;
  readonly labels: Uint8Array;
  /** So many trees without a better loss end the training. */
  readonly patience: number;
}

export function fitBoostedTrees(
  matrix: Matrix,
  labels: Uint8Array,
  options: BoostingOptions = BOOSTING_DEFAULTS,
  heldOut?: HeldOut,
): BoostedTrees {
  const columns = binColumns(matrix);
  const layout = layoutOf(columns);
  const random = seededRandom(options.seed);
  const base = logit(shareOf(labels));
  const margins = new Float64Array(matrix.rows).fill(base);
  const gradients = { first: new Float64Array(matrix.rows), second: new Float64Array(matrix.rows) };
  const trees: Tree[] = [];
  const judge = heldOut && new StoppingRule(heldOut, base);
  while (trees.length < options.rounds) {
    derive(margins, labels, gradients);
    const rows = sampleOf(matrix.rows, Math.ceil(matrix.rows * options.rowShare), random);
    const chosen = sampleOf(columns.length, Math.ceil(columns.length * options.columnShare), random);
    const tree = growTree({ columns, layout, gradients, rows, chosen, options });
    trees.push(tree);
    addTree(margins, tree, matrix.columns);
    if (judge?.isOver(tree)) return { base, trees: trees.slice(0, judge.best) };
  }
  return { base, trees: judge ? trees.slice(0, judge.best) : trees };
}

export function boostedMargin({ base, trees }: BoostedTrees, row: ArrayLike<number>): number {
  let margin = base;
  for (const tree of trees) margin += treeValue(tree, row);
  return margin;
}

/** Half a person on either side keeps a one-sided sample finite. */
export function shareOf(labels: Uint8Array): number {
  let occurred = 0.5;
  for (const label of labels) occurred += label;
  return occurred / (labels.length + 1);
}

function derive(margins: Float64Array, labels: Uint8Array, { first, second }: Gradients): void {
  for (let row = 0; row < margins.length; row++) {
    const probability = sigmoid(margins[row] as number);
    first[row] = probability - (labels[row] as number);
    second[row] = probability * (1 - probability);
  }
}

function addTree(margins: Float64Array, tree: Tree, columns: readonly Float64Array[]): void {
  const row = new Float64Array(columns.length);
  for (let index = 0; index < margins.length; index++) {
    for (const column of tree.column) row[column] = (columns[column] as Float64Array)[index] as number;
    margins[index] = (margins[index] as number) + treeValue(tree, row);
  }
}

/** How many trees were best for people whom they were not trained on. */
class StoppingRule {
  best = 0;
  readonly #heldOut: HeldOut;
  readonly #margins: Float64Array;
  #loss: number;
  #trees = 0;

  constructor(heldOut: HeldOut, base: number) {
    this.#heldOut = heldOut;
    this.#margins = new Float64Array(heldOut.matrix.rows).fill(base);
    this.#loss = logLossOfMargins(this.#margins, heldOut.labels);
  }

  isOver(tree: Tree): boolean {
    this.#trees++;
    addTree(this.#margins, tree, this.#heldOut.matrix.columns);
    const loss = logLossOfMargins(this.#margins, this.#heldOut.labels);
    if (loss < this.#loss) {
      this.#loss = loss;
      this.best = this.#trees;
    }
    return this.#trees - this.best >= this.#heldOut.patience;
  }
}
