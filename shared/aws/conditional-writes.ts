/** How a write on condition ends: done, lost to another writer, or failed. */
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';

/** False where the condition of the write did not hold; every other failure is thrown. */
export async function conditionHeld(write: Promise<unknown>): Promise<boolean> {
  return (await unlessRefused(write.then(() => true))) ?? false;
}

/** What the write answers, or nothing where its condition did not hold. */
export async function unlessRefused<Answer>(write: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

const LOST: ReadonlySet<string> = new Set(['ConditionalCheckFailed', 'TransactionConflict']);

/** False where nothing but conditions and other transactions stood in the way; every other failure is thrown. */
export async function transactionHeld(transaction: Promise<unknown>): Promise<boolean> {
  try {
    await transaction;
    return true;
  } catch (error) {
    if (isLostTransaction(error)) return false;
    throw error;
  }
}

/** Source: the cancellation reasons of TransactWriteItems in the DynamoDB API reference; `None` is an item that was fine. */
export function isLostTransaction(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map(({ Code = 'None' }) => Code).filter((code) => code !== 'None');
  return codes.length > 0 && codes.every((code) => LOST.has(code));
}
