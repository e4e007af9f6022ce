/** The browser of the system, on the console of a service of its own. Nothing is downloaded; without one, tests say so and skip. */
import type { Browser, Page } from 'playwright-core';
import { EXECUTABLE, hasBrowser, openBrowser, WITHOUT_BROWSER } from '../../../scripts/screenshots/chromium.ts';

export { hasBrowser, openBrowser };

/** CI must not pass because its browser is missing. */
if (!hasBrowser && process.env.SHOAL_REQUIRE_BROWSER === '1') {
  throw new Error(WITHOUT_BROWSER);
}
if (!hasBrowser) process.stderr.write(`browser tests are skipped: there is no Chromium at ${EXECUTABLE}\n`);

export interface Look {
  readonly language?: 'en' | 'ko';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
}

/** A page of its own, on which an error of the console fails the test that looks at `problems`. */
export async function openPage(browser: Browser, { language = 'en', theme = 'light', width = 1440 }: Look = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const preferences = JSON.stringify({ language, theme });
  await context.addInitScript((text) => localStorage.setItem('shoal.preferences', text), preferences);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  return { page, problems, close: () => context.close() };
}

export type { Page };
