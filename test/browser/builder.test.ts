/**
 * The builder as people use it, in a browser, against the whole service: the same segment by pointer, by keyboard and as
 * text. What counts is the rule that the service has at the end.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { barriersOf, LAYERED } from './support/barriers.ts';
import { hasBrowser, type Look, openBrowser, openPage } from './support/browser.ts';
import { addByKeys, dragBelow, pickUp, publish } from './support/building.ts';

let runner: ChildRunner;
let browser: Browser;

beforeAll(async () => {
  if (!hasBrowser) return;
  [runner, browser] = await Promise.all([startChildRunner({ options: ['--no-demo'] }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await runner?.stop();
});

const address = (path: string) => new URL(path, runner.local.consoleUrl ?? '').href;

async function ruleOf(name: string): Promise<{ readonly text: string; readonly state: string } | undefined> {
  const { apiUrl, token } = runner.local;
  const response = await fetch(`${apiUrl}/data/core/ups/segment/definitions`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { segments } = (await response.json()) as {
    segments: { name: string; expression: { value: string }; lifecycleState: string }[];
  };
  const found = segments.find((segment) => segment.name === name);
  return found && { text: found.expression.value, state: found.lifecycleState };
}

const VIEWED = 'xEvent[eventType = "commerce.productViews" and timestamp occurs <= 30 days before now].count() >= 1';
const BOUGHT = 'xEvent[eventType = "commerce.purchases" and timestamp occurs <= 30 days before now].count() >= 1';
const FORGOT = `${VIEWED} and not (${BOUGHT})`;

describe.skipIf(!hasBrowser)('the builder', () => {
  test('by pointer: tiles pressed and dragged, a choice in the sentence, published', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(address('/segments/new'));
    await page.getByRole('button', { name: 'Add View product' }).click();
    const row = page.getByRole('row', { name: /did View product/ });
    await row.waitFor();
    await dragBelow(page, 'Add Purchase', /^did View product/);
    await page
      .getByRole('row', { name: /did Purchase/ })
      .getByRole('button', { name: 'Happened or not: did' })
      .click();
    await page.getByRole('menuitemradio', { name: 'did not' }).click();
    await publish(page, 'by pointer');

    expect(await ruleOf('by pointer')).toEqual({ text: FORGOT, state: 'published' });
    expect(problems).toEqual([]);
    await close();
  });

  test('by keyboard alone: found, added, negated, undone, published', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(address('/segments/new'));
    await page.getByRole('treegrid', { name: 'Rule' }).waitFor();
    await addByKeys(page, 'view product');
    await addByKeys(page, 'purchase');
    const bought = page.getByRole('row', { name: /did Purchase/ });
    await bought.focus();
    await page.keyboard.press('n');
    await page.getByRole('row', { name: /did not Purchase/ }).waitFor();
    await page.keyboard.press('Control+z');
    await bought.waitFor();
    await page.keyboard.press('Control+y');
    await page.getByRole('row', { name: /did not Purchase/ }).waitFor();
    await publish(page, 'by keyboard');

    expect(await ruleOf('by keyboard')).toEqual({ text: FORGOT, state: 'published' });
    expect(problems).toEqual([]);
    await close();
  });

  test('as text: the canvas follows the code, keeps its spelling, and says when it does not compile', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(address('/segments/new?view=split'));
    const editor = page.getByRole('textbox', { name: 'Rule as PQL' });
    await editor.fill('loyalty.tier   =   "gold" AND person.birthYear > 1990');
    const tier = page.getByRole('row', { name: /is gold/ });
    await tier.waitFor();
    await editor.press('End');
    await page.keyboard.type(' and (');
    await page.getByText('The code does not compile.').waitFor();
    await page.getByRole('button', { name: 'Back to the last version that compiled' }).click();
    await page.getByRole('textbox', { name: 'Value' }).first().fill('silver');

    await expect
      .poll(async () => (await editor.innerText()).trim(), { timeout: 30_000 })
      .toBe('loyalty.tier = "silver" AND person.birthYear > 1990');
    expect(problems).toEqual([]);
    await close();
  });

  test('a row moves with Alt and the arrows, and keeps the focus', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(address('/segments/new?template=shoes'));
    const second = page.getByRole('row', { name: /did not Purchase/ });
    await second.focus();
    await page.keyboard.press('Alt+ArrowUp');

    await page.getByRole('row', { name: /did not Purchase.*Row 1 of 2/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/did not Purchase/);
    await close();
  });
});

const LOOKS: readonly Look[] = [{ theme: 'light' }, { theme: 'dark', language: 'ko' }, { width: 360 }];
const PAGES = ['/segments', '/segments/new', '/segments/new?template=shoes', '/segments/new?template=cart&view=split'];

/** What is on the page only while somebody is in the middle of something. */
const MOMENTS: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['a tile in the hand', (page) => pickUp(page, 'Add Purchase')],
  ['a tile picked up by key', pickUpByKey],
  ['the menu of a row', (page) => open(page, /^More for did View product/, 'menu')],
  ['the choice of a time', (page) => open(page, /^When: /, 'dialog')],
  ['the choice of events', (page) => open(page, /^Events: /, 'dialog')],
  ['the act of publishing', (page) => open(page, /^Publish…/, 'dialog')],
];

async function open(page: Page, name: RegExp, role: 'menu' | 'dialog'): Promise<void> {
  await page.getByRole('button', { name }).first().click();
  await page.getByRole(role).first().waitFor();
}

async function pickUpByKey(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add Purchase', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
}

describe.skipIf(!hasBrowser)('for everybody', () => {
  test.each(
    MOMENTS.flatMap(([what, reach]) => (['light', 'dark'] as const).map((theme) => [what, theme, reach] as const)),
  )('the builder has no barrier during %s, %s', async (_what, theme, reach) => {
    const { page, problems, close } = await openPage(browser, { theme });
    await page.goto(address('/segments/new?template=shoes'));
    await page.getByRole('row', { name: /did not Purchase/ }).waitFor();
    await reach(page);
    await page.waitForTimeout(700);

    expect(await barriersOf(page, LAYERED)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  test.each(PAGES.flatMap((path) => LOOKS.map((look) => [path, look] as const)))(
    '%s has no barrier: %j',
    async (path, look) => {
      const { page, close } = await openPage(browser, look);
      await page.goto(address(path));
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' });
      await page.waitForTimeout(1_500);
      expect(await barriersOf(page)).toEqual([]);
      const width = look.width ?? 1440;
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await close();
    },
  );
});
