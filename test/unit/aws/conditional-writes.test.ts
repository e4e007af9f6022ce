import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { conditionHeld, transactionHeld, unlessRefused } from '#shared/aws/conditional-writes.ts';

const refused = () => Promise.reject(new ConditionalCheckFailedException({ $metadata: {}, message: 'refused' }));
const cancelled = (...codes: readonly (string | undefined)[]) =>
  Promise.reject(
    new TransactionCanceledException({
      $metadata: {},
      message: 'cancelled',
      CancellationReasons: codes.map((Code) => ({ Code })),
    }),
  );

test('a write whose condition held is done, even if it answers nothing', async () => {
  expect(await conditionHeld(Promise.resolve(undefined))).toBe(true);
});

test('a write whose condition did not hold is lost, and has no answer', async () => {
  expect(await conditionHeld(refused())).toBe(false);
  expect(await unlessRefused(refused())).toBeUndefined();
});

test('any other failure of a write is thrown', async () => {
  await expect(conditionHeld(Promise.reject(new Error('no table')))).rejects.toThrow('no table');
});

test.each([[['ConditionalCheckFailed', 'None']], [['None', 'TransactionConflict', undefined]]])(
  'a transaction that is cancelled by %j is lost to another writer',
  async (codes) => {
    expect(await transactionHeld(cancelled(...codes))).toBe(false);
  },
);

test.each([[[]], [['None']], [['ConditionalCheckFailed', 'ThrottlingError']], [['ValidationError']]])(
  'a transaction that is cancelled by %j has failed',
  async (codes) => {
    await expect(transactionHeld(cancelled(...codes))).rejects.toThrow('cancelled');
  },
);
