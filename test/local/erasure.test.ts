/**
 * Somebody is erased from the service as it is started: before it, the person is in every place that keeps anything; after
 * it, whoever reads every item of every table and every object of the bucket finds nothing of them.
 */
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { DynamoDBClient, ListTablesCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { clientSettings } from './support/engine.ts';
import { eventually } from './support/eventually.ts';
import { record } from './support/shoppers.ts';

/** In every place one that is found nowhere by chance. */
const [EMAIL, CRM, CITY, NOTE] = ['zq-erase-me@example.org', 'zq-crm-4711', 'Zqxburg', 'zq-note-about-me'];
const PATIENCE_MS = 1_200_000;
let runner: ChildRunner;
let client: ShoalClient;

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  client = new ShoalClient(runner.local);
}, PATIENCE_MS);
afterAll(async () => {
  client?.close();
  await runner?.stop();
});

const identityMap = { Email: [{ id: EMAIL, primary: true }], CRMID: [{ id: CRM }] };
const put = (value: object) => client.put([record(value, EMAIL)]);
const s3 = () => new S3Client({ ...clientSettings(runner.local.endpoints.s3), forcePathStyle: true });

interface Job {
  readonly id: string;
  readonly status: string;
  readonly receipt?: {
    readonly removed: Record<string, number>;
    readonly agesOut: readonly { readonly where: string }[];
  };
}

const erase = (identities: readonly object[]) =>
  client.request<Job>('POST', '/system/jobs', { action: 'delete_identity', identities, reason: 'asked for' });
const jobOf = ({ id }: Job) => client.request<Job>('GET', `/system/jobs/${id}`);

/** Everything that is stored, packed or not, as text. */
async function everything(): Promise<readonly (readonly [string, string])[]> {
  const dynamo = new DynamoDBClient(clientSettings(runner.local.endpoints.dynamodb));
  const found: [string, string][] = [];
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand({}));
  for (const TableName of TableNames) {
    for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName })) {
      for (const item of Items) {
        const texts = Object.values(item).map(
          (value) => value.S ?? value.N ?? textOf(value.B) ?? JSON.stringify(value),
        );
        found.push([`${TableName} ${item.pk?.S} ${item.sk?.S ?? item.sk?.N}`, texts.join(' ')]);
      }
    }
  }
  const { Buckets = [] } = await s3().send(new ListBucketsCommand({}));
  for (const { Name: Bucket = '' } of Buckets) {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3() }, { Bucket })) {
      for (const { Key = '' } of Contents) {
        const { Body } = await s3().send(new GetObjectCommand({ Bucket, Key }));
        found.push([`${Bucket}/${Key}`, textOf(await Body?.transformToByteArray()) ?? '']);
      }
    }
  }
  return found;
}

/** Bytes as they are, as base64 in them would read, and unpacked from every place at which they can be. */
function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const buffer = Buffer.from(bytes);
  const unpacked: string[] = [buffer.toString('latin1')];
  for (let start = 0; start < buffer.length; start++) {
    for (const unpack of [inflateRawSync, inflateSync, gunzipSync]) {
      try {
        unpacked.push(unpack(buffer.subarray(start)).toString('latin1'));
      } catch {
        // Most places hold nothing packed.
      }
    }
  }
  const plain = unpacked.join(' ');
  const base64 = [...plain.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([text]) =>
    Buffer.from(text, 'base64').toString('latin1'),
  );
  return `${plain} ${base64.join(' ')}`;
}

const traces = async () =>
  (await everything()).flatMap(([place, text]) => {
    const words = [EMAIL, CRM, CITY, NOTE].filter((word) => text.includes(word) || place.includes(word));
    return words.length === 0 ? [] : [`${place}: ${words.join(', ')}`];
  });

async function seed(): Promise<string> {
  const segment = await client.createDefinition('noted', 'xEvent[eventType = "note"].count() >= 1');
  await put({
    recordType: 'profile',
    datasetId: 'crm',
    timestamp: Date.now(),
    identityMap,
    attributes: { homeAddress: { city: CITY } },
  });
  for (let index = 0; index < 30; index++) {
    await put({
      _id: `zq-e${index}`,
      timestamp: Date.now() - index,
      eventType: 'note',
      identityMap,
      note: `${NOTE} ${'x'.repeat(200)}`,
    });
  }
  await put({ _id: 'zq-no-time', eventType: 'note', identityMap });
  await eventually(
    async () => (await client.allChanges()).changes.filter((change) => change.segmentId === segment),
    (changes) => changes.length === 1,
  );
  const { Buckets = [] } = await s3().send(new ListBucketsCommand({}));
  const data = (who: object) => Buffer.from(JSON.stringify({ _id: 'zq-f', timestamp: 1, ...who })).toString('base64');
  const Records = [
    { kinesis: { partitionKey: 'a', data: data({ identityMap, note: NOTE }) } },
    { kinesis: { partitionKey: 'b', data: data({ identityMap: { Email: [{ id: 'other@example.org' }] } }) } },
  ];
  const failed = { KinesisBatchInfo: {}, requestContext: {}, payload: JSON.stringify({ Records }) };
  const object = {
    Bucket: Buckets[0]?.Name,
    Key: 'aws/lambda/mapping/shard/2026/failed',
    Body: JSON.stringify(failed),
  };
  await s3().send(new PutObjectCommand(object));
  return segment;
}

test(
  'after an erasure nobody who reads every table and every object finds the person, and the receipt says what ages out',
  async () => {
    const segment = await seed();
    const before = (await traces()).join('\n');
    for (const place of ['quarantine/', 'aws/lambda/', 'Changes']) expect(before).toContain(place);

    const job = await erase([{ namespace: 'Email', id: EMAIL }]);
    const done = await eventually(
      () => jobOf(job),
      ({ status }) => status === 'COMPLETED',
      PATIENCE_MS - 60_000,
    );

    expect(await traces()).toEqual([]);
    expect(JSON.stringify(done)).not.toContain('zq-');
    expect(done.receipt?.removed).toMatchObject({ quarantine: 1, 'failed batches': 1, 'change feed': 2 });
    expect(done.receipt?.agesOut.map(({ where }) => where)).toContain('event stream');
    const { changes } = await client.allChanges();
    expect(
      changes.filter((change) => change.segmentId === segment).map(({ status, cause }) => [status, cause]),
    ).toEqual([
      ['realized', 'event'],
      ['exited', 'erasure'],
    ]);
    await put({ _id: 'zq-late', timestamp: Date.parse('2026-01-01T00:00:00Z'), eventType: 'note', identityMap });
    await expect(client.request('GET', `/access/entities?entityId=${CRM}&entityIdNS=CRMID`)).rejects.toThrow(/404/);
  },
  PATIENCE_MS,
);

test(
  'an identity that nobody has gets a receipt, too, and what comes late under it is nobody',
  async () => {
    const job = await erase([{ namespace: 'Email', id: 'zq-nobody@example.org' }]);

    const { receipt } = await eventually(
      () => jobOf(job),
      ({ status }) => status === 'COMPLETED',
      PATIENCE_MS - 60_000,
    );

    expect(receipt).toMatchObject({ profiles: 0 });
  },
  PATIENCE_MS,
);
