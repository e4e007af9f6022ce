/**
 * The builder while somebody works in it: what it asks of the service, how code and canvas keep step, how it fits small
 * screens, and how long an edit takes to be seen.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { hasBrowser, openBrowser, openPage } from './support/browser.ts';
import { publish } from './support/building.ts';
import { lookers, PEOPLE } from './support/lookers.ts';

const START_MS = 400_000;

let runner: ChildRunner;
let browser: Browser;
let client: ShoalClient;

beforeAll(async () => {
  if (!hasBrowser) return;
  [runner, browser] = await Promise.all([startChildRunner({ options: ['--no-demo'] }), openBrowser()]);
  client = new ShoalClient(runner.local);
  await client.put(lookers());
}, START_MS);
afterAll(async () => {
  client?.close();
  await browser?.close();
  await runner?.stop();
});

/** A machine with other work takes its time. */
const SOON = { timeout: 30_000 };

const address = (path: string) => new URL(path, runner.local.consoleUrl ?? '').href;
const withRule = (pql: string, more = '') => address(`/segments/new?pql=${encodeURIComponent(pql)}${more}`);

const VIEWED = 'xEvent[eventType = "commerce.productViews" and timestamp occurs <= 30 days before now].count() >= 1';
const BOUGHT = 'xEvent[eventType = "commerce.purchases" and timestamp occurs <= 30 days before now].count() >= 1';

