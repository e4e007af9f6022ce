/**
 * Explains why an expression holds of a profile or does not. Owns no semantics: each part is cut out, put back into its
 * surroundings and given to the same compiler that decides memberships, so an explanation can't disagree with them.
 */
import type { Checked } from '../ast.ts';
import { print } from '../printer.ts';
import type { EvaluationInput } from '../value.ts';
import { cutText } from './anatomy.ts';
import type { DecidingCondition, Explanation } from './explanation.ts';
import { findFlips } from './flips.ts';
import { NODES_MAX } from './limits.ts';
import { AT_ROOT, decidingKeys, type OutlineNode, outlineOf, sensitiveParts } from './outline.ts';
import { Renderer } from './render.ts';
import { type ExplainOptions, World } from './world.ts';

export type { Explanation, ExplanationNode } from './explanation.ts';
export type { ExplainOptions, SegmentsInTime } from './world.ts';

/** `checked` is a segment's expression, as `check` returned it; the events of the input as `normalizeEvents` does. */
export function explain(checked: Checked, input: EvaluationInput, options: ExplainOptions = {}): Explanation {
  const world = new World(input, options);
  const outline = outlineOf(checked, AT_ROOT, (node) => world.value(node));
  const deciding = decidingKeys(outline);
  const flips = findFlips(outline, world);
  const renderer = new Renderer(world, { deciding, sensitive: sensitiveParts(outline), flips });
  const root = renderer.outline(outline);
  const nextFlip = flips.get(outline);
  return {
    outcome: outline.outcome,
    ...(nextFlip === undefined ? {} : { nextFlip }),
    deciding: decidingConditions(outline, deciding),
    root,
    truncated: renderer.isTruncated,
  };
}

/** In the order of the text, each once. */
function decidingConditions(root: OutlineNode, deciding: ReadonlySet<string>): readonly DecidingCondition[] {
  const found = new Map<string, DecidingCondition>();
  const visit = ({ key, node, outcome, parts }: OutlineNode): void => {
    if (key !== undefined && deciding.has(key) && !found.has(key)) {
      const { start, end } = node.span;
      found.set(key, { text: cutText(print(node)).text, start, end, outcome });
    }
    for (const part of parts) visit(part);
  };
  visit(root);
  return [...found.values()].slice(0, NODES_MAX);
}
