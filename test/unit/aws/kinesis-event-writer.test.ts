import type { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { KinesisEventWriter } from '#shared/aws/kinesis-event-writer.ts';

/** A stream that refuses a record as often as `refusals` says for its partition key. */
function stream(refusals: Record<string, number>) {
  const calls: string[][] = [];
  const send = async ({ input }: PutRecordsCommand) => {
    const keys = (input.Records ?? []).map(({ PartitionKey }) => PartitionKey as string);
    calls.push(keys);
    const Records = keys.map((key) => {
      const left = refusals[key] ?? 0;
      refusals[key] = left - 1;
      return left > 0 ? { ErrorCode: 'ProvisionedThroughputExceededException' } : { SequenceNumber: '1' };
    });
    return { Records };
  };
  return { calls, writer: new KinesisEventWriter('events', { send } as unknown as KinesisClient) };
}

const records = (...keys: string[]) => keys.map((partitionKey) => ({ partitionKey, data: new Uint8Array([1]) }));

test('records that are refused for lack of room are sent again, and only those', async () => {
  const { calls, writer } = stream({ b: 2 });

  expect(await writer.write(records('a', 'b', 'c'))).toEqual([true, true, true]);
  expect(calls).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
});

test('a record that is refused to the end is reported, and the others are not', async () => {
  const { writer } = stream({ b: 99 });
  expect(await writer.write(records('a', 'b', 'c'))).toEqual([true, false, true]);
});

test('a call holds at most 500 records', async () => {
  const { calls, writer } = stream({});
  const taken = await writer.write(records(...Array.from({ length: 501 }, (_, number) => `k${number}`)));

  expect(calls.map(({ length }) => length)).toEqual([500, 1]);
  expect(taken.every(Boolean)).toBe(true);
});
