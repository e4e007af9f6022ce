/** Which pages are pictured, and what is done on them before. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { RUNNING_SHOES } from './segments.ts';
import type { Shop } from './week.ts';

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly theme: 'light' | 'dark';
  /** What must be seen before it is worth a picture. */
  readonly seen: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const KILOBYTES_MAX = 300;
const SIZE = { width: 1280, height: 800 };
/** Until figures that are asked for beside the page have come. */
const SETTLE_MS = 3_000;
const COUNTING_MS_MAX = 300_000;
/** Until rates are known, which takes two looks. */
const LIVE_MS = 25_000;

interface Subjects {
  readonly shoes: string;
  /** Somebody who is in, and has done much. */
  readonly person: string;
  readonly model: string;
}

/** In the page: figures beside the rule come when everybody was looked at. */
const IS_COUNTED = `document.querySelector('main progress') === null && !document.body.innerText.includes('Counting…')`;

async function untilCounted(page: Page): Promise<void> {
  await page.waitForFunction(IS_COUNTED, undefined, { timeout: COUNTING_MS_MAX });
}

const picturesOf = ({ shoes, person, model }: Subjects): readonly Picture[] => [
  { name: 'segments', path: '/segments?sort=people%3Adesc', theme: 'light', seen: '.sparkline' },
  { name: 'segments-dark', path: '/segments?sort=people%3Adesc', theme: 'dark', seen: '.sparkline' },
  { name: 'segment', path: `/segments/${shoes}`, theme: 'light', seen: '.rule-effect', prepare: untilCounted },
  {
    name: 'builder',
    path: `/segments/${shoes}/edit`,
    theme: 'light',
    seen: '[role="treegrid"] [role="row"]',
    prepare: untilCounted,
  },
  {
    name: 'builder-dark',
    path: `/segments/${shoes}/edit`,
    theme: 'dark',
    seen: '[role="treegrid"] [role="row"]',
    prepare: untilCounted,
  },
  {
    name: 'explanation',
    path: `/segments/${shoes}/explain?ns=Email&id=${person}`,
    theme: 'light',
    seen: '.verdict-line',
  },
  { name: 'person', path: `/profiles/Email/${person}`, theme: 'light', seen: '.moment' },
  { name: 'propensity', path: `/propensity/${model}`, theme: 'light', seen: '.chart' },
  {
    name: 'live',
    path: '/live',
    theme: 'dark',
    seen: '.log-row',
    prepare: (page) => page.waitForTimeout(LIVE_MS),
  },
];

/** Writes them into the folder; returns what each weighs. */
export async function takePictures(browser: Browser, shop: Shop, folder: string, print: (line: string) => void) {
  const { runner, client, segments, model } = shop;
  const shoes = segments.get(RUNNING_SHOES.name) ?? '';
  const { members } = await client.request<Members>('GET', `/segment/definitions/${shoes}/members?limit=50`);
  const person = await busiestOf(
    shop,
    members.map(({ identities }) => identities[0]?.id ?? ''),
  );
  mkdirSync(folder, { recursive: true });
  for (const picture of picturesOf({ shoes, person, model })) {
    const file = join(folder, `${picture.name}.png`);
    await take(browser, runner.local.consoleUrl ?? '', picture, file);
    const kilobytes = Math.round(statSync(file).size / 1024);
    if (kilobytes > KILOBYTES_MAX) throw new Error(`${file} is ${kilobytes} kB: at most ${KILOBYTES_MAX}`);
    print(`${file}  ${kilobytes} kB`);
  }
}

interface Members {
  readonly members: readonly { readonly identities: readonly { readonly id: string }[] }[];
}

async function busiestOf({ client }: Shop, people: readonly string[]): Promise<string> {
  const events = await Promise.all(
    people.map(async (id) => {
      const path = `/access/entities?entityIdNS=Email&limit=1&entityId=${encodeURIComponent(id)}`;
      const { page } = await client.request<{ readonly page: { readonly totalCount: number } }>('GET', path);
      return { id, count: page.totalCount };
    }),
  );
  return events.toSorted((left, right) => right.count - left.count)[0]?.id ?? '';
}

async function take(browser: Browser, address: string, { path, theme, seen, prepare }: Picture, file: string) {
  const context = await browser.newContext({ viewport: SIZE, reducedMotion: 'reduce', locale: 'en-GB' });
  const preferences = JSON.stringify({ language: 'en', theme });
  await context.addInitScript((text) => localStorage.setItem('shoal.preferences', text), preferences);
  const page = await context.newPage();
  await page.goto(new URL(path, address).href);
  await page.locator(seen).first().waitFor({ timeout: COUNTING_MS_MAX });
  await page.waitForTimeout(SETTLE_MS);
  await prepare?.(page);
  await page.screenshot({ path: file });
  await context.close();
}
