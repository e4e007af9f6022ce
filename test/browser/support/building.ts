/** What a hand does in the builder. */
import type { Page } from 'playwright-core';

export async function publish(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name of the segment' }).fill(name);
  await page.getByRole('button', { name: 'Publish…' }).click();
  await page.getByRole('button', { name: /Publish version/ }).click();
  await page.getByText(`“${name}” is live.`).waitFor();
}

export async function addByKeys(page: Page, query: string): Promise<void> {
  await findTile(page, query);
  await page.keyboard.press('Space');
}

/** The first tile that is found has the focus. */
export async function findTile(page: Page, query: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search building blocks' }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(query);
  const first = page.locator('[data-tile]').first();
  await first.filter({ hasText: new RegExp(query, 'i') }).waitFor();
  await first.focus();
}

/** Real drag events: pressed, moved in steps as a hand does, let go behind the row. */
export async function dragBelow(page: Page, tile: string, row: RegExp): Promise<void> {
  await pickUp(page, tile);
  const below = await page.getByRole('row', { name: row }).boundingBox();
  if (below === null) throw new Error(`there is no row ${row}`);
  await page.mouse.move(below.x + 200, below.y + below.height + 5, { steps: 12 });
  await page.waitForTimeout(200);
  await page.mouse.move(below.x + 205, below.y + below.height + 4, { steps: 2 });
  await page.mouse.up();
}

/** Leaves the tile in the hand. */
export async function pickUp(page: Page, tile: string): Promise<void> {
  const from = await page.getByRole('button', { name: tile, exact: true }).boundingBox();
  if (from === null) throw new Error(`there is no tile ${tile}`);
  await page.mouse.move(from.x + 20, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 30, { steps: 4 });
}
