import { Query } from 'mingo';
import sift from 'sift';
import type { Attributes, Condition, Segment } from '../workload/model.ts';
import type { Matcher } from './matcher.ts';

const COMPARISON: Readonly<Record<string, string>> = {
  eq: '$eq',
  ne: '$ne',
  lt: '$lt',
  le: '$lte',
  gt: '$gt',
  ge: '$gte',
  has: '$eq',
};

/** The package's types describe a module that its code is not. */
const query = sift as unknown as typeof sift.default;

type MongoQuery = Record<string, unknown>;

function toQuery({ op, path = '', value, values, args = [], arg }: Condition): MongoQuery {
  const name = path.slice(2);
  switch (op) {
    case 'and':
    case 'or':
      return { [`$${op}`]: args.map(toQuery) };
    case 'not':
      return { $nor: [toQuery(arg as Condition)] };
    case 'in':
      return { [name]: { $in: values } };
    default:
      return { [name]: { [COMPARISON[op] as string]: value } };
  }
}

const matcher =
  (tests: readonly ((profile: Attributes) => boolean)[]): Matcher =>
  (profile, holds) => {
    for (let index = 0; index < tests.length; index++) holds[index] = tests[index]?.(profile) ? 1 : 0;
    return undefined;
  };

export const siftMatcher = (segments: readonly Segment[]): Matcher =>
  matcher(segments.map(({ ast }) => query(toQuery(ast) as never)));

export const mingoMatcher = (segments: readonly Segment[]): Matcher =>
  matcher(
    segments.map(({ ast }) => {
      const compiled = new Query(toQuery(ast) as never);
      return (profile: Attributes) => compiled.test(profile as never);
    }),
  );
