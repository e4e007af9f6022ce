/** An external audience through the HTTP API of the service as it is started: made, uploaded, replaced, left on time. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import type { AudienceResource } from '#shared/api/audiences.ts';
import type { UploadResource } from '#shared/api/uploads.ts';
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

async function upload(audienceId: string, csv: string): Promise<UploadResource> {
  const path = `/audiences/${audienceId}/uploads`;
  const body = { csv, identity: { column: 'email', namespace: 'Email' }, validUntilColumn: 'until', ttlInDays: 1 };
  const { id } = await client.request<UploadResource>('POST', path, body);
  return eventually(
    () => client.request<UploadResource>('GET', `${path}/${id}`),
    ({ status }) => ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(status),
  );
}

const changesOf = async (segmentId: string) =>
  (await client.allChanges()).changes.filter((change) => change.segmentId === segmentId);

test('people enter by an upload, leave by the next, and leave at their instant', { timeout: 300_000 }, async () => {
  await client.createDefinition('viewers', 'xEvent[eventType = "commerce.productViews"].count() >= 1');
  for (const name of ['a', 'b', 'c']) await client.put([record(shoeView(`${name}@example.com`))]);
  await eventually(
    async () => (await client.allChanges()).changes.length,
    (changes) => changes >= 3,
  );
  const audience = await client.request<AudienceResource>('POST', '/audiences', {
    type: 'ExternalSegment',
    name: 'VIPs',
  });
  expect(audience).toMatchObject({ type: 'ExternalSegment', namespace: 'CustomerAudienceUpload', name: 'VIPs' });

  expect(await upload(audience.id, 'email,until\na@example.com,\nb@example.com,\nx@example.com,\n')).toMatchObject({
    status: 'SUCCEEDED',
    ...{ rows: 3, matched: 2, unknown: 1 },
  });
  await eventually(
    () => changesOf(audience.id),
    (changes) => changes.length === 2,
  );

  const until = new Date(Date.now() + 20_000).toISOString();
  await upload(audience.id, `email,until\nb@example.com,\nc@example.com,${until}\n`);
  const changes = await eventually(
    () => changesOf(audience.id),
    (all) => all.length === 5,
    120_000,
  );

  expect(changes.map(({ status }) => status).sort()).toEqual(['exited', 'exited', 'realized', 'realized', 'realized']);
  expect(changes.filter(({ status, time }) => status === 'exited' && time === until)).toHaveLength(1);
});
