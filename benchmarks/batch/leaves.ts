/** What definitions ask about events, each question once however many ask it. */
import type { Condition, Segment } from '../workload/model.ts';

export interface Leaf {
  readonly name: string;
  readonly node: Condition;
}

/** By their text, which a count has without the number that it is compared with. */
export type Leaves = ReadonlyMap<string, Leaf>;

export const leafKey = ({ op, event, days, a, b, withinMs }: Condition) =>
  JSON.stringify(op === 'count' ? [op, event, days] : [op, a, b, withinMs, days]);

export function leavesOf(segments: readonly Segment[]): Leaves {
  const leaves = new Map<string, Leaf>();
  const collect = (node: Condition): void => {
    if (node.op === 'count' || node.op === 'seq') {
      const key = leafKey(node);
      if (!leaves.has(key)) leaves.set(key, { name: `${node.op}${leaves.size}`, node });
    }
    for (const part of [...(node.args ?? []), ...(node.arg ? [node.arg] : [])]) collect(part);
  };
  for (const { ast } of segments) collect(ast);
  return leaves;
}