describe.skipIf(!hasBrowser)('at work', () => {
  test('twenty letters are no storm of requests', async () => {
    const { page, close } = await openPage(browser);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/preview')) asked.push(request.postData() ?? '');
    });
    // By the page's own clock, so that a slow machine is no slow typist.
    await page.clock.install();
    await page.goto(withRule('homeAddress.city = "S"'));
    await expect.poll(() => asked.length, SOON).toBeGreaterThan(0);
    await page
      .getByRole('combobox', { name: 'Value' })
      .or(page.getByRole('textbox', { name: 'Value' }))
      .focus();
    await page.keyboard.press('End');
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1_000);
    const before = asked.length;
    for (const letter of 'tratford-upon-Avon-GB') {
      await page.keyboard.press(letter);
      await page.clock.runFor(40);
    }
    const untilAsked = async () => {
      await page.clock.runFor(100);
      return asked.at(-1) ?? '';
    };
    await expect.poll(untilAsked, SOON).toContain('Stratford-upon-Avon-GB');

    expect(asked.length - before).toBeLessThanOrEqual(3);
    await close();
  });

  test('the caret in the code and the row on the canvas show each other', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(withRule(`${VIEWED} and not (${BOUGHT})`, '&view=split'));
    const editor = page.getByRole('textbox', { name: 'Rule as PQL' });
    const bought = page.getByRole('row', { name: /did not Purchase/ });
    await bought.waitFor();
    await editor.focus();
    await page.keyboard.press('Control+End');
    await page.locator('.row-frame.here', { hasText: 'Purchase' }).waitFor();
    await page.getByRole('row', { name: /did View product/ }).focus();

    await expect.poll(() => page.locator('.code-here').allInnerTexts(), SOON).toEqual([VIEWED]);
    expect(problems).toEqual([]);
    await close();
  });

  test('Escape twice leads back to the last text that compiled', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(withRule(VIEWED, '&view=split'));
    await page.getByRole('row', { name: /did View product/ }).waitFor();
    const editor = page.getByRole('textbox', { name: 'Rule as PQL' });
    await editor.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' +');
    await page.getByText('The code does not compile.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');

    await expect.poll(async () => (await editor.innerText()).trim(), SOON).toBe(VIEWED);
    await close();
  });

  test('what nobody has is said, and put right by a press', async () => {
    const { page, close } = await openPage(browser);
    await page.goto(withRule(VIEWED.replace(' and', ' and web.webPageDetails.siteSection = "runing shoes" and')));
    await page.getByText('Section of the site is “runing shoes” for nobody.').waitFor();
    await page.getByRole('button', { name: 'Use “running shoes”' }).click();
    await page.getByRole('row', { name: /^Section of the site is running shoes/ }).waitFor();
    await page.getByText('for nobody').waitFor({ state: 'detached' });
    await close();
  });

  test('a value that is found is added whole, and a sequence says how far people come', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(address('/segments/new'));
    await page.getByRole('searchbox', { name: 'Search building blocks' }).fill('running');
    await page.getByRole('button', { name: /^Add View product · Section of the site = running shoes/ }).click();
    await page.getByRole('row', { name: /where all of: Section of the site is running shoes/ }).waitFor();
    await page.getByText('keeps 3').waitFor();
    await page.goto(
      withRule(
        'chain(xEvent, timestamp, [A: WHAT(eventType = "commerce.productViews"), B: WHAT(eventType = "commerce.purchases")])',
      ),
    );
    await page.getByText(`${PEOPLE} come this far`).waitFor();
    await page.getByText('2 come this far').waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('before it is published, some of those who enter and leave are named', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(withRule(VIEWED));
    await publish(page, 'lookers');
    const { segments } = await client.request<{ segments: { id: string; name: string }[] }>(
      'GET',
      '/segment/definitions',
    );
    const id = segments.find(({ name }) => name === 'lookers')?.id ?? '';
    await page.goto(address(`/segments/${id}/edit?view=split`));
    await page.getByRole('row', { name: /did View product/ }).waitFor();
    await page.getByRole('textbox', { name: 'Rule as PQL' }).fill(`${VIEWED} and ${BOUGHT}`);
    await page.getByRole('row', { name: /did Purchase/ }).waitFor();
    await page.getByRole('button', { name: 'Publish…' }).click();
    await page.getByText('leave 4').waitFor();
    await page.getByText('See 5 of each').click();
    await expect.poll(() => page.locator('.publish-samples .tag').count(), SOON).toBe(4);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Discard draft' }).click();
    await page.getByRole('row', { name: /did Purchase/ }).waitFor({ state: 'detached' });

    expect(problems).toEqual([]);
    await close();
  });

  test('what an event carries is compared with what is known of its person', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(withRule('xEvent[eventType = "commerce.purchases" and storeID = "x"].count() >= 1', '&view=split'));
    const filter = page.getByRole('row', { name: /is x\./ }).last();
    await filter.getByRole('button', { name: /^Test: / }).click();
    await page.getByRole('menuitemradio', { name: 'Compare with another field' }).click();
    await page.getByRole('searchbox', { name: 'Choose a field' }).fill('home address city');
    await page.getByRole('option', { name: /^Home address › City/ }).click();
    await page
      .getByRole('row', { name: /is their / })
      .first()
      .waitFor();

    await expect
      .poll(async () => (await page.getByRole('textbox', { name: 'Rule as PQL' }).innerText()).trim(), SOON)
      .toBe('xEvent[eventType = "commerce.purchases" and storeID = ^homeAddress.city].count() >= 1');
    expect(problems).toEqual([]);
    await close();
  });

  test('one time is set for all events of a group', async () => {
    const { page, problems, close } = await openPage(browser);
    await page.goto(withRule(`${VIEWED} and not (${BOUGHT})`));
    await page.getByRole('button', { name: /^When, for all events of the group: in the last 30 days/ }).click();
    await page.getByRole('spinbutton', { name: 'Count' }).fill('7');
    await page.getByRole('button', { name: 'Apply' }).click();

    await page.getByRole('row', { name: /did View product .* in the last 7 days/ }).waitFor();
    await page.getByRole('row', { name: /did not Purchase .* in the last 7 days/ }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  test('a deep group opens in a view of its own, and the path leads back', async () => {
    const { page, problems, close } = await openPage(browser);
    const deep = ['KR', 'US', 'JP', 'DE', 'FR', 'GB'].reduceRight(
      (inner, country, depth) => `(homeAddress.countryCode = "${country}" ${depth % 2 === 0 ? 'and' : 'or'} ${inner})`,
      'person.birthYear > 1990 and loyalty.tier = "gold"',
    );
    await page.goto(withRule(deep));
    await page.getByRole('row', { name: /is KR/ }).first().waitFor();
    expect(await page.locator('.deep-words').count()).toBe(1);
    await page.getByRole('button', { name: /^Open in its own view/ }).click();
    await page.getByRole('navigation', { name: 'Where this group stands' }).waitFor();
    await page.locator('[data-row]:focus').waitFor();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')), SOON)
      .toMatch(/gold/);
    await page
      .getByRole('button', { name: /^People who meet/ })
      .first()
      .click();
    await page.getByRole('row', { name: /is KR/ }).first().waitFor();

    expect(problems).toEqual([]);
    await close();
  });

  test.each([320, 360, 700, 1000])(
    'at %i pixels it reflows, and a condition is added from a dialog or the rail',
    async (width) => {
      const { page, problems, close } = await openPage(browser, { width });
      await page.goto(withRule(`${VIEWED} and not (${BOUGHT})`));
      await page.getByRole('row', { name: /did not Purchase/ }).waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      if (width <= 800) await page.getByRole('button', { name: 'Add condition' }).click();
      await page.getByRole('button', { name: 'Add View product', exact: true }).click();
      await expect.poll(() => page.getByRole('row', { name: /did View product/ }).count(), SOON).toBe(2);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(problems).toEqual([]);
      await close();
    },
  );
});

const TRIALS = 12;

describe.skipIf(!hasBrowser)('how long it takes', () => {
  test.each([57, 207])('an edit among %i rows is seen (printed, for machines differ)', async (rows) => {
    const { page, close } = await openPage(browser);
    const rule = Array.from({ length: rows }, (_, index) => `person.birthYear > ${1900 + index}`).join(' and ');
    await page.goto(address('/segments/new?view=split'));
    const editor = page.getByRole('textbox', { name: 'Rule as PQL' });
    await editor.fill(rule);
    await expect.poll(() => page.locator('[data-row]').count(), SOON).toBe(rows + 1);
    await page.getByRole('radio', { name: 'Canvas' }).click();
    const times = await editTimes(page, TRIALS);
    const [middle, worst] = [times.toSorted((a, b) => a - b)[TRIALS >> 1] ?? 0, Math.max(...times)];
    process.stdout.write(
      `an edit among ${rows} rows is seen after ${middle.toFixed(0)} ms, ${worst.toFixed(0)} at most\n`,
    );

    expect(times).toHaveLength(TRIALS);
    await close();
  });

  test('thousands of fields and segments: the rail draws those that are seen', async () => {
    const { page, problems, close } = await openPage(browser);
    await answerWithMany(page);
    await page.addInitScript(watchLongTasks);
    await page.goto(address('/segments/new'));
    await page.getByRole('radio', { name: 'Segments' }).waitFor();
    await page.getByRole('radio', { name: 'Attributes' }).click();
    await page.getByRole('button', { name: 'Add Field 0', exact: true }).waitFor();
    await page.getByRole('radio', { name: 'Segments' }).click();
    await page.getByRole('button', { name: 'Add Segment 0', exact: true }).waitFor();
    expect(await page.locator('[data-tile]').count()).toBeLessThan(120);
    await page.getByRole('searchbox', { name: 'Search building blocks' }).fill('segment 4999');
    await page.getByRole('button', { name: 'Add Segment 4999', exact: true }).waitFor();
    const longest = await page.evaluate(() => Math.max(0, ...((window as unknown as Watched).longTasks?.() ?? [])));
    process.stdout.write(
      `with 2,000 fields and 5,000 segments the page was busy for ${longest.toFixed(0)} ms at most\n`,
    );

    expect(problems).toEqual([]);
    await close();
  });
});

/** From a key to the frame in which it is seen. */
const editTimes = (page: Page, trials: number): Promise<number[]> =>
  page.evaluate(async (count) => {
    const times: number[] = [];
    const input = document.querySelector<HTMLInputElement>('.slot-input');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    for (let trial = 0; trial < count; trial += 1) {
      await new Promise((resolve) => setTimeout(resolve, 400));
      const from = performance.now();
      set?.call(input, String(1000 + trial));
      input?.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      times.push(performance.now() - from);
    }
    return times;
  }, trials);

interface Watched {
  longTasks?: () => readonly number[];
}

function watchLongTasks(): void {
  const durations: number[] = [];
  const keep = (entries: readonly PerformanceEntry[]) => durations.push(...entries.map(({ duration }) => duration));
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ type: 'longtask', buffered: true });
  (window as unknown as Watched).longTasks = () => {
    keep(observer.takeRecords());
    return durations;
  };
}

