/**
 * Every page, in both languages and both themes: axe finds nothing (targets of 24 px and contrast included), nothing
 * scrolls sideways at 320 px, and whoever works by keyboard never loses their place.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { hasBrowser, openBrowser, openPage } from './support/browser.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LANGUAGES = ['en', 'ko'] as const;
const MIRA = 'mira@example.com';
const BOUGHT = 'xEvent[eventType = "commerce.purchases" and timestamp occurs <= 90 days before now].count()';

let runner: ChildRunner;
let browser: Browser;
let segmentId = '';

beforeAll(async () => {
  if (!hasBrowser) return;
  [runner, browser] = await Promise.all([startChildRunner({ options: ['--no-demo'] }), openBrowser()]);
  const client = new ShoalClient(runner.local);
  segmentId = await client.createDefinition('Loyal buyers', `${BOUGHT} >= 2`);
  await client.request('PATCH', `/segment/definitions/${segmentId}`, { description: 'Bought twice in 90 days' });
  await client.put([
    { partitionKey: MIRA, body: record },
    ...[1, 2].map((n) => ({ partitionKey: MIRA, body: bought(n) })),
  ]);
  await client.untilIdle();
  await client.request('POST', '/segment/jobs', [{ segmentId }]);
  await client.request('POST', '/propensity/instances', buyers);
  await client.untilIdle();
  client.close();
});
afterAll(async () => {
  await browser?.close();
  await runner?.stop();
});

const buyers = {
  ...{ id: 'buyers', displayName: 'Buyers', type: 'conversion' },
  goal: { occurrence: 'will', conditions: ['eventType = "commerce.purchases"'], windowDays: 30 },
  customEvents: [{ name: 'returns', condition: 'eventType = "return"' }],
};
const identityMap = { Email: [{ id: MIRA, primary: true }] };
const record = {
  recordType: 'profile',
  datasetId: 'customers',
  timestamp: new Date().toISOString(),
  identityMap,
  attributes: { person: { name: { firstName: 'Mira', lastName: 'Okafor' } }, loyalty: { tier: 'gold', points: 120 } },
};
const bought = (n: number) => ({
  _id: `bought-${n}`,
  timestamp: new Date().toISOString(),
  identityMap,
  eventType: 'commerce.purchases',
  commerce: { order: { priceTotal: 99.5, currencyCode: 'EUR' } },
});

const person = `/profiles/Email/${MIRA}`;
const PAGES: Readonly<Record<string, () => string>> = {
  list: () => '/segments',
  overview: () => `/segments/${segmentId}`,
  members: () => `/segments/${segmentId}?tab=members`,
  versions: () => `/segments/${segmentId}?tab=versions`,
  jobs: () => `/segments/${segmentId}?tab=jobs`,
  destinations: () => `/segments/${segmentId}?tab=destinations`,
  difference: () => `/segments/${segmentId}/versions/1/2`,
  explanation: () => `/segments/${segmentId}/explain?ns=Email&id=${MIRA}`,
  'look-up': () => '/profiles',
  timeline: () => person,
  attributes: () => `${person}?tab=attributes`,
  identities: () => `${person}?tab=identities`,
  memberships: () => `${person}?tab=segments`,
  scores: () => `${person}?tab=scores`,
  nobody: () => '/profiles/Email/nobody@example.com',
  models: () => '/propensity',
  wizard: () => '/propensity/new',
  model: () => '/propensity/buyers',
  'model settings': () => '/propensity/buyers?tab=settings',
  'model edited': () => '/propensity/buyers/edit',
  live: () => '/live',
  settings: () => '/settings',
  nowhere: () => '/no/such/page',
};

const address = (path: string) => new URL(path, runner.local.consoleUrl ?? '').href;

/** Nothing is on its way any more, as far as a reader can see. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(address(path));
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.waiting, .skeleton') === null);
}

/** What axe objects to, and where. */
async function objections(page: Page, axe = new AxeBuilder({ page }).withTags(TAGS)): Promise<readonly string[]> {
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target.join(' ')}: ${html}`));
}

const sidewaysAt = async (page: Page, width: number): Promise<number> => {
  await page.setViewportSize({ width, height: 800 });
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
};

/** A page is loaded once for both themes: only the colours differ. */
const inTheme = (page: Page, theme: 'light' | 'dark') =>
  page.evaluate((name) => {
    document.documentElement.dataset.theme = name;
  }, theme);

/** Some seconds a page. */
const LONG = { timeout: 600_000 };

describe.skipIf(!hasBrowser)('every page', () => {
  test.each(LANGUAGES)('has nothing that axe objects to and reflows to 320 px, in %s', LONG, async (language) => {
    const { page, problems, close } = await openPage(browser, { language, theme: 'light' });
    // Colours on their way from one theme to the other are no contrast.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const [name, path] of Object.entries(PAGES)) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await open(page, path());
      const light = await objections(page);
      await inTheme(page, 'dark');
      const dark = await objections(page, new AxeBuilder({ page }).withRules(['color-contrast']));
      const sideways = await sidewaysAt(page, 320);

      const found = { name, light, dark, sideways, title: await page.title() };
      const titled = expect.stringMatching(/.+ – Shoal$/);
      expect(found).toEqual({ name, light: [], dark: [], sideways: 0, title: titled });
    }
    expect(problems).toEqual([]);
    await close();
  });

  test('opens its keys and its commands by a key, without a barrier, and goes back to where one was', async () => {
    const { page, problems, close } = await openPage(browser, { theme: 'dark' });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open(page, '/settings');
    await page.getByRole('radio', { name: 'Dark' }).focus();
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await objections(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('loyal');
    await page.getByRole('option', { name: /Loyal buyers/ }).waitFor();
    expect(await objections(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    expect(problems).toEqual([]);
    await close();
  });

  test('keeps the focus somewhere after whatever is done by keyboard', async () => {
    const { page, problems, close } = await openPage(browser);
    const expectFocus = (tag: string) =>
      expect.poll(() => page.evaluate(() => document.activeElement?.tagName), { timeout: 10_000 }).toBe(tag);
    await open(page, '/segments');
    await page.getByRole('button', { name: 'Preferences' }).press('Enter');
    await page.keyboard.press('Escape');
    await expectFocus('BUTTON');
    await page.getByRole('link', { name: 'Loyal buyers' }).press('Enter');
    await page.getByRole('tab', { name: 'Members' }).waitFor();
    await expectFocus('MAIN');
    await page.getByRole('tab', { name: 'Overview' }).press('ArrowRight');
    await expectFocus('BUTTON');
    await page.getByRole('tab', { name: /^Versions/ }).press('Enter');
    await page.getByRole('button', { name: /Roll back to version 1/ }).press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await expectFocus('BUTTON');
    expect(problems).toEqual([]);
    await close();
  });
});
