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
import { DynamoBatchResults } from '#shared/aws/dynamodb-batch-results.ts';
import { DynamoHistoryStore } from '#shared/aws/dynamodb-history-store.ts';
import { DynamoProfileStore } from '#shared/aws/dynamodb-profile-store.ts';
import { NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { addBatchResults } from '#shared/profile/batch-results-store.ts';
import { unpackAll } from '#shared/profile/history.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
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

const dynamodb = () => new DynamoDBClient(clientSettings(runner.local.endpoints.dynamodb));

async function tables(): Promise<readonly string[]> {
  return (await dynamodb().send(new ListTablesCommand({}))).TableNames ?? [];
}
const tableNamed = async (name: string) => (await tables()).find((table) => table.includes(name)) ?? '';

/** Events are packed by a codec of our own, which no reader of texts sees through. */
async function events(profileId: string): Promise<readonly (readonly [string, string])[]> {
  const key = { sandboxName: 'prod', profileId };
  const profiles = await new DynamoProfileStore(await tableNamed('Profiles'), dynamodb()).read([key]);
  const history = new DynamoHistoryStore(await tableNamed('History'), Date.now(), dynamodb());
  const tails = [...profiles.values()].map((stored) => unpackAll(loadProfile(stored).state.tail));
  const chunks = (await history.read(key)).map((chunk) => unpackAll(chunk.events));
  return [
    ...tails.map((tail) => ['state', JSON.stringify(tail)] as const),
    ...chunks.map((chunk) => ['history', JSON.stringify(chunk)] as const),
  ];
}

/** Everything that is stored, packed or not, as text. */
async function everything(): Promise<readonly (readonly [string, string])[]> {
  const dynamo = dynamodb();
  const found: [string, string][] = [];
  for (const TableName of await tables()) {
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

type Stored = readonly (readonly [place: string, text: string])[];

const allOf = async (profileId: string): Promise<Stored> => [...(await everything()), ...(await events(profileId))];
const tracesIn = (stored: Stored) =>
  stored.flatMap(([place, text]) => {
    const words = [EMAIL, CRM, CITY, NOTE].filter((word) => text.includes(word) || place.includes(word));
    return words.length === 0 ? [] : [`${place}: ${words.join(', ')}`];
  });

const segmentChanges = async (segmentId: string) =>
  (await client.allChanges()).changes.filter((change) => change.segmentId === segmentId);
const ended = ({ status }: { readonly status: string }) => ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(status);

interface Seeded {
  readonly segment: string;
  readonly profileId: string;
}

/** The person in the profile tables, the feed, the quarantine, and the file of a destination. */
async function seedStream(): Promise<Seeded> {
  const segment = await client.createDefinition('noted', 'xEvent[eventType = "note"].count() >= 1');
  const shown = { identityNamespaces: ['Email'], attributes: ['homeAddress.city'] };
  await client.request('POST', '/destinations', {
    ...{ name: 'files', target: { kind: 'files' }, segments: [segment], ...shown },
  });
  const timestamp = Date.now();
  const attributes = { homeAddress: { city: CITY } };
  await put({ recordType: 'profile', datasetId: 'crm', timestamp, identityMap, attributes });
  for (let index = 0; index < 30; index++) {
    const note = `${NOTE} ${'x'.repeat(200)}`;
    await put({ _id: `zq-e${index}`, timestamp: timestamp - index, eventType: 'note', identityMap, note });
  }
  await put({ _id: 'zq-no-time', eventType: 'note', identityMap });
  const [change] = await eventually(
    () => segmentChanges(segment),
    (changes) => changes.length === 1,
  );
  return { segment, profileId: change?.profileId ?? '' };
}

/** What an operator, a job or Lambda would have left where a test can't bring it about in time. */
async function seedObjects({ profileId }: Seeded): Promise<void> {
  const { Buckets = [] } = await s3().send(new ListBucketsCommand({}));
  const data = (who: object) => Buffer.from(JSON.stringify({ _id: 'zq-f', timestamp: 1, ...who })).toString('base64');
  const Records = [
    { kinesis: { partitionKey: 'a', data: data({ identityMap, note: NOTE }) } },
    { kinesis: { partitionKey: 'b', data: data({ identityMap: { Email: [{ id: 'other@example.org' }] } }) } },
  ];
  const failed = { KinesisBatchInfo: {}, requestContext: {}, payload: JSON.stringify({ Records }) };
  const item = { key: { sandboxName: 'prod', profileId }, id: '1-0000', reason: 'broken', text: NOTE, arrival: 1 };
  const objects = {
    'aws/lambda/mapping/shard/2026/failed': failed,
    [`parked/prod/${profileId}/1-0000`]: item,
    [`audits/2026-05-10/prod/${profileId}-3`]: { stored: { city: CITY }, evaluated: {} },
  };
  for (const [Key, content] of Object.entries(objects)) {
    await s3().send(new PutObjectCommand({ Bucket: Buckets[0]?.Name, Key, Body: JSON.stringify(content) }));
  }
}

/** Uploaded to an audience, exported, counted by a job, scored. */
async function seedJobs({ segment, profileId }: Seeded): Promise<void> {
  const { id } = await client.request<{ id: string }>('POST', '/audiences', { type: 'ExternalSegment', name: 'VIPs' });
  const uploads = `/audiences/${id}/uploads`;
  const csv = `email\n${EMAIL}\nother@example.org\n`;
  const column = { identity: { column: 'email', namespace: 'Email' } };
  const asked = [
    [uploads, await client.request<{ id: string }>('POST', uploads, { csv, ...column })],
    ['/segment/jobs', await client.request<{ id: string }>('POST', '/segment/jobs', [{ segmentId: segment }])],
    ['/export/jobs', await client.request<{ id: string }>('POST', '/export/jobs', { fields: 'identityMap' })],
  ] as const;
  const status = ([path, job]: (typeof asked)[number]) =>
    client.request<{ status: string }>('GET', `${path}/${job.id}`);
  await eventually(
    () => Promise.all(asked.map(status)),
    (jobs) => jobs.every(ended),
    180_000,
  );
  const table = await tableNamed('Profiles');
  const factor = { name: 'city', direction: 'raises', importance: 'high', contribution: 1, value: CITY } as const;
  const score = {
    score: 90,
    probability: 0.9,
    percentile: 99,
    bucket: 'high',
    scoredAt: 1,
    factors: [factor],
  } as const;
  const results = { ...NO_BATCH_RESULTS, scores: new Map([['churn', score]]) };
  await addBatchResults(
    [{ key: { sandboxName: 'prod', profileId }, results }],
    new DynamoBatchResults(table, dynamodb()),
  );
}

/** Whatever came last is in the state itself, not yet in history. */
async function seedState(): Promise<void> {
  await put({ _id: 'zq-last', timestamp: Date.now(), eventType: 'note', identityMap, note: NOTE });
  interface Person {
    readonly page: { readonly totalCount: number };
  }
  const read = `/access/entities?entityId=${CRM}&entityIdNS=CRMID`;
  await eventually(
    () => client.request<Person>('GET', read),
    ({ page }) => page.totalCount === 31,
  );
}

/** Where somebody may be found, as the test names it. */
const SEEDED = {
  'item A': / prod#\S+ A: /,
  'item B': / prod#\S+ B: /,
  state: /^state/,
  history: /^history/,
  'change feed': /Changes/,
  quarantine: /quarantine\//,
  'failed batches': /aws\/lambda\//,
  'parked items': /parked\//,
  audits: /audits\//,
  'delivery files': /deliveries\//,
  'uploaded audiences': /upload\/.*members\.json/,
  exports: /exports\//,
};
const placesOf = (found: readonly string[]) =>
  Object.entries(SEEDED).flatMap(([name, pattern]) => (found.some((trace) => pattern.test(trace)) ? [name] : []));

test(
  'after an erasure nobody who reads every table and every object finds the person, but in exports that age out',
  async () => {
    const seeded = await seedStream();
    await seedObjects(seeded);
    await seedJobs(seeded);
    await seedState();
    expect(placesOf(tracesIn(await allOf(seeded.profileId)))).toEqual(Object.keys(SEEDED));

    // Of whom nobody has heard there is a receipt, too.
    const jobs = [
      await erase([{ namespace: 'Email', id: EMAIL }]),
      await erase([{ namespace: 'Email', id: 'zq-nobody@example.org' }]),
    ];
    const [done, nobody] = await eventually(
      () => Promise.all(jobs.map(jobOf)),
      (all) => all.every(({ status }) => status === 'COMPLETED'),
      PATIENCE_MS - 300_000,
    );

    const stored = await allOf(seeded.profileId);
    const after = tracesIn(stored);
    expect(placesOf(after)).toEqual(['exports']);
    expect(after.filter((trace) => !trace.includes('/exports/'))).toEqual([]);
    expect(JSON.stringify([done, nobody])).not.toContain('zq-');
    const once = ['quarantine', 'failed batches', 'parked items', 'audits', 'uploaded audiences'];
    expect(done?.receipt?.removed).toMatchObject(Object.fromEntries(once.map((name) => [name, 1])));
    for (const name of ['history', 'change feed', 'delivery files']) {
      expect([name, done?.receipt?.removed[name]]).toEqual([name, expect.any(Number)]);
      expect(done?.receipt?.removed[name]).toBeGreaterThan(0);
    }
    expect(done?.receipt?.agesOut.map(({ where }) => where)).toContain('bucket, exports/');
    expect(nobody?.receipt).toMatchObject({ profiles: 0 });
    await expectGone(seeded, stored);
  },
  PATIENCE_MS,
);

/** Their made-up id is where the receipt says, and nowhere else; whoever reads the files learns that they left. */
async function expectGone({ segment, profileId }: Seeded, stored: Stored): Promise<void> {
  const changes = await segmentChanges(segment);
  expect(changes.map(({ status, cause }) => [status, cause])).toEqual([
    ['realized', 'event'],
    ['exited', 'erasure'],
  ]);
  const places = stored.flatMap(([place, text]) =>
    text.includes(profileId) || place.includes(profileId) ? place : [],
  );
  const known = / prod#\S+ H$|Identities|Changes|\/deliveries\/|\/jobs\/|\/exports\/|Control/;
  expect(places.filter((place) => !known.test(place))).toEqual([]);
  const told = stored.flatMap(([place, text]) => (place.includes('/deliveries/') ? [text] : [])).join('\n');
  expect(told).toMatch(/"status":"exited"[^\n]*"cause":"erasure"/);
  await put({ _id: 'zq-late', timestamp: Date.parse('2026-01-01T00:00:00Z'), eventType: 'note', identityMap });
  await expect(client.request('GET', `/access/entities?entityId=${CRM}&entityIdNS=CRMID`)).rejects.toThrow(/404/);
}