const FIELDS = 2_000;
const SEGMENTS = 5_000;

/** As a service with so many would answer, page by page. */
async function answerWithMany(page: Page): Promise<void> {
  const fields = Array.from({ length: FIELDS }, (_, index) => ({
    ...{ schema: index % 2 === 0 ? 'profile' : 'event', path: `a.field${index}`, title: `Field ${index}` },
    ...{ titles: ['A', `Field ${index}`], type: 'string', isList: false, group: { id: 'a', title: 'A' } },
    ...{ source: 'extension', labels: [] },
  }));
  const [first] = (await client.request<{ segments: Record<string, unknown>[] }>('GET', '/segment/definitions?limit=1'))
    .segments;
  const segments = Array.from({ length: SEGMENTS }, (_, index) => ({
    ...first,
    ...{ id: `id-${index}`, name: `Segment ${index}` },
  }));
  await page.route('**/schemas/fields*', (route) => {
    const after = Number(new URL(route.request().url()).searchParams.get('after') ?? 0);
    const next = after + 500;
    const totals = { totalCount: FIELDS, withoutData: 0, limit: 500, ...(next < FIELDS ? { next: String(next) } : {}) };
    return route.fulfill({ json: { fields: fields.slice(after, next), page: totals, observed: [] } });
  });
  await page.route('**/segment/definitions?*', (route) => {
    const start = Number(new URL(route.request().url()).searchParams.get('start') ?? 0);
    const found = segments.slice(start, start + 500);
    return route.fulfill({ json: { segments: found, page: { totalCount: SEGMENTS }, link: {} } });
  });
}
