/** The small breaks: each is one edit of the source, found on its syntax tree. */
import { parseSync } from 'oxc-parser';

export interface Mutant {
  readonly path: string;
  /** The whole file with the break in it. */
  readonly text: string;
  readonly description: string;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Node = { readonly type: string; readonly start: number; readonly end: number; readonly [key: string]: unknown };

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['===', '!=='],
  ['!==', '==='],
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['%', '*'],
  ['&&', '||'],
  ['||', '&&'],
  ['??', '&&'],
]);

const METHODS: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
  ['toLowerCase', 'toUpperCase'],
]);

export function mutantsOf(path: string, source: string): Mutant[] {
  const { program } = parseSync(path, source);
  return [...nodesOf(program)].flatMap((node) => editsOf(node, source)).map((edit) => mutantBy(path, source, edit));
}

function mutantBy(path: string, source: string, { start, end, text }: Edit): Mutant {
  const line = source.slice(0, start).split('\n').length;
  const description = `${path}:${line} ${JSON.stringify(source.slice(start, end).slice(0, 60))} → ${JSON.stringify(text.slice(0, 60))}`;
  return { path, text: source.slice(0, start) + text + source.slice(end), description };
}

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  else if (value !== null && typeof value === 'object') {
    const node = value as Node;
    if (typeof node.type === 'string') {
      if (node.type.startsWith('TS') || node.type === 'ImportDeclaration') return;
      yield node;
    }
    for (const child of Object.values(node)) if (child !== null && typeof child === 'object') yield* nodesOf(child);
  }
}

function editsOf(node: Node, source: string): Edit[] {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return operatorEdits(node, source);
    case 'IfStatement':
      return negate(node.test as Node, source);
    case 'ConditionalExpression':
      return negate(node.test as Node, source);
    case 'Literal':
      return literalEdits(node);
    case 'MemberExpression':
      return methodEdits(node.property as Node);
    case 'UnaryExpression':
      return node.operator === '!' ? [{ start: node.start, end: node.start + 1, text: '' }] : [];
    default:
      return [];
  }
}

function operatorEdits(node: Node, source: string): Edit[] {
  const [left, right] = [node.left as Node, node.right as Node];
  const replacement = OPERATORS.get(node.operator as string);
  const at = source.indexOf(node.operator as string, left.end);
  if (replacement === undefined || at === -1 || at >= right.start) return [];
  return [{ start: at, end: at + (node.operator as string).length, text: replacement }];
}

const negate = ({ start, end }: Node, source: string): Edit[] => [
  { start, end, text: `!(${source.slice(start, end)})` },
];

function literalEdits({ value, start, end }: Node): Edit[] {
  if (typeof value === 'boolean') return [{ start, end, text: String(!value) }];
  return typeof value === 'number' ? [{ start, end, text: String(value + 1) }] : [];
}

function methodEdits(property: Node): Edit[] {
  const replacement = METHODS.get(String(property.name));
  return replacement === undefined ? [] : [{ start: property.start, end: property.end, text: replacement }];
}
