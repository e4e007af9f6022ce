/** The parts of the replay that decide whether its comparison means something. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Change } from '#local/client.ts';
import { DEFINITIONS } from '../../scripts/cdnow/definitions.ts';
import { byCustomer, readPurchases, toExperienceEvent } from '../../scripts/cdnow/purchases.ts';
import { foldSizes } from '../../scripts/cdnow/segment-sizes.ts';

const FILE = [
  ' customer_id  date number_of_cds  dollar_value ',
  ' 00001 19970101  1   11.77 ',
  ' 00001 19970101  1   11.77 ',
  ' 00002 19980630 12  111.10 ',
  '',
].join('\r\n');

function purchasesOf(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-cdnow-'));
  const file = join(folder, 'purchases.txt');
  writeFileSync(file, text);
  try {
    return readPurchases(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('every line of the file is a purchase of its own, even one that is written twice', () => {
  const purchases = purchasesOf(FILE);

  expect(purchases.map(({ line, customerId }) => [line, customerId])).toEqual([
    [2, '00001'],
    [3, '00001'],
    [4, '00002'],
  ]);
  expect(toExperienceEvent(purchases[2] as (typeof purchases)[0])).toMatchObject({
    _id: 'cdnow-4',
    timestamp: '1998-06-30T00:00:00.000Z',
    identityMap: { CustomerId: [{ id: '00002', primary: true }] },
    commerce: { order: { priceTotal: 111.1 } },
    productListItems: [{ quantity: 12 }],
  });
});

test('a line that is no purchase is an error with its number', () => {
  expect(() => purchasesOf(FILE.replace('111.10', 'much  '))).toThrow(/line 4/);
});

test('the count over the file is what a reader of the definitions would count', () => {
  const now = Date.parse('1998-07-01T00:00:10Z');
  const [first = [], second = []] = [...byCustomer(purchasesOf(FILE)).values()];

  expect(DEFINITIONS.map(({ holds }) => holds(first, now))).toEqual([false, false, false, false, false]);
  expect(DEFINITIONS.map(({ holds }) => holds(second, now))).toEqual([false, true, true, true, false]);
});

test('a size is the number of profiles whose last change let them in, in whatever order changes are read', () => {
  const change = (profileId: string, version: number, index: number, status: string) =>
    ({ segmentId: 's', profileId, version, index, status }) as Change;
  const changes = [
    change('a', 3, 0, 'realized'),
    change('a', 2, 0, 'exited'),
    change('a', 2, 0, 'exited'),
    change('b', 1, 0, 'realized'),
    change('b', 1, 1, 'exited'),
    change('c', 1, 0, 'realized'),
  ];

  expect(foldSizes(changes)).toEqual(new Map([['s', 2]]));
  expect(foldSizes(changes.toReversed())).toEqual(new Map([['s', 2]]));
});
