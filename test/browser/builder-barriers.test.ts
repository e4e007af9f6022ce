/**
 * The builder in the middle of something, in both languages and themes: nobody is kept out by what opens, unfolds or is
 * said only then.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { barriersOf, LAYERED } from './support/barriers.ts';
import { hasBrowser, type Look, openBrowser, openPage } from './support/browser.ts';
import { lookers } from './support/lookers.ts';

const START_MS = 400_000;

let runner: ChildRunner;
let browser: Browser;
let segmentId: string;

const VIEWED = 'xEvent[eventType = "commerce.productViews" and timestamp occurs <= 30 days before now].count() >= 1';
const MISSPELT = VIEWED.replace(' and', ' and web.webPageDetails.siteSection = "runing shoes" and');
const IN_ORDER =
  'chain(xEvent, timestamp, [A: WHAT(eventType = "commerce.productViews"), B: not WHAT(eventType = "commerce.checkouts"), C: WHAT(eventType = "commerce.purchases") WHEN(<= 7 days after A)])';

beforeAll(async () => {
  if (!hasBrowser) return;
  [runner, browser] = await Promise.all([startChildRunner({ options: ['--no-demo'] }), openBrowser()]);
  const client = new ShoalClient(runner.local);
  await client.put(lookers());
  segmentId = await client.createDefinition('Lookers', VIEWED);
  await client.untilIdle();
  client.close();
}, START_MS);
afterAll(async () => {
  await browser?.close();
  await runner?.stop();
});

interface Moment {
  readonly what: string;
  readonly path: () => string;
  readonly width?: number;
  readonly reach: (page: Page) => Promise<void>;
  /** Rules that say nothing while a layer is open. */
  readonly besides?: readonly string[];
}

const withRule = (pql: string, more = '') => `/segments/new?pql=${encodeURIComponent(pql)}${more}`;
const click = (selector: string, then: string) => async (page: Page) => {
  await page.locator(selector).first().click();
  await page.locator(then).first().waitFor();
};

const MOMENTS: readonly Moment[] = [
  { what: 'what is known of an event', path: () => withRule(VIEWED), reach: click('.tile-toggle', '.value-bar') },
  {
    what: 'the choice of a field',
    path: () => withRule(MISSPELT),
    reach: click('.row-frame.attribute .slot', '.field-picker [role="option"]'),
    besides: LAYERED,
  },
  { what: 'a hint', path: () => withRule(MISSPELT), reach: (page) => page.locator('.hint .button').first().waitFor() },
  {
    what: 'a sequence with how far people come',
    path: () => withRule(IN_ORDER, '&view=split'),
    reach: (page) => page.locator('.row-frame.step .effect span').first().waitFor(),
  },
  {
    what: 'building blocks in a dialog',
    path: () => withRule(VIEWED),
    width: 360,
    reach: click('.canvas-foot .button', '[role="dialog"] .tile'),
    besides: LAYERED,
  },
  {
    what: 'the number with all that is known',
    path: () => withRule(VIEWED),
    width: 1000,
    reach: click('.panel-summary', '.funnel'),
  },
  {
    what: 'who enters and leaves',
    path: () => `/segments/${segmentId}/edit?view=split`,
    reach: async (page) => {
      await page.locator('.cm-content').fill(`${VIEWED} and loyalty.tier = "gold"`);
      await page.locator('.row-frame.attribute').waitFor();
      await page.locator('.builder-actions > .primary').click();
      await page.locator('[role="dialog"] summary').click();
      await page.locator('.publish-samples .tag').first().waitFor();
    },
    besides: LAYERED,
  },
];

const LOOKS: readonly Look[] = [
  { theme: 'light', language: 'en' },
  { theme: 'dark', language: 'ko' },
];

describe.skipIf(!hasBrowser)('nobody is kept out', () => {
  test.each(MOMENTS.flatMap((moment) => LOOKS.map((look) => [moment.what, look, moment] as const)))(
    'by %s: %j',
    async (_what, look, { path, width, reach, besides = [] }) => {
      const { page, problems, close } = await openPage(browser, { ...look, ...(width === undefined ? {} : { width }) });
      await page.goto(new URL(path(), runner.local.consoleUrl ?? '').href);
      await page.locator('[data-row]').nth(1).waitFor();
      await reach(page);
      // What appears is half see-through for a moment, and the old number pale until the new one is there.
      await page.locator('.old').first().waitFor({ state: 'detached' });
      await page.waitForTimeout(500);

      expect(await barriersOf(page, besides)).toEqual([]);
      expect(problems).toEqual([]);
      await close();
    },
  );
});
