import type { Declaration, Expression, Step, When } from './ast.ts';

type Change = (node: Expression) => Expression;

/** The node with each of its direct parts changed. */
export function rebuild(node: Expression, change: Change): Expression {
  switch (node.kind) {
    case 'list':
      return { ...node, items: node.items.map(change) };
    case 'object':
      return { ...node, entries: node.entries.map(({ key, value }) => ({ key, value: change(value) })) };
    case 'field':
      return { ...node, object: change(node.object) };
    case 'call':
      return { ...node, args: node.args.map(change) };
    case 'itemCall':
      return { ...node, list: change(node.list), body: node.body && change(node.body), args: node.args.map(change) };
    case 'lambda':
      return { ...node, body: change(node.body) };
    case 'let':
      return { ...node, value: change(node.value), body: change(node.body) };
    case 'select':
    case 'quantifier':
      return { ...node, declarations: node.declarations.map((each) => rebuildDeclaration(each, change)) };
    case 'fold': {
      const declarations = node.declarations.map((each) => rebuildDeclaration(each, change));
      return { ...node, body: node.body && change(node.body), declarations };
    }
    case 'occurs':
      return { ...node, operand: change(node.operand), when: rebuildWhen(node.when, change) };
    case 'chain': {
      const steps = node.steps.map((step) => rebuildStep(step, change));
      return { ...node, source: change(node.source), time: change(node.time), steps };
    }
    default:
      return node;
  }
}

const rebuildDeclaration = (declaration: Declaration, change: Change): Declaration => ({
  ...declaration,
  source: change(declaration.source),
  condition: declaration.condition && change(declaration.condition),
});

export function rebuildWhen(when: When, change: Change): When {
  if (when.form === 'between') return { ...when, from: change(when.from), to: change(when.to) };
  return { ...when, reference: change(when.reference) };
}

const rebuildStep = (step: Step, change: Change): Step => ({
  ...step,
  what: change(step.what),
  where: step.where.map(change),
  when: step.when.map((when) => rebuildWhen(when, change)),
});
