import { parse } from '@marcbachmann/cel-js';
import type { Condition, Segment } from '../workload/model.ts';
import type { Matcher } from './matcher.ts';

const COMPARISON: Readonly<Record<string, string>> = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' };

/** Numbers of JavaScript are doubles there, and a literal without a point is none. */
function literal(value: unknown): string {
  return typeof value === 'number' && Number.isInteger(value) ? `${value}.0` : JSON.stringify(value);
}

function toCel({ op, path = '', value, values = [], args = [], arg }: Condition): string {
  switch (op) {
    case 'and':
      return `(${args.map(toCel).join(' && ')})`;
    case 'or':
      return `(${args.map(toCel).join(' || ')})`;
    case 'not':
      return `!(${toCel(arg as Condition)})`;
    case 'in':
      return `${path} in [${values.map(literal).join(', ')}]`;
    case 'has':
      return `${literal(value)} in ${path}`;
    default:
      return `${path} ${COMPARISON[op]} ${literal(value)}`;
  }
}

export function celMatcher(segments: readonly Segment[]): Matcher {
  const tests = segments.map(({ ast }) => parse(toCel(ast)));
  return (profile, holds) => {
    const context = { p: profile };
    for (let index = 0; index < tests.length; index++) holds[index] = tests[index]?.(context) === true ? 1 : 0;
    return undefined;
  };
}
