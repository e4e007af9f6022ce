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
import { addByKeys, dragBelow, publish } from './support/building.ts';

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

/** What Jin's memberships of the segment did since `after`, once there is anything; the cursor behind it. */
async function changesOfJin(segmentId: string, after: string | undefined) {
  for (let next = after; ; ) {
    const page = await client.allChanges(next);
    next = page.next;
    const theirs = page.changes.filter(
      (change) => change.segmentId === segmentId && change.identities.some(({ id }) => id === JIN),
    );
    if (theirs.length > 0) return { theirs, next };
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

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
    await page
      .getByRole('textbox', { name: 'Value' })
      .or(page.getByRole('combobox', { name: 'Value' }))
      .fill('running shoes');
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
    await addFilterByKeys(page, /did View product/, 'running shoes');
    await addByKeys(page, 'purchase');
    await page.getByRole('row', { name: /did Purchase/ }).focus();
    await page.keyboard.press('n');
    await page.getByRole('row', { name: /did not Purchase/ }).waitFor();
    await publishByKeys(page, KEYS);

    expect((await definitionOf(KEYS)).expression.value).toBe(RULE);
    expect(problems).toEqual([]);
    await close();
  });

  test('are entered by somebody who looks at some, and left by buying', async () => {
    const { id } = await definitionOf(MOUSE);
    await did('commerce.productViews', { web: { webPageDetails: { siteSection: 'running shoes' } } });
    const entered = await changesOfJin(id, undefined);
    await did('commerce.purchases', { commerce: { purchases: { value: 1 } } });
    const left = await changesOfJin(id, entered.next);

    expect([...entered.theirs, ...left.theirs].map(({ status, cause }) => [status, cause])).toEqual([
      ['realized', 'event'],
      ['exited', 'event'],
    ]);
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
});

async function addFilterByKeys(page: Page, row: RegExp, value: string): Promise<void> {
  await page.getByRole('row', { name: row }).focus();
  await page.keyboard.press('Enter');
  await tabTo(page, /^More for/);
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Add filter' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: row }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tabTo(page, /^Value$/);
  await page.keyboard.type(value);
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

const TABS_MAX = 20;

async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let pressed = 0; pressed < TABS_MAX; pressed += 1) {
    const focused = await page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
    if (name.test(focused)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab did not reach ${name}`);
}
