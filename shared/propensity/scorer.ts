/** A trained blend made ready to score people and to say why, as fast as it goes. */
import type { Blend } from './blend.ts';
import { encodeRow } from './encoding.ts';
import { addTermContributions } from './logistic-regression.ts';
import type { FeatureValue } from './training-table.ts';
import { addTreeContributions, contributionsOf, type TreeContributions } from './tree-contributions.ts';

export interface Explained {
  /** Log odds of the outcome. */
  readonly margin: number;
  /** What each feature adds to `base`, in log odds; their sum and `base` are the margin. */
  readonly contributions: Float64Array;
}

export class Scorer {
  /** The margin of an average person. */
  readonly base: number;
  readonly #blend: Blend;
  readonly #trees: readonly TreeContributions[];
  readonly #row: Float64Array;
  readonly #byColumn: Float64Array;

  constructor(blend: Blend) {
    const { trees, regression, weight, encoding } = blend;
    this.#blend = blend;
    this.#trees = trees.trees.map(contributionsOf);
    const expected = this.#trees.reduce((sum, tree) => sum + tree.expected, trees.base);
    this.base = weight * expected + (1 - weight) * regression.intercept;
    this.#row = new Float64Array(encoding.columns.length);
    this.#byColumn = new Float64Array(encoding.columns.length);
  }

  explain(values: readonly FeatureValue[]): Explained {
    const { encoding, regression, weight } = this.#blend;
    const row = encodeRow(values, encoding, this.#row);
    const byColumn = this.#byColumn.fill(0);
    for (const tree of this.#trees) addTreeContributions(tree, row, weight, byColumn);
    addTermContributions(regression, row, 1 - weight, byColumn);
    const contributions = new Float64Array(encoding.features.length);
    let margin = this.base;
    for (let column = 0; column < byColumn.length; column++) {
      const feature = encoding.columns[column]?.feature as number;
      const value = byColumn[column] as number;
      contributions[feature] = (contributions[feature] as number) + value;
      margin += value;
    }
    return { margin, contributions };
  }
}
