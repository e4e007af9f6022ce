/** The syntax tree as a tree: what stands below a node, and a copy of it with other things below. */
import type { Chain, Declaration, Expression, When } from '../ast.ts';

/** A child and whether it stands in an item scope of its own. */
export interface Child {
  readonly node: Expression;
  readonly scoped: boolean;
}

type Visit = (node: Expression, scoped: boolean) => Expression;

/** Copies a node with `visit` applied to each child. Leaves are returned as they are. */
export function mapChildren(node: Expression, visit: Visit): Expression {
  switch (node.kind) {
    case 'list':
      return { ...node, items: node.items.map((item) => visit(item, false)) };
    case 'object':
      return { ...node, entries: node.entries.map(({ key, value }) => ({ key, value: visit(value, false) })) };
    case 'field':
      return { ...node, object: visit(node.object, false) };
    case 'call':
      return { ...node, args: node.args.map((argument) => visit(argument, false)) };
    case 'itemCall':
      return mapItemCall(node, visit);
    case 'lambda':
      return { ...node, body: visit(node.body, false) };
    case 'let':
      return { ...node, value: visit(node.value, false), body: visit(node.body, false) };
    case 'select':
    case 'quantifier':
      return { ...node, declarations: node.declarations.map((declaration) => mapDeclaration(declaration, visit)) };
    case 'fold':
      return {
        ...node,
        declarations: node.declarations.map((declaration) => mapDeclaration(declaration, visit)),
        body: node.body && visit(node.body, false),
      };
    case 'occurs':
      return { ...node, operand: visit(node.operand, false), when: mapWhen(node.when, visit) };
    case 'chain':
      return mapChain(node, visit);
    default:
      return node;
  }
}

function mapItemCall(node: Extract<Expression, { kind: 'itemCall' }>, visit: Visit): Expression {
  const { body } = node;
  return {
    ...node,
    list: visit(node.list, false),
    body: body && visit(body, body.kind !== 'lambda'),
    args: node.args.map((argument) => visit(argument, false)),
  };
}

function mapDeclaration(declaration: Declaration, visit: Visit): Declaration {
  const { source, condition } = declaration;
  return { ...declaration, source: visit(source, false), condition: condition && visit(condition, false) };
}

function mapWhen(when: When, visit: Visit): When {
  if (when.form === 'between') return { ...when, from: visit(when.from, false), to: visit(when.to, false) };
  return { ...when, reference: visit(when.reference, false) };
}

function mapChain(node: Chain, visit: Visit): Expression {
  return {
    ...node,
    source: visit(node.source, false),
    time: visit(node.time, true),
    steps: node.steps.map((step) => ({
      ...step,
      what: visit(step.what, true),
      where: step.where.map((condition) => visit(condition, true)),
      when: step.when.map((when) => mapWhen(when, visit)),
    })),
  };
}

export function childrenOf(node: Expression): readonly Child[] {
  const children: Child[] = [];
  mapChildren(node, (child, scoped) => {
    children.push({ node: child, scoped });
    return child;
  });
  return children;
}

/** The parts of a conjunction; of anything else, itself. */
export function conjunctsOf(node: Expression): readonly Expression[] {
  return node.kind === 'call' && node.fn === 'and' ? node.args.flatMap(conjunctsOf) : [node];
}

export function conjunction(parts: readonly Expression[]): Expression | undefined {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first;
  return { kind: 'call', fn: 'and', args: parts, span: first.span, type: { kind: 'boolean' } };
}
