/** Walks that every part of the language needs and none owns. */
import type { Expression, When } from './ast.ts';
import { type Diagnostic, errorAt } from './diagnostic.ts';
import { NESTING_DEPTH_MAX } from './limits.ts';

export function whenReferences(when: When): readonly Expression[] {
  return when.form === 'between' ? [when.from, when.to] : [when.reference];
}

const present = <Item>(items: readonly (Item | undefined)[]): readonly Item[] =>
  items.filter((item): item is Item => item !== undefined);

/** The direct parts of a node, in source order. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'list':
      return node.items;
    case 'object':
      return node.entries.map(({ value }) => value);
    case 'field':
      return [node.object];
    case 'call':
      return node.args;
    case 'itemCall':
      return present([node.list, node.body, ...node.args]);
    case 'lambda':
      return [node.body];
    case 'let':
      return [node.value, node.body];
    case 'select':
    case 'quantifier':
    case 'fold': {
      const body = node.kind === 'fold' ? [node.body] : [];
      return present([...body, ...node.declarations.flatMap(({ source, condition }) => [source, condition])]);
    }
    case 'occurs':
      return [node.operand, ...whenReferences(node.when)];
    case 'chain':
      return [
        node.source,
        node.time,
        ...node.steps.flatMap(({ what, where, when }) => [what, ...where, ...when.flatMap(whenReferences)]),
      ];
    default:
      return [];
  }
}

/** Left-associative rows and long paths grow deep without nesting in the text, so depth is measured on the tree. */
export function findTooDeep(root: Expression): Diagnostic | undefined {
  let level: readonly Expression[] = [root];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > NESTING_DEPTH_MAX) {
      const message = `at most ${NESTING_DEPTH_MAX} levels of nesting (NESTING_DEPTH_MAX)`;
      return errorAt((level[0] as Expression).span, 'PQL2102', message);
    }
    level = level.flatMap(childrenOf);
  }
  return undefined;
}
