import { expect, test } from 'vitest';
import { analyzeDefinition } from '#shared/segment/definition-plan.ts';

test.each([
  ['exists X from orders', true],
  ['orders.exists()', true],
  ['vip = true', true],
  ['xEvent[price > ^.limit].exists()', true],
  ['xEvent[eventType = "view"].exists()', false],
  ['inSegment("a")', false],
])('whether "%s" reads attributes: %s', (expression, reads) => {
  expect(analyzeDefinition({ expression }).attributeTerms.roots.size > 0).toBe(reads);
});
