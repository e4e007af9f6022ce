/** What keeps people out, as axe finds it. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What the component library does while something is in the hand or open, for as long as that lasts: all but the places to
 * drop on is hidden from a screen reader, heading and tiles included, and buttons that close a layer stand in no landmark.
 */
export const LAYERED = ['page-has-heading-one', 'scrollable-region-focusable', 'region'];

export async function barriersOf(page: Page, besides: readonly string[] = []): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(TAGS)
    .disableRules([...besides])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}: ${nodes[0]?.failureSummary}`);
}
