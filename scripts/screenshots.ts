/**
 * Run when the console looks different: `npm run screenshots` starts the service, lives through a week of a shop in it, and
 * takes the pictures of docs/images. It needs a Chromium, and some minutes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasBrowser, openBrowser, WITHOUT_BROWSER } from './screenshots/chromium.ts';
import { takePictures } from './screenshots/pictures.ts';
import { keepShopping } from './screenshots/shopping.ts';
import { liveThroughAWeek } from './screenshots/week.ts';

const IMAGES = join(import.meta.dirname, '..', 'docs', 'images');
const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  if (!hasBrowser) {
    print(WITHOUT_BROWSER);
    return 1;
  }
  const dataFolder = mkdtempSync(join(tmpdir(), 'shoal-week-'));
  const shop = await liveThroughAWeek(dataFolder, print);
  const stopShopping = keepShopping(shop.client);
  const browser = await openBrowser();
  try {
    await takePictures(browser, shop, IMAGES, print);
    return 0;
  } finally {
    stopShopping();
    await browser.close();
    shop.client.close();
    await shop.runner.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
