import { Engine, type NestedCondition, type RuleProperties } from 'json-rules-engine';
import type { Condition, Segment } from '../workload/model.ts';
import type { Matcher } from './matcher.ts';

const OPERATOR: Readonly<Record<string, string>> = {
  eq: 'equal',
  ne: 'notEqual',
  lt: 'lessThan',
  le: 'lessThanInclusive',
  gt: 'greaterThan',
  ge: 'greaterThanInclusive',
  in: 'in',
  has: 'contains',
};

function toCondition({ op, path = '', value, values, args = [], arg }: Condition): NestedCondition {
  switch (op) {
    case 'and':
      return { all: args.map(toCondition) };
    case 'or':
      return { any: args.map(toCondition) };
    case 'not':
      return { not: toCondition(arg as Condition) };
    default:
      return { fact: path.slice(2), operator: OPERATOR[op] as string, value: op === 'in' ? values : value };
  }
}

/** Each definition is a rule; a rule's root must be a list of conditions. */
export function jsonRulesMatcher(segments: readonly Segment[]): Matcher {
  const engine = new Engine();
  for (const [index, { ast }] of segments.entries()) {
    const conditions = { all: [toCondition(ast)] } as RuleProperties['conditions'];
    engine.addRule({ conditions, event: { type: 'holds', params: { index } } });
  }
  return async (profile, holds) => {
    const { events } = await engine.run(profile as Record<string, unknown>);
    holds.fill(0);
    for (const { params } of events) holds[(params as { readonly index: number }).index] = 1;
  };
}
