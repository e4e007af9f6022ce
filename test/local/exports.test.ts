/** Exports through the HTTP API of the service as it is started, read from the bucket by the SDK's client. */
import { createHash } from 'node:crypto';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCAL_CREDENTIALS, REGION } from '#local/aws-account.ts';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import type { ExportJobResource } from '#shared/api/exports.ts';
import type { ExportManifest } from '#shared/export/manifest.ts';
import { eventually } from './support/eventually.ts';
import { record, shoeView } from './support/shoppers.ts';

let runner: ChildRunner;
let client: ShoalClient;

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  client = new ShoalClient(runner.local);
});
afterAll(async () => {
  client?.close();
  await runner?.stop();
});

const PEOPLE = 40;

const ended = (id: number) =>
  eventually(
    () => client.request<ExportJobResource>('GET', `/export/jobs/${id}`),
    ({ status }) => ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(status),
  );

async function bytesOf(address: string): Promise<Uint8Array> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = LOCAL_CREDENTIALS;
  const credentials = { accessKeyId, secretAccessKey };
  const s3 = new S3Client({ endpoint: runner.local.endpoints.s3, region: REGION, credentials, forcePathStyle: true });
  const { hostname, pathname } = new URL(address);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: hostname, Key: pathname.slice(1) }));
  return (await Body?.transformToByteArray()) as Uint8Array;
}

test('members of a segment are exported as Parquet, each once, as the manifest says', {
  timeout: 300_000,
}, async () => {
  const segmentId = await client.createDefinition(
    'viewers',
    'xEvent[eventType = "commerce.productViews"].count() >= 1',
  );
  for (let person = 0; person < PEOPLE; person++) await client.put([record(shoeView(`p${person}@example.com`))]);
  // A member, and refused to be handed on.
  const consents = { share: { val: 'n' } };
  const identityMap = { Email: [{ id: 'refuses@example.com', primary: true }] };
  const timestamp = new Date().toISOString();
  const refusal = { recordType: 'profile', datasetId: 'crm', timestamp, identityMap, attributes: { consents } };
  await client.put([record(refusal), record(shoeView('refuses@example.com'))]);
  await eventually(
    async () => (await client.allChanges()).changes.length,
    (changes) => changes >= PEOPLE + 1,
  );

  const { id } = await client.request<ExportJobResource>('POST', '/export/jobs', {
    fields: 'identityMap.Email',
    filter: { segments: [{ segmentId, status: ['realized'] }] },
    destination: { format: 'parquet', prefix: 'weekly' },
  });
  const job = await ended(id);
  const manifest = await client.request<ExportManifest & { location: string }>('GET', `/export/jobs/${id}/files`);

  expect(job).toMatchObject({
    status: 'SUCCEEDED',
    errors: [],
    metrics: { exportedRows: PEOPLE, optedOutProfiles: 1 },
  });
  expect(job.destination.location).toBe(manifest.location);
  const rows: Record<string, unknown>[] = [];
  for (const { name, sha256 } of manifest.files) {
    const content = await bytesOf(`${manifest.location}${name}`);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    rows.push(...(await parquetReadObjects({ file: new Uint8Array(content).buffer as ArrayBuffer })));
  }
  expect(rows.map((row) => row['identityMap.Email']).sort()).toEqual(
    Array.from({ length: PEOPLE }, (_, person) => `p${person}@example.com`).sort(),
  );
  expect(rows[0]?.segmentMembership).toMatchObject({ [segmentId]: { status: 'realized' } });
});
