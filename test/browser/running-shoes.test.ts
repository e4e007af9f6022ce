/**
 * The story that the console is for, told against the service with its demo: the same segment by mouse and again by
 * keys alone, live, and then somebody who enters it by looking at shoes and leaves it by buying some, among
 * the demo's shoppers.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TEMPLATES } from '#console/src/segment-builder/templates.ts';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { hasBrowser, openBrowser, openPage } from './support/browser.ts';
import { addByKeys, dragBelow, findTile, publish } from './support/building.ts';

/** The template and the console may have to be built first. */
const START_MS = 400_000;

let runner: ChildRunner;
let browser: Browser;
let client: ShoalClient;

beforeAll(async () => {
  if (!hasBrowser) return;
  [runner, browser] = await Promise.all([startChildRunner(), openBrowser()]);
  client = new ShoalClient(runner.local);
}, START_MS);
afterAll(async () => {
  client?.close();
  await browser?.close();
  await runner?.stop();
});

const address = (path: string) => new URL(path, runner.local.consoleUrl ?? '').href;

const RULE = TEMPLATES.shoes;
const SECTION = 'running shoes';

interface Definition {
  readonly id: string;
  readonly name: string;
  readonly expression: { readonly value: string };
}

async function definitionOf(name: string): Promise<Definition> {
  const { segments } = await client.request<{ segments: Definition[] }>('GET', '/segment/definitions');
  const found = segments.find((segment) => segment.name === name);
  if (found === undefined) throw new Error(`the service has no segment “${name}”`);
  return found;
}

const JIN = 'jin@example.com';

const did = (eventType: string, more: object = {}) =>
  client.put([
    {
      partitionKey: JIN,
      body: {
        _id: `${JIN} ${eventType}`,
        timestamp: new Date().toISOString(),
        eventType,
        identityMap: { Email: [{ id: JIN, primary: true }] },
        ...more,
      },
    },
  ]);

const MOUSE = 'running shoes by mouse';
const KEYS = 'running shoes by keys';

