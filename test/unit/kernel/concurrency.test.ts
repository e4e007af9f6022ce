import { expect, test } from 'vitest';
import { eachOf } from '#shared/kernel/concurrency.ts';

test('every item is worked on once, and never more than the limit at a time', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;

  await eachOf([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    done.push(item);
    running -= 1;
  });

  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('a failure is thrown, and no further item is begun', async () => {
  const begun: number[] = [];

  const work = eachOf([1, 2, 3, 4], 1, async (item) => {
    begun.push(item);
    if (item === 2) throw new Error('two');
  });

  await expect(work).rejects.toThrow('two');
  expect(begun).toEqual([1, 2]);
});
