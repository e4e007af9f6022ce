/** Destinations on the service as it is started: a receiver of one's own, a stream and a queue beside the template's. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { isSigned } from '#shared/activation/signature.ts';
import { clientSettings } from './support/engine.ts';
import { eventually } from './support/eventually.ts';
import { record, shoeView } from './support/shoppers.ts';

const VIEWS = 'eventType = "commerce.productViews"';

interface Told {
  readonly id: string;
  readonly subject: string;
  readonly data: {
    readonly segmentId: string;
    readonly status: string;
    readonly version: number;
    readonly cause?: string;
    readonly identityMap?: { readonly Email?: readonly { readonly id: string }[] };
    readonly attributes?: Readonly<Record<string, unknown>>;
  };
}
interface Received {
  readonly body: string;
  readonly signature: string;
}

let runner: ChildRunner;
let client: ShoalClient;
let server: Server;
let url: string;
let answer: (request: Received) => number;
const received: Received[] = [];

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  client = new ShoalClient(runner.local);
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = { body: Buffer.concat(parts).toString(), signature: String(request.headers['shoal-signature']) };
      const status = answer(one);
      if (status < 300) received.push(one);
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/changes`;
});
afterAll(async () => {
  client?.close();
  server?.close();
  await runner?.stop();
});

const make = (body: object) =>
  client.request<{ id: string; signingSecret?: { keyId: string; secret: string } }>('POST', '/destinations', body);
const eventsOf = (segmentId: string): readonly Told[] =>
  received.flatMap(({ body }) => JSON.parse(body) as Told[]).filter((event) => event.data?.segmentId === segmentId);

test('a webhook that fails first gets the change when it accepts, signed, and what it refused by a redrive', async () => {
  let attempts = 0;
  answer = () => (++attempts <= 2 ? 503 : 202);
  const segmentId = await client.createDefinition('a view', `xEvent[${VIEWS}].count() >= 1`);
  const target = { kind: 'webhook', url };
  const { id, signingSecret } = await make({
    name: 'hook',
    target,
    segments: [segmentId],
    identityNamespaces: ['Email'],
  });
  await client.put([record(shoeView('hook@example.com'))]);
  await eventually(
    async () => eventsOf(segmentId),
    (events) => events.length > 0,
  );
  expect(attempts).toBeGreaterThan(2);
  const [{ body, signature }] = received as [Received];
  expect(JSON.parse(body)).toMatchObject([
    { specversion: '1.0', data: { status: 'realized', identityMap: { Email: [{ id: 'hook@example.com' }] } } },
  ]);
  const key = { keyId: signingSecret?.keyId ?? '', secret: signingSecret?.secret ?? '' };
  expect(isSigned(signature, body, key, Date.now() / 1000)).toBe(true);

  answer = () => 400;
  await client.put([record(shoeView('refused@example.com'))]);
  interface Deliveries {
    readonly refused: readonly { readonly reason: string }[];
  }
  const deliveries = () => client.request<Deliveries>('GET', `/destinations/${id}/deliveries`);
  const { refused } = await eventually(deliveries, (now) => now.refused.length > 0);
  expect(refused).toMatchObject([{ reason: 'answered 400', changes: 1 }]);
  answer = () => 200;
  expect(await client.request('POST', `/destinations/${id}/redrive`, {})).toEqual({ batches: 1, hasMore: false });
  await eventually(
    async () => eventsOf(segmentId),
    (events) => events.length === 2,
  );
  await eventually(deliveries, (now) => now.refused.length === 0);

  await expect(client.request('DELETE', `/segment/definitions/${segmentId}`)).rejects.toThrow(
    /409.*delivered to.*hook/,
  );
  await client.request('PATCH', `/destinations/${id}`, { state: 'paused' });
  await client.put([record(shoeView('paused@example.com'))]);
  await eventually(
    async () => (await client.allChanges()).changes.filter((change) => change.segmentId === segmentId),
    (changes) => changes.length === 3,
  );
  expect(eventsOf(segmentId)).toHaveLength(2);
  await client.request('PATCH', `/destinations/${id}`, { state: 'active' });
  await eventually(
    async () => eventsOf(segmentId),
    (events) => events.length === 3,
  );
  await client.request('DELETE', `/destinations/${id}`);
  await client.request('DELETE', `/segment/definitions/${segmentId}`);
});

test('who refuses what a webhook is for ends there at once, begins again with their word, and is never shown before', async () => {
  answer = () => 200;
  const segmentId = await client.createDefinition('consenting or not', `xEvent[${VIEWS}].count() >= 1`);
  // Members of it stay members, whatever they refuse: only who is told of them is another matter.
  await client.request('PATCH', `/segment/definitions/${segmentId}`, {
    dataGovernancePolicy: { excludeOptOut: false },
  });
  const hook = { name: 'mail', target: { kind: 'webhook', url }, segments: [segmentId], identityNamespaces: ['Email'] };
  await make({ ...hook, consentPurpose: 'marketing.email', attributes: ['person.name.firstName'] });
  const say = (email: string, val: string) =>
    client.put([
      record({
        ...{ recordType: 'profile', datasetId: 'crm', timestamp: new Date().toISOString() },
        identityMap: { Email: [{ id: email, primary: true }] },
        attributes: { person: { name: { firstName: 'Min' } }, consents: { marketing: { any: { val } } } },
      }),
    ]);
  const statuses = (email: string) =>
    eventsOf(segmentId).flatMap(({ data: { identityMap, attributes, ...data } }) =>
      identityMap?.Email?.[0]?.id === email ? [[data.status, data.cause, Object.keys(attributes ?? {}).length]] : [],
    );
  const heard = (email: string, count: number) =>
    eventually(
      async () => statuses(email),
      (events) => events.length === count,
    );

  await say('never@example.com', 'n');
  await client.put([record(shoeView('never@example.com'))]);
  await say('mind@example.com', 'y');
  await client.put([record(shoeView('mind@example.com'))]);
  await heard('mind@example.com', 1);
  await say('mind@example.com', 'n');
  await heard('mind@example.com', 2);
  await say('mind@example.com', 'y');

  expect(await heard('mind@example.com', 3)).toEqual([
    ['realized', 'event', 1],
    ['exited', 'event', 0],
    ['realized', 'event', 1],
  ]);
  await client.untilIdle();
  expect(statuses('never@example.com')).toEqual([]);
  const { changes } = await client.allChanges();
  expect(changes.findLast((change) => change.identities[0]?.id === 'never@example.com')).toMatchObject({
    status: 'realized',
    optOuts: { now: expect.arrayContaining(['marketing.any', 'marketing.email', 'marketing.sms']) },
  });
});

test('a stream gets the changes of a profile in order, a queue each of them', async () => {
  const kinesis = new KinesisClient(clientSettings(runner.local.endpoints.kinesis));
  const sqs = new SQSClient(clientSettings(runner.local.endpoints.kinesis));
  await kinesis.send(new CreateStreamCommand({ StreamName: 'local-changes', ShardCount: 2 }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'local-changes' }));
  const counts = [1, 2, 3, 4, 5];
  const segments = await Promise.all(
    counts.map((n) => client.createDefinition(`${n} views`, `xEvent[${VIEWS}].count() >= ${n}`)),
  );
  const target = { kind: 'kinesis', streamName: 'local-changes' };
  await make({ name: 'stream', target, segments });
  await make({ name: 'queue', target: { kind: 'sqs', queueName: 'local-changes' }, segments });
  for (const _ of counts) await client.put([record(shoeView('ordered@example.com'))]);

  const told = await eventually(
    () => readStream(kinesis),
    (events) => events.length >= counts.length,
  );
  const versions = told.map(({ data }) => data.version);
  expect(versions).toEqual(versions.toSorted((left, right) => left - right));
  const messages = new Set<string>();
  await eventually(
    async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: 'local-changes', MaxNumberOfMessages: 10 }),
      );
      for (const { Body = '{}' } of Messages) messages.add((JSON.parse(Body) as Told).id);
      return messages;
    },
    ({ size }) => size === counts.length,
  );
  expect(messages).toEqual(new Set(told.map(({ id }) => id)));
});

async function readStream(kinesis: KinesisClient): Promise<readonly Told[]> {
  const StreamName = 'local-changes';
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  const shards = Shards.map(async ({ ShardId }) => {
    const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(start));
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    return Records.map(({ Data }) => JSON.parse(Buffer.from(Data as Uint8Array).toString()) as Told);
  });
  return (await Promise.all(shards)).flat();
}
