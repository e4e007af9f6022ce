/** What a mapping does with a batch that fails, as AWS documents it: by numbers, without stream or function. */
import { expect, test } from 'vitest';
import { type Discarded, deliver } from '#local/event-source/batch-delivery.ts';
import { invocationRecord, objectKey, recordWithPayload } from '#local/event-source/failure-destination.ts';
import { mappingSettings, type SourceRecord } from '#local/event-source/mapping-settings.ts';
import type { Outcome } from '#local/lambda/execution-environment.ts';

const error = { errorType: 'Error', errorMessage: 'poison', trace: [] };
const failed: Outcome = { ok: false, requestId: 'r', error };
const succeeded = (result: unknown = null): Outcome => ({ ok: true, requestId: 'r', result });
const itemsFailed = (...items: unknown[]) =>
  succeeded({ batchItemFailures: items.map((itemIdentifier) => ({ itemIdentifier })) });

const record = (sequenceNumber: string, arrivedAt = 0): SourceRecord => ({
  sequenceNumber,
  orderKey: 'k',
  arrivedAt,
  bytes: 1,
  event: { sequenceNumber },
});

const OPTIONS = {
  BisectBatchOnFunctionError: true,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  MaximumRetryAttempts: 2,
};

/** Delivers records named by letters; returns what was invoked, in order, and what was given up. */
async function run(
  letters: string,
  answer: (batch: string, call: number) => Outcome,
  { options = OPTIONS, now = () => 0 }: { options?: Record<string, unknown>; now?: () => number } = {},
) {
  const invoked: string[] = [];
  const discarded: Discarded[] = [];
  const isDone = await deliver(
    [...letters].map((letter) => record(letter)),
    mappingSettings('m', options),
    {
      invoke: async (records) => {
        const batch = records.map(({ sequenceNumber }) => sequenceNumber).join('');
        invoked.push(batch);
        return answer(batch, invoked.length);
      },
      discard: async (batch) => void discarded.push(batch),
      now,
      pause: async () => invoked.length < 100,
    },
  );
  const lost = discarded.map(({ records, condition }) => [
    records.map(({ sequenceNumber }) => sequenceNumber).join(''),
    condition,
  ]);
  return { invoked, lost, discarded, isDone };
}

test('a batch that succeeds is delivered once', async () => {
  expect(await run('abcd', () => succeeded())).toMatchObject({ invoked: ['abcd'], lost: [], isDone: true });
});

test('failed items are delivered again from the lowest on, and those before it are not', async () => {
  const { invoked } = await run('abcd', (_, call) => (call === 1 ? itemsFailed('d', 'c') : succeeded()));

  expect(invoked).toEqual(['abcd', 'cd']);
});

test.each([
  ['an unknown identifier', itemsFailed('z')],
  ['an empty identifier', itemsFailed('')],
  ['no identifier', itemsFailed(undefined)],
])('%s fails the whole batch', async (_, answer) => {
  const { invoked } = await run('ab', (_batch, call) => (call === 1 ? answer : succeeded()));

  expect(invoked).toEqual(['ab', 'ab']);
});

test.each([
  ['null', succeeded()],
  ['an empty list', itemsFailed()],
  ['no list', succeeded({})],
])('%s is a complete success', async (_, answer) => {
  expect((await run('ab', () => answer)).invoked).toEqual(['ab']);
});

test('without the response type, what the function returns is not looked at', async () => {
  expect((await run('ab', () => itemsFailed('a'), { options: {} })).invoked).toEqual(['ab']);
});

test('an error halves the batch until the poison stands alone, and only that is given up', async () => {
  const { invoked, lost } = await run('abcd', (batch) => (batch.includes('c') ? failed : succeeded()));

  expect(invoked.slice(0, 4)).toEqual(['abcd', 'ab', 'cd', 'c']);
  expect(lost).toEqual([['c', 'RetryAttemptsExhausted']]);
  expect(invoked.at(-1)).toBe('d');
});

test('halving costs no retry: one record is tried as often as configured, and once', async () => {
  const { invoked } = await run('ab', (batch) => (batch.includes('a') ? failed : succeeded()));

  expect(invoked.filter((batch) => batch === 'a')).toHaveLength(3);
});

test('without bisecting, the whole batch is tried again and given up', async () => {
  const options = { MaximumRetryAttempts: 1 };

  expect(await run('ab', () => failed, { options })).toMatchObject({
    invoked: ['ab', 'ab'],
    lost: [['ab', 'RetryAttemptsExhausted']],
  });
});

test.each([{}, { MaximumRetryAttempts: -1 }])(
  'without a limit (%j) it is tried for as long as the runner runs',
  async (options) => {
    const { invoked, lost, isDone } = await run('a', () => failed, { options });

    expect({ tries: invoked.length, lost, isDone }).toEqual({ tries: 100, lost: [], isDone: false });
  },
);

test('records that are too old are given up without being delivered again', async () => {
  let time = 0;
  const options = { MaximumRecordAgeInSeconds: 60 };
  const answer = () => {
    time += 40_000;
    return failed;
  };

  const { invoked, lost } = await run('ab', answer, { options, now: () => time });

  expect(invoked).toEqual(['ab', 'ab']);
  expect(lost).toEqual([['ab', 'RecordAgeExceeded']]);
});

test('what is given up is described as AWS describes it, with the whole event in a bucket', async () => {
  const { discarded } = await run('a', () => failed);
  const batch = {
    ...(discarded[0] as Discarded),
    shardId: 'shardId-000000000001',
    streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/events',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
    mappingUuid: 'uuid',
    time: Date.parse('2026-11-23T10:20:30.456Z'),
  };

  expect(invocationRecord(batch)).toEqual({
    requestContext: {
      requestId: 'r',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-11-23T10:20:30.456Z',
    KinesisBatchInfo: {
      shardId: 'shardId-000000000001',
      startSequenceNumber: 'a',
      endSequenceNumber: 'a',
      approximateArrivalOfFirstRecord: '1970-01-01T00:00:00.000Z',
      approximateArrivalOfLastRecord: '1970-01-01T00:00:00.000Z',
      batchSize: 1,
      streamArn: batch.streamArn,
    },
  });
  expect(JSON.parse(JSON.parse(recordWithPayload(batch)).payload)).toEqual({ Records: [{ sequenceNumber: 'a' }] });
  expect(objectKey(batch)).toMatch(
    /^aws\/lambda\/uuid\/shardId-000000000001\/2026\/11\/23\/2026-11-23T10\.20\.30-[0-9a-f-]{36}$/,
  );
});
