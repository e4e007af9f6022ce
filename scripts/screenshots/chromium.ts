/** The browser of the system: nothing is downloaded. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

export const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGUMENTS = [
  ...['--disable-background-networking', '--disable-quic', '--no-first-run'],
  ...['--disable-component-update', '--disable-sync'],
];

export const hasBrowser = existsSync(EXECUTABLE);

export const WITHOUT_BROWSER = `there is no Chromium at ${EXECUTABLE}: install it, or name another with CHROMIUM`;

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: EXECUTABLE,
    args: process.getuid?.() === 0 ? [...ARGUMENTS, '--no-sandbox'] : ARGUMENTS,
  });