describe.skipIf(!hasBrowser)('running shoes', () => {
  test('are a segment of three presses, a drag, a word and a name', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(address('/segments/new'));
    await page.getByRole('button', { name: 'Add View product' }).click();
    const viewed = page.getByRole('row', { name: /did View product/ });
    await dragBelow(page, 'Add Purchase', /^did View product/);
    await viewed.getByRole('button', { name: /^More for did View product/ }).click();
    await page.getByRole('menuitem', { name: 'Add filter' }).click();
    await page.getByRole('searchbox', { name: 'Choose a field' }).fill('section of the site');
    await page.getByRole('option', { name: /^Section of the site/ }).click();
    await page
      .getByRole('combobox', { name: 'Value' })
      .or(page.getByRole('textbox', { name: 'Value' }))
      .fill(SECTION);
    await page
      .getByRole('row', { name: /did Purchase/ })
      .getByRole('button', { name: 'Happened or not: did' })
      .click();
    await page.getByRole('menuitemradio', { name: 'did not' }).click();
    await publish(page, MOUSE);

    expect((await definitionOf(MOUSE)).expression.value).toBe(RULE);
    expect(problems).toEqual([]);
    await close();
  });

  test('are the same segment by keys alone', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(address('/segments/new'));
    await page.getByRole('treegrid', { name: 'Rule' }).waitFor();
    await addByKeys(page, 'view product');
    await addFilterByKeys(page, /did View product/, SECTION);
    await dropByKeys(page, 'purchase', /^At the end of all of/);
    await walkTo(page, /did Purchase/);
    await page.keyboard.press('n');
    await page.getByRole('row', { name: /did not Purchase/ }).waitFor();
    await publishByKeys(page, KEYS);

    expect((await definitionOf(KEYS)).expression.value).toBe(RULE);
    expect(problems).toEqual([]);
    await close();
  });

  test('are entered by somebody who looks at some, and left by buying, before the eyes of whoever watches', async () => {
    const { id } = await definitionOf(MOUSE);
    const { page, problems, close } = await openPage(browser);
    await page.goto(address(`/live?segment=${id}`));
    await page.getByRole('log').waitFor({ state: 'attached' });
    const jin = page.locator('.log-row').filter({ hasText: JIN });
    await did('commerce.productViews', { web: { webPageDetails: { siteSection: SECTION } } });
    await jin.filter({ hasText: 'entered' }).first().waitFor();
    await did('commerce.purchases', { commerce: { purchases: { value: 1 } } });
    await jin.filter({ hasText: 'left' }).first().waitFor();

    expect(await jin.allInnerTexts()).toEqual([
      expect.stringMatching(/left[\s\S]*by an event/),
      expect.stringMatching(/entered[\s\S]*by an event/),
    ]);
    expect(problems).toEqual([]);
    await close();
  });

  test('say why somebody is out: the purchase decides it', async () => {
    const { id } = await definitionOf(MOUSE);
    const { page, problems, close } = await openPage(browser);
    await page.goto(address(`/segments/${id}/explain?ns=Email&id=${encodeURIComponent(JIN)}`));
    await page.getByText(/is out of “/).waitFor();
    await page.getByText('this decides it').first().waitFor();

    expect(problems).toEqual([]);
    await close();
  });

  test('are edited as code, and the canvas follows; what is live stays as it is', async () => {
    const { id } = await definitionOf(MOUSE);
    const { page, problems, close } = await openPage(browser);
    await page.goto(address(`/segments/${id}/edit?view=split`));
    const editor = page.getByRole('textbox', { name: 'Rule as PQL' });
    await page.getByRole('row', { name: /did View product at least 1 time in the last 30 days/ }).waitFor();
    await editor.fill(
      RULE.replace('<= 30 days before now].count() >= 1 and', '<= 14 days before now].count() >= 2 and'),
    );
    await page.getByRole('row', { name: /did View product at least 2 times in the last 14 days/ }).waitFor();
    await page.getByRole('row', { name: /did not Purchase at least 1 time in the last 30 days/ }).waitFor();

    expect((await definitionOf(MOUSE)).expression.value).toBe(RULE);
    expect(problems).toEqual([]);
    await close();
  });
});

async function addFilterByKeys(page: Page, row: RegExp, value: string): Promise<void> {
  await walkTo(page, row);
  await page.keyboard.press('Enter');
  await tabTo(page, /^More for/);
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Add filter' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('searchbox', { name: 'Choose a field' }).waitFor();
  await page.keyboard.type('section of the site');
  await page.getByRole('option', { name: /^Section of the site/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /^Section of the site/ }).waitFor();
  await tabTo(page, /^Value$/);
  await page.keyboard.type(value);
}

/** A tile is picked up, carried to a place by Tab, and let go. */
async function dropByKeys(page: Page, query: string, place: RegExp): Promise<void> {
  await findTile(page, query);
  await page.keyboard.press('Enter');
  await tabTo(page, place);
  await page.keyboard.press('Enter');
}

/** Into the canvas at its one stop of the Tab key, then by arrows. */
async function walkTo(page: Page, row: RegExp): Promise<void> {
  await page.locator('[data-row][tabindex="0"]').first().focus();
  await page.keyboard.press('Home');
  for (let walked = 0; walked < STEPS_MAX; walked += 1) {
    if (row.test(await focused(page))) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`no arrow reaches ${row}`);
}

async function publishByKeys(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name of the segment' }).focus();
  await page.keyboard.type(name);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').waitFor();
  await tabTo(page, /^Publish version/);
  await page.keyboard.press('Enter');
  await page.getByText(`“${name}” is live.`).waitFor();
}

const STEPS_MAX = 30;

async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let pressed = 0; pressed < STEPS_MAX; pressed += 1) {
    const at = await focused(page);
    if (name.test(at)) return;
    passed.push(at);
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${name}, but ${passed.join(' · ')}`);
}

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
