/** The workload's conditions as PQL. */
import type { Condition, Segment, Selection } from './model.ts';

const COMPARISON: Readonly<Record<string, string>> = { eq: '=', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=' };

export function toPql(node: Condition): string {
  switch (node.op) {
    case 'and':
    case 'or':
      return `(${(node.args ?? []).map(toPql).join(` ${node.op} `)})`;
    case 'not':
      return `not (${toPql(node.arg as Condition)})`;
    case 'in':
      return `${pathOf(node)} in ${JSON.stringify(node.values)}`;
    case 'has':
      return `${pathOf(node)}.includes(${JSON.stringify(node.value)})`;
    case 'any':
      return `items.exists(${toPql(node.where as Condition)})`;
    case 'count':
      return `xEvent[${selectionOf(node.event as Selection)} and ${windowOf(node.days)}].count() ${COMPARISON[node.cmp ?? 'ge']} ${node.k}`;
    case 'seq':
      return sequenceOf(node);
    default:
      return `${pathOf(node)} ${COMPARISON[node.op]} ${JSON.stringify(node.value)}`;
  }
}

const windowOf = (days = 1) => `timestamp occurs <= ${days} days before tomorrow`;
const pathOf = ({ path = '' }: Condition) => path.slice(2).replace(/^type$/, 'eventType');

function selectionOf({ type, where }: Selection): string {
  const condition = `eventType = ${JSON.stringify(type)}`;
  return where === undefined ? condition : `${condition} and ${toPql(where)}`;
}

function sequenceOf({ a, b, withinMs = 0, days }: Condition): string {
  const seconds = Math.floor(withinMs / 1000);
  const steps = [
    `A: WHAT(${selectionOf(a as Selection)})`,
    `B: WHAT(${selectionOf(b as Selection)}) WHEN(<= ${seconds} seconds after A and <= ${days} days before tomorrow)`,
  ];
  return `chain(xEvent, timestamp, [${steps.join(', ')}])`;
}

/** A definition over an event's own fields holds while the newest matching event of the last day satisfies it. */
export function definitionPql({ kind, ast }: Pick<Segment, 'kind' | 'ast'>): string {
  if (kind !== 'event') return toPql(ast);
  const parts = ast.op === 'and' ? (ast.args ?? []) : [ast];
  const onEvent = parts.filter((part) => JSON.stringify(part).includes('"e.'));
  const onProfile = parts.filter((part) => !onEvent.includes(part));
  const event = `xEvent[${[...onEvent.map(toPql), windowOf(1)].join(' and ')}].count() >= 1`;
  return [event, ...onProfile.map(toPql)].join(' and ');
}
