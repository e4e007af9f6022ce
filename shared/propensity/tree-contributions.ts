/**
 * Exact Shapley values of a tree (path-dependent, as TreeSHAP defines them: Lundberg, Erion, Lee 2018). A tree of at most
 * eight leaves has at most seven conditions, so at most 128 ways to answer them; the values of each way are worked out
 * once, and a person costs seven comparisons a tree.
 */
import { invariant } from '#shared/kernel/invariant.ts';
import { goesLeft, LEAVES_MAX, type Tree } from './tree.ts';

export interface TreeContributions {
  readonly tree: Tree;
  /** The distinct columns of the tree, ascending. */
  readonly columns: readonly number[];
  /** What each column adds, by answers (bit n: node n goes left) × columns. */
  readonly values: Float64Array;
  /** The tree's mean over the training set: with what the columns add it is the tree's value. */
  readonly expected: number;
}

interface Condition {
  /** Into `columns`. */
  readonly column: number;
  /** Bits of the nodes on the path that look at the column, and how those must answer. */
  readonly nodes: number;
  readonly answers: number;
  /** Of the people who come to these nodes, the share that goes on towards the leaf. */
  readonly share: number;
}

interface Path {
  readonly value: number;
  readonly conditions: readonly Condition[];
}

export function contributionsOf(tree: Tree): TreeContributions {
  invariant(
    tree.leaf.length <= LEAVES_MAX,
    `a tree of ${tree.leaf.length} leaves; at most ${LEAVES_MAX} are explained`,
  );
  const columns = [...new Set(tree.column)].sort((left, right) => left - right);
  const paths = pathsOf(tree, columns);
  const values = new Float64Array(2 ** tree.column.length * columns.length);
  for (const path of paths) addPath(path, values, columns.length, tree.column.length);
  return { tree, columns, values, expected: expectedOf(tree) };
}

function expectedOf({ leaf, cover }: Tree): number {
  const people = cover.reduce((sum, count) => sum + count, 0);
  return leaf.reduce((sum, value, index) => sum + (value * (cover[index] as number)) / people, 0);
}

function pathsOf(tree: Tree, columns: readonly number[]): readonly Path[] {
  const walk = (node: number, conditions: readonly Condition[]): readonly Path[] => {
    if (node < 0) return [{ value: tree.leaf[~node] as number, conditions }];
    const column = columns.indexOf(tree.column[node] as number);
    return (['left', 'right'] as const).flatMap((side) => {
      const child = tree[side][node] as number;
      const share = coverOf(tree, child) / coverOf(tree, node);
      return walk(
        child,
        withCondition(conditions, { column, nodes: 1 << node, answers: side === 'left' ? 1 << node : 0, share }),
      );
    });
  };
  return walk(tree.column.length === 0 ? ~0 : 0, []);
}

function coverOf(tree: Tree, node: number): number {
  if (node < 0) return tree.cover[~node] as number;
  return coverOf(tree, tree.left[node] as number) + coverOf(tree, tree.right[node] as number);
}

/** A column that the path asks twice is one player, whose conditions must all hold. */
function withCondition(conditions: readonly Condition[], added: Condition): readonly Condition[] {
  const same = conditions.find(({ column }) => column === added.column);
  if (same === undefined) return [...conditions, added];
  const { column, nodes, answers, share } = added;
  const both = { column, nodes: same.nodes | nodes, answers: same.answers | answers, share: same.share * share };
  return conditions.map((condition) => (condition === same ? both : condition));
}

function addPath({ value, conditions }: Path, values: Float64Array, width: number, nodes: number): void {
  const players = conditions.length;
  const byHeld = Array.from({ length: 2 ** players }, (_, held) => shapleyOfPath(conditions, held));
  for (let answers = 0; answers < 2 ** nodes; answers++) {
    let held = 0;
    for (const [player, condition] of conditions.entries()) {
      if ((answers & condition.nodes) === condition.answers) held |= 1 << player;
    }
    const shares = byHeld[held] as Float64Array;
    for (const [player, { column }] of conditions.entries()) {
      const at = answers * width + column;
      values[at] = (values[at] as number) + value * (shares[player] as number);
    }
  }
}

/** Each player's share of reaching the leaf, where the players of `held` satisfy their conditions. */
function shapleyOfPath(conditions: readonly Condition[], held: number): Float64Array {
  const players = conditions.length;
  const satisfied = (player: number) => ((held >> player) & 1) as number;
  return Float64Array.from(conditions, (condition, player) => {
    let sum = 0;
    for (let known = 0; known < 2 ** players; known++) {
      if ((known >> player) & 1) continue;
      let reached = weightOf(bitsOf(known), players);
      for (let other = 0; other < players; other++) {
        if (other === player) continue;
        reached *= (known >> other) & 1 ? satisfied(other) : (conditions[other] as Condition).share;
      }
      sum += reached;
    }
    return sum * (satisfied(player) - condition.share);
  });
}

const FACTORIALS = [1, 1, 2, 6, 24, 120, 720, 5040];
const factorial = (count: number) => FACTORIALS[count] as number;
/** How often, over all orders of the players, exactly `known` of them come before a given one. */
const weightOf = (known: number, players: number) =>
  (factorial(known) * factorial(players - 1 - known)) / factorial(players);

function bitsOf(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest &= rest - 1) count++;
  return count;
}

/** Adds what each column contributes to the person's margin, times `share`, to `into`. */
export function addTreeContributions(
  { tree, columns, values }: TreeContributions,
  row: ArrayLike<number>,
  share: number,
  into: Float64Array,
): void {
  let answers = 0;
  for (let node = 0; node < tree.column.length; node++) {
    if (goesLeft(tree, node, row[tree.column[node] as number] as number)) answers |= 1 << node;
  }
  const from = answers * columns.length;
  for (let index = 0; index < columns.length; index++) {
    const column = columns[index] as number;
    into[column] = (into[column] as number) + share * (values[from + index] as number);
  }
}
