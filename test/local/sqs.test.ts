/** SQS through the SDK's client, and queues as the source of a function's events. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, expect, test, vi } from 'vitest';
import type { Cloud, Mapping } from '#local/cloud.ts';
import { Queue, type QueueSettings } from '#local/engines/sqs/queue.ts';
import { Queues } from '#local/engines/sqs/queues.ts';
import { resourceTypes } from '#local/resources/resource-types.ts';
import { deploy, type Properties } from '#local/template/deployment.ts';
import { clientSettings, startTestEngines } from './support/engine.ts';
import { eventually } from './support/eventually.ts';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of open.splice(0)) await close();
});

interface QueueEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly attributes: Record<string, string>;
  }[];
}

/** Queues `work` and `dead`, and with a behaviour a function that reads from `work`. */
async function start(
  work: Properties = {},
  mapping: Properties = {},
  behave?: (event: QueueEvent) => unknown,
  concurrency = 2,
) {
  const { listener, ...engines } = await startTestEngines();
  const client = new SQSClient(clientSettings(listener.url));
  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:subject';
  const invoke = async (event: QueueEvent) => {
    try {
      return { ok: true, requestId: 'r', result: (await behave?.(event)) ?? null };
    } catch (error) {
      return { ok: false, requestId: 'r', error: { errorType: 'Error', errorMessage: String(error), trace: [] } };
    }
  };
  const target = { settings: { arn: functionArn, timeoutMs: 1_000, concurrency }, invoke };
  const mappings: Mapping[] = [];
  const cloud = {
    surroundings: {
      engines: { ...engines, url: listener.url, dynamoDb: { call: () => undefined } },
      onError: console.error,
    },
    mappings,
    functionOf: () => target,
  } as unknown as Cloud;
  const source = { EventSourceArn: { 'Fn::GetAtt': ['Work', 'Arn'] }, FunctionName: functionArn, ...mapping };
  const Resources = {
    Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
    Work: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work', VisibilityTimeout: 1, ...work } },
    Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Anything: 1 } },
    ...(behave && { Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: source } }),
  };
  await deploy(
    { stacks: [{ name: 'stack', template: { Resources } }], assets: new Map() },
    resourceTypes(cloud),
    () => '',
  );
  open.push(async () => {
    for (const one of mappings) one.stop();
    client.destroy();
    await listener.close();
  });
  for (const one of mappings) one.start();
  const QueueUrl = engines.queues.find('work').settings.url;
  const send = (MessageBody: string, more = {}) =>
    client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
  const receive = async (more: Partial<ReceiveMessageCommandInput> = {}) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl, ...more }))).Messages ?? [];
  return { ...engines, client, QueueUrl, DeadUrl: engines.queues.find('dead').settings.url, mappings, send, receive };
}

const redrive = (maxReceiveCount: number) => ({
  RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount },
});

test('a message is received with its attributes, hidden until its time is over, and gone once deleted', async () => {
  const { client, QueueUrl, send, receive } = await start();
  const attributes = {
    kind: { DataType: 'String', StringValue: 'x' },
    other: { DataType: 'Number', StringValue: '1' },
  };
  const { MessageId } = await send('hello', { MessageAttributes: attributes });

  const [message] = await receive({ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['kind'] });

  expect(message).toMatchObject({ MessageId, Body: 'hello', MessageAttributes: { kind: attributes.kind } });
  expect(message?.Attributes).toMatchObject({
    ApproximateReceiveCount: '1',
    SentTimestamp: expect.stringMatching(/^\d+$/),
  });
  expect(Object.keys(message?.MessageAttributes ?? {})).toEqual(['kind']);
  expect(await receive()).toEqual([]);
  const [again] = await receive({ WaitTimeSeconds: 5, MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
  expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }));
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
});

test('an old receipt deletes nothing that was received again', async () => {
  const { client, QueueUrl, send, receive } = await start();
  await send('x');
  const [first] = await receive({ VisibilityTimeout: 0 });
  const [second] = await receive();

  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
  await client.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 }),
  );

  expect(await receive()).toHaveLength(1);
});

test('who waits gets what is sent meanwhile, and a delay holds a message back', async () => {
  const { send, receive } = await start();
  const waiting = receive({ WaitTimeSeconds: 10 });
  await send('late', { DelaySeconds: 1 });
  const before = performance.now();

  const [message] = await waiting;

  expect(message?.Body).toBe('late');
  expect(performance.now() - before).toBeGreaterThan(800);
});

