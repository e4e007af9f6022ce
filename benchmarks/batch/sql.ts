/**
 * The workload's conditions as SQL: one query that counts the members of every definition.
 *
 * A comparison with NULL is NULL, which counts as false everywhere but under NOT: there it is made false.
 */
import type { Condition, Selection } from '../workload/model.ts';
import { type Leaves, leafKey, leavesOf } from './leaves.ts';
import { type Population, windowStart } from './people.ts';

/** Where the engines differ. */
export interface Dialect {
  readonly includes: (column: string, value: unknown) => string;
  /** Whether any item of an event's list satisfies a condition on `i`. */
  readonly anyItem: (event: string, column: string, condition: string) => string;
}

const COMPARISON: Readonly<Record<string, string>> = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };

export const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);

interface Scope {
  readonly dialect: Dialect;
  readonly leaves: Leaves;
  /** The name under which events are read. */
  readonly event: string;
}

function toSql(node: Condition, scope: Scope): string {
  const { op, args = [], path = '', value, values = [] } = node;
  const column = columnOf(path, scope);
  switch (op) {
    case 'and':
    case 'or':
      return `(${args.map((part) => toSql(part, scope)).join(` ${op.toUpperCase()} `)})`;
    case 'not':
      return `NOT coalesce(${toSql(node.arg as Condition, scope)}, FALSE)`;
    case 'in':
      return `${column} IN (${values.map(literal).join(', ')})`;
    case 'has':
      return scope.dialect.includes(column, value);
    case 'any':
      return scope.dialect.anyItem(scope.event, column, toSql(node.where as Condition, scope));
    case 'count':
      return `coalesce(${nameOf(node, scope)}, 0) ${COMPARISON[node.cmp ?? 'ge']} ${node.k}`;
    case 'seq':
      return nameOf(node, scope);
    default:
      return `${column} ${COMPARISON[op]} ${literal(value)}`;
  }
}

const nameOf = (node: Condition, { leaves }: Scope) => leaves.get(leafKey(node))?.name as string;

const columnOf = (path: string, { event }: Scope) =>
  `${path.startsWith('e.') ? event : path.slice(0, 1)}."${path.slice(2)}"`;

function selectionOf({ type, where }: Selection, scope: Scope): string {
  const ofType = `${scope.event}."type" = ${literal(type)}`;
  return where === undefined ? ofType : `${ofType} AND ${toSql(where, scope)}`;
}

/** Over the tables `profiles` and `events`, of the first so many profiles. */
export function countQuery({ segments, asOf }: Population, dialect: Dialect, people: number): string {
  const leaves = leavesOf(segments);
  const scope: Scope = { dialect, leaves, event: 'e' };
  const counted = segments.map(({ ast }, index) => `count(*) FILTER (WHERE ${toSql(ast, scope)}) AS d${index}`);
  const from = leaves.size === 0 ? 'profiles' : `(${profilesWithLeaves(scope, asOf)})`;
  return `SELECT ${counted.join(',\n ')} FROM ${from} p WHERE p.pi < ${people}`;
}

function profilesWithLeaves(scope: Scope, asOf: number): string {
  const all = [...scope.leaves.values()];
  const counts = all.filter(({ node }) => node.op === 'count');
  const sequences = all.filter(({ node }) => node.op === 'seq');
  const aggregates = counts.map(({ name, node: { event, days } }) => {
    const inWindow = `e."ts" >= ${windowStart(asOf, days)}`;
    return `count(*) FILTER (WHERE ${selectionOf(event as Selection, scope)} AND ${inWindow}) AS ${name}`;
  });
  const flags = sequences.map(({ name, node }) => `q.pi IN (${sequenceQuery(node, scope, asOf)}) AS ${name}`);
  const columns = ['q.*', ...counts.map(({ name }) => `f.${name}`), ...flags].join(', ');
  const facts = `SELECT ${['e.pi AS "of"', ...aggregates].join(', ')} FROM events e GROUP BY e.pi`;
  return `SELECT ${columns} FROM profiles q LEFT JOIN (${facts}) f ON f."of" = q.pi`;
}

function sequenceQuery({ a, b, withinMs = 0, days }: Condition, scope: Scope, asOf: number): string {
  const [first, second] = [
    selectionOf(a as Selection, { ...scope, event: 'a' }),
    selectionOf(b as Selection, { ...scope, event: 'b' }),
  ];
  const inTime = `b."ts" > a."ts" AND b."ts" <= a."ts" + ${withinMs} AND b."ts" >= ${windowStart(asOf, days)}`;
  return `SELECT b.pi FROM events a JOIN events b ON a.pi = b.pi WHERE ${first} AND ${second} AND ${inTime}`;
}
