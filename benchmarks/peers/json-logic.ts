import { LogicEngine } from 'json-logic-engine';
import type { Condition, Segment } from '../workload/model.ts';
import type { Matcher } from './matcher.ts';

const COMPARISON: Readonly<Record<string, string>> = { eq: '===', ne: '!==', lt: '<', le: '<=', gt: '>', ge: '>=' };

function toLogic({ op, path = '', value, values, args = [], arg }: Condition): unknown {
  const field = { var: path.slice(2) };
  switch (op) {
    case 'and':
    case 'or':
      return { [op]: args.map(toLogic) };
    case 'not':
      return { '!': [toLogic(arg as Condition)] };
    case 'in':
      return { in: [field, values] };
    case 'has':
      return { in: [value, field] };
    default:
      return { [COMPARISON[op] as string]: [field, value] };
  }
}

export function jsonLogicMatcher(segments: readonly Segment[]): Matcher {
  const engine = new LogicEngine();
  const tests = segments.map(({ ast }) => engine.build(toLogic(ast) as never) as (profile: unknown) => unknown);
  return (profile, holds) => {
    for (let index = 0; index < tests.length; index++) holds[index] = tests[index]?.(profile) ? 1 : 0;
    return undefined;
  };
}