test('batches tell of each entry', async () => {
  const { client, QueueUrl, receive } = await start({ MaximumMessageSize: 1024 });
  const Entries = [
    { Id: 'a', MessageBody: 'one' },
    { Id: 'b', MessageBody: 'x'.repeat(1025) },
    { Id: 'c', MessageBody: 'three' },
  ];

  const sent = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
  expect(sent.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }]);
  const received = await receive({ MaxNumberOfMessages: 10 });
  expect(received.map(({ Body }) => Body)).toEqual(['one', 'three']);
  const deletions = received.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: deletions }));
  expect(await receive({ WaitTimeSeconds: 2 })).toEqual([]);
});

test('a queue beside those of the template can be made, and again without another coming of it', async () => {
  const engines = await startTestEngines();
  open.push(() => engines.listener.close());
  const client = new SQSClient(clientSettings(engines.listener.url));
  const first = await client.send(new CreateQueueCommand({ QueueName: 'made' }));
  const second = await client.send(new CreateQueueCommand({ QueueName: 'made' }));
  await client.send(new SendMessageCommand({ QueueUrl: first.QueueUrl, MessageBody: 'hello' }));

  expect(second.QueueUrl).toBe(first.QueueUrl);
  expect((await client.send(new ReceiveMessageCommand({ QueueUrl: 'made' }))).Messages).toMatchObject([
    { Body: 'hello' },
  ]);
  const odd = new CreateQueueCommand({ QueueName: 'fifo', Attributes: { FifoQueue: 'true' } });
  await expect(client.send(odd)).rejects.toThrow(/default attributes only/);
});

test('a message that was received too often is given up, and moved back by a redrive', async () => {
  const { client, QueueUrl, DeadUrl, send, receive } = await start(redrive(2));
  const { MessageId } = await send('poison');
  for (let n = 0; n < 2; n++) expect(await receive({ VisibilityTimeout: 0 })).toHaveLength(1);

  expect(await receive()).toEqual([]);
  const [given] = await receive({ QueueUrl: DeadUrl, VisibilityTimeout: 0, MessageSystemAttributeNames: ['All'] });
  const workArn = 'arn:aws:sqs:us-east-1:000000000000:work';
  expect(given).toMatchObject({ MessageId, Body: 'poison', Attributes: { DeadLetterQueueSourceArn: workArn } });
  const sources = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: DeadUrl }));
  expect(sources.queueUrls).toEqual([QueueUrl]);

  const SourceArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  await client.send(new StartMessageMoveTaskCommand({ SourceArn }));

  expect((await receive()).map(({ Body }) => Body)).toEqual(['poison']);
  const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn }));
  expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
  const wrong = client.send(new StartMessageMoveTaskCommand({ SourceArn: workArn }));
  await expect(wrong).rejects.toMatchObject({ name: 'UnsupportedOperation' });
});

test('queues are found by name, and one that is not there is told', async () => {
  const { client, QueueUrl, DeadUrl } = await start();

  expect((await client.send(new ListQueuesCommand({}))).QueueUrls?.toSorted()).toEqual([DeadUrl, QueueUrl]);
  expect((await client.send(new GetQueueUrlCommand({ QueueName: 'work' }))).QueueUrl).toBe(QueueUrl);
  const nobody = client.send(new GetQueueUrlCommand({ QueueName: 'nobody' }));
  await expect(nobody).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

test('a function gets messages as Lambda gives them, and what it took is deleted', async () => {
  const events: QueueEvent[] = [];
  const { send, queues, mappings } = await start({}, {}, (event) => void events.push(event));

  await send('{"a":1}', { MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } } });
  await eventually(
    async () => queues.find('work').messages.length,
    (count) => count === 0,
  );

  expect(events[0]?.Records).toMatchObject([
    {
      body: '{"a":1}',
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: { kind: { stringValue: 'x', dataType: 'String', stringListValues: [], binaryListValues: [] } },
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:work',
      awsRegion: 'us-east-1',
    },
  ]);
  expect(mappings.every(({ isIdle }) => isIdle)).toBe(true);
});

