/** The workload's conditions as JavaScript, row by row; what is asked about events is counted in one pass over them. */
import type { Attributes, Condition, Selection, WorkloadEvent } from '../workload/model.ts';
import { type Leaves, leafKey, leavesOf } from './leaves.ts';
import { type Population, windowStart } from './people.ts';

type Count = (profiles: readonly Attributes[], events: Population['events'], counts: Uint32Array) => void;

const COMPARISON: Readonly<Record<string, string>> = { eq: '===', lt: '<', le: '<=', gt: '>', ge: '>=' };
/** Larger functions are not optimized any more. */
const DEFINITIONS_PER_FUNCTION = 32;

function toCode(node: Condition, leaves: Leaves): string {
  const { op, args = [], path = '', value, values = [] } = node;
  const field = `${path.slice(0, 1)}[${JSON.stringify(path.slice(2))}]`;
  switch (op) {
    case 'and':
    case 'or':
      return `(${args.map((part) => toCode(part, leaves)).join(op === 'and' ? ' && ' : ' || ')})`;
    case 'not':
      return `!(${toCode(node.arg as Condition, leaves)})`;
    case 'in':
      return `(${values.map((each) => `${field} === ${JSON.stringify(each)}`).join(' || ')})`;
    case 'has':
      return `(${field} !== undefined && ${field}.includes(${JSON.stringify(value)}))`;
    case 'any':
      return `(${field} !== undefined && ${field}.some((i) => ${toCode(node.where as Condition, leaves)}))`;
    case 'ne':
      return `(${field} !== undefined && ${field} !== ${JSON.stringify(value)})`;
    case 'count':
      return `${leaves.get(leafKey(node))?.name} ${COMPARISON[node.cmp ?? 'ge']} ${node.k}`;
    case 'seq':
      return leaves.get(leafKey(node))?.name as string;
    default:
      return `${field} ${COMPARISON[op]} ${JSON.stringify(value)}`;
  }
}

function selectionOf({ type, where }: Selection, leaves: Leaves): string {
  const ofType = `e.type === ${JSON.stringify(type)}`;
  return where === undefined ? ofType : `${ofType} && ${toCode(where, leaves)}`;
}

/** What an event adds to a leaf. Of a first step only the newest matters. */
function leafCode(name: string, node: Condition, leaves: Leaves, asOf: number): string {
  const inWindow = `e.ts >= ${windowStart(asOf, node.days)}`;
  if (node.op === 'count') return `if (${inWindow} && ${selectionOf(node.event as Selection, leaves)}) ${name} += 1;`;
  const inTime = `e.ts - ${name}At <= ${node.withinMs}`;
  return [
    `if (${inWindow} && ${inTime} && ${selectionOf(node.b as Selection, leaves)}) ${name} = true;`,
    `if (${selectionOf(node.a as Selection, leaves)}) ${name}At = e.ts;`,
  ].join(' ');
}

function compile(population: Population, from: number): Count {
  const segments = population.segments.slice(from, from + DEFINITIONS_PER_FUNCTION);
  const leaves = leavesOf(segments);
  const all = [...leaves.values()];
  const start = all.map(({ name, node }) =>
    node.op === 'count' ? `let ${name} = 0;` : `let ${name} = false, ${name}At = -Infinity;`,
  );
  const pass = all.map(({ name, node }) => leafCode(name, node, leaves, population.asOf));
  const loop = pass.length === 0 ? '' : `for (const e of events[pi]) { ${pass.join('\n')} }`;
  const tests = segments.map(({ ast }, index) => `if (${toCode(ast, leaves)}) counts[${from + index}] += 1;`);
  const body = `for (let pi = 0; pi < profiles.length; pi++) {
    const p = profiles[pi]; ${start.join(' ')} ${loop}
    ${tests.join('\n')} }`;
  return new Function('profiles', 'events', 'counts', body) as Count;
}

export function generatedCode(
  population: Population,
): (profiles: readonly Attributes[], events: readonly (readonly WorkloadEvent[])[]) => readonly number[] {
  const { segments } = population;
  const counters: Count[] = [];
  for (let from = 0; from < segments.length; from += DEFINITIONS_PER_FUNCTION) counters.push(compile(population, from));
  return (profiles, events) => {
    const counts = new Uint32Array(segments.length);
    for (const count of counters) count(profiles, events, counts);
    return [...counts];
  };
}
