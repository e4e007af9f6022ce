/** What a number is, what it would have to be, and how far the one is from the other. */
import type { Call, Comparison, Expression } from '../ast.ts';
import type { Value } from '../value.ts';
import type { Need } from './explanation.ts';

const MIRRORED: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['=', '='],
  ['!=', '!='],
  ['<', '>'],
  ['<=', '>='],
  ['>', '<'],
  ['>=', '<='],
]);

/** Of a comparison of anything with a literal number; undefined for any other. */
export function needOfComparison(node: Call, evaluate: (operand: Expression) => Value): Need | undefined {
  const mirrored = MIRRORED.get(node.fn);
  const [left, right] = node.args;
  if (mirrored === undefined || left === undefined || right === undefined) return undefined;
  const isOnRight = isNumberLiteral(right);
  const [operand, literal] = isOnRight ? [left, right] : [right, left];
  if (!isNumberLiteral(literal) || operand.kind === 'literal' || isTime(operand)) return undefined;
  const have = evaluate(operand);
  if (have !== null && typeof have !== 'number') return undefined;
  const comparison = isOnRight ? (node.fn as Comparison) : mirrored;
  return needOf({ have, comparison, want: literal.value, unit: unitOf(operand) });
}

const isTime = ({ type }: Expression): boolean => type.kind === 'timestamp' || type.kind === 'interval';

const isNumberLiteral = (node: Expression): node is Extract<Expression, { kind: 'literal' }> & { value: number } =>
  node.kind === 'literal' && typeof node.value === 'number' && node.literalType !== 'timestamp';

interface Wanted {
  readonly have: number | null;
  readonly comparison: Comparison;
  readonly want: number;
  readonly unit?: Need['unit'] | undefined;
}

export function needOf({ have, comparison, want, unit }: Wanted): Need {
  const base = { have, comparison, want, ...(unit === undefined ? {} : { unit }) };
  if (have === null) return base;
  // Of things that are counted the next whole one is wanted; of measures anything more.
  const step = unit === undefined ? 0 : 1;
  const missing = want - have;
  switch (comparison) {
    case '>=':
    case '=':
      if (missing > 0) return { ...base, shortBy: missing };
      return missing < 0 && comparison === '=' ? { ...base, overBy: -missing } : base;
    case '>':
      return missing >= 0 ? { ...base, shortBy: missing + step } : base;
    case '<=':
      return missing < 0 ? { ...base, overBy: -missing } : base;
    case '<':
      return missing <= 0 ? { ...base, overBy: step - missing } : base;
    case '!=':
      return base;
  }
}

function unitOf(node: Expression): Need['unit'] {
  if (node.kind === 'call' && node.fn === 'count') return unitOfList(node.args[0]);
  if (node.kind === 'fold' && node.fn === 'count') return unitOfList(node.declarations.at(-1)?.source);
  return node.kind === 'itemCall' && node.fn === 'distinctCount' ? 'values' : undefined;
}

export function unitOfList(node: Expression | undefined): 'events' | 'items' {
  const item = node?.type.kind === 'list' ? node.type.item : undefined;
  const isEvent = item?.kind === 'object' && item.fields.has('eventType') && item.fields.has('timestamp');
  return isEvent || node?.kind === 'events' ? 'events' : 'items';
}