test('what a function names as failed comes again, the rest does not, and in the end it is given up', async () => {
  const seen: string[] = [];
  const mapping = { FunctionResponseTypes: ['ReportBatchItemFailures'] };
  const { client, QueueUrl, queues } = await start(redrive(2), mapping, ({ Records }) => {
    seen.push(...Records.map(({ body }) => body));
    const failed = Records.filter(({ body }) => body === 'bad');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
  const Entries = ['good', 'bad', 'fine'].map((MessageBody, n) => ({ Id: String(n), MessageBody }));
  await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

  const [given] = await eventually(
    async () => queues.find('dead').messages,
    ({ length }) => length > 0,
  );

  expect(given?.body).toBe('bad');
  expect(seen.toSorted()).toEqual(['bad', 'bad', 'fine', 'good']);
});

test.each([
  [
    'fails',
    () => {
      throw new Error('no');
    },
  ],
  ['names what it was not given', () => ({ batchItemFailures: [{ itemIdentifier: 'unknown' }] })],
])('all messages of a batch come again when the function %s', async (_, behave) => {
  const mapping = { FunctionResponseTypes: ['ReportBatchItemFailures'] };
  const { send, queues } = await start(redrive(1), mapping, behave);
  await send('one');
  await send('two');

  const dead = await eventually(
    async () => queues.find('dead').messages,
    ({ length }) => length === 2,
  );

  expect(dead.map(({ body }) => body).toSorted()).toEqual(['one', 'two']);
});

test('a window gathers what comes within it', async () => {
  const batches: number[] = [];
  const queue = { VisibilityTimeout: 30 };
  const behave = ({ Records }: QueueEvent) => void batches.push(Records.length);
  const { send, queues } = await start(queue, { MaximumBatchingWindowInSeconds: 1 }, behave, 1);

  await send('one');
  await new Promise((resolve) => setTimeout(resolve, 100));
  await send('two');
  await eventually(
    async () => queues.find('work').messages.length,
    (count) => count === 0,
  );

  expect(batches).toEqual([2]);
});

test('messages that pass no filter are deleted unseen', async () => {
  const batches: string[][] = [];
  const Pattern = JSON.stringify({ body: { kind: ['wanted'] } });
  const mapping = { FilterCriteria: { Filters: [{ Pattern }] } };
  const { send, queues } = await start(
    { VisibilityTimeout: 30 },
    mapping,
    ({ Records }) => void batches.push(Records.map(({ body }) => body)),
  );

  await send('{"kind":"other"}');
  await send('{"kind":"wanted"}');
  await eventually(
    async () => queues.find('work').messages.length,
    (count) => count === 0,
  );

  expect(batches.flat()).toEqual(['{"kind":"wanted"}']);
});

test.each([
  ['an option of streams', {}, { StartingPosition: 'LATEST' }, /StartingPosition is for mappings from a stream/],
  ['a timeout over the visibility', { VisibilityTimeout: 0 }, {}, /visibility timeout of 0 s, less than/],
])('%s is refused', async (_, queue, mapping, message) => {
  await expect(start(queue, mapping, () => 1)).rejects.toThrow(message);
});

const settings: QueueSettings = {
  name: 'kept',
  arn: 'arn:aws:sqs:us-east-1:000000000000:kept',
  url: 'http://local/kept',
  visibilitySeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 3_600,
  messageBytesMax: 1024,
  waitSeconds: 0,
};

test('what nobody fetches within the retention is gone', () => {
  vi.useFakeTimers({ now: 0 });
  const queue = new Queue(settings, { giveUp: () => {}, changed: () => {} });
  queue.send({ body: 'old' });
  vi.setSystemTime(3_600_001);
  queue.send({ body: 'new' });

  expect(queue.receive({ count: 10 }).map(({ body }) => body)).toEqual(['new']);
});

test('messages are there again after a restart or a kill, hidden ones still hidden', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-queues-'));
  open.push(() => rmSync(folder, { recursive: true }));
  const before = new Queues(join(folder, 'queues.json'));
  const queue = before.create(settings);
  for (const body of ['a', 'b']) queue.send({ body });
  queue.receive({ count: 1 });
  await new Promise((resolve) => setTimeout(resolve, 500));

  const after = new Queues(join(folder, 'queues.json')).create(settings);

  expect(after.counts).toEqual({ visible: 1, hidden: 1, delayed: 0 });
  expect(after.receive({ count: 10 }).map(({ body }) => body)).toEqual(['b']);
});
