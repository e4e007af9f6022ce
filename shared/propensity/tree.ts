/** A decision tree over encoded columns. Inner nodes are numbered from 0, the root first; leaves are `~index`. */
export interface Tree {
  /** Of each inner node: the column it looks at. */
  readonly column: readonly number[];
  /** At most this goes left. */
  readonly threshold: readonly number[];
  /** Where no value goes. */
  readonly missingLeft: readonly boolean[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** What each leaf adds to the margin. */
  readonly leaf: readonly number[];
  /** How many people of the training set reached each leaf. */
  readonly cover: readonly number[];
}

/** Bounds what a table of all answers of a tree may take: see `tree-contributions.ts`. */
export const LEAVES_MAX = 8;

export function goesLeft(tree: Tree, node: number, value: number): boolean {
  return Number.isNaN(value) ? (tree.missingLeft[node] as boolean) : value <= (tree.threshold[node] as number);
}

/** What the tree adds to the margin of a person. */
export function treeValue(tree: Tree, row: ArrayLike<number>): number {
  let node = tree.column.length === 0 ? ~0 : 0;
  while (node >= 0) {
    const isLeft = goesLeft(tree, node, row[tree.column[node] as number] as number);
    node = (isLeft ? tree.left[node] : tree.right[node]) as number;
  }
  return tree.leaf[~node] as number;
}
