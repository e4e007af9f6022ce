/** Segment jobs through the HTTP API of the service as it is started: its state machine, its functions, its tables. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import type { SegmentJobList, SegmentJobResource, SegmentJobsById } from '#shared/api/segment-jobs.ts';
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

const PEOPLE = 60;
const VIEWED = 'xEvent[eventType = "commerce.productViews"].count() >= 1';

const jobOf = (id: string) => client.request<SegmentJobResource>('GET', `/segment/jobs/${id}`);

const ended = (id: string) =>
  eventually(
    () => jobOf(id),
    ({ status }) => ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(status),
  );

test('a job counts everybody by status and namespace, with progress, cost, and itself in the list', async () => {
  const segment = await client.createDefinition('viewers', VIEWED);
  for (let person = 0; person < PEOPLE; person++) await client.put([record(shoeView(`p${person}@example.com`))]);
  await eventually(
    async () => (await client.allChanges()).changes.length,
    (changes) => changes >= PEOPLE,
  );

  const started = await client.request<SegmentJobResource>('POST', '/segment/jobs', [{ segmentId: '*' }]);
  expect(['NEW', 'QUEUED', 'PROCESSING', 'SUCCEEDED']).toContain(started.status);
  const job = await ended(started.id);

  expect(job).toMatchObject({ status: 'SUCCEEDED', errors: [], segments: [{ segmentId: '*' }] });
  expect(job._links.checkStatus).toEqual({ href: `/data/core/ups/segment/jobs/${job.id}`, method: 'GET' });
  expect(job.metrics).toMatchObject({
    totalProfiles: PEOPLE,
    totalProfilesByMergePolicy: { 'timestamp-ordered': PEOPLE },
    segmentedProfileCounter: { [segment]: PEOPLE },
    segmentedProfileByStatusCounter: { [segment]: { realized: PEOPLE, existing: 0, exited: 0 } },
    segmentedProfileByNamespaceCounter: { [segment]: { Email: PEOPLE } },
    drift: { profiles: 0, memberships: 0 },
  });
  expect(job.metrics.costByDefinition?.[segment]?.nanosecondsPerProfile).toBeGreaterThan(0);
  expect(job.properties.progress).toMatchObject({ profiles: PEOPLE });
  const again = await client.request<SegmentJobResource>('POST', '/segment/jobs', {
    schema: { name: '_xdm.context.profile' },
    segments: [{ segmentId: segment }],
  });
  expect(again.segments).toMatchObject([
    { segmentId: segment, segment: { id: segment, expression: { type: 'PQL' }, mergePolicyId: 'timestamp-ordered' } },
  ]);
  expect((await ended(again.id)).metrics.segmentedProfileByStatusCounter).toEqual({
    [segment]: { realized: 0, existing: PEOPLE, exited: 0 },
  });
  const listed = await client.request<SegmentJobList>('GET', `/segment/jobs?property=segments~segmentId==${segment}`);
  expect(listed.children.map(({ id }) => id)).toEqual([again.id]);
});

test('a job that is over stays as it is when it is cancelled, and cannot be redriven', async () => {
  const { children } = await client.request<SegmentJobList>('GET', '/segment/jobs?limit=1');
  const id = children[0]?.id as string;
  await client.request('DELETE', `/segment/jobs/${id}`);

  expect((await jobOf(id)).status).toBe('SUCCEEDED');
  await expect(client.request('POST', `/segment/jobs/${id}/redrive`, {})).rejects.toThrow(/409.*SUCCEEDED/);
});

test('jobs of a bulk get come by their ids as the original has them, and those that are not there are named', async () => {
  const { children } = await client.request<SegmentJobList>('GET', '/segment/jobs?limit=1');
  const id = children[0]?.id as string;
  const answer = await client.request<SegmentJobsById>('POST', '/segment/jobs/bulk-get', {
    ids: [{ id }, { id: 'nobody' }, { id }],
  });

  expect(answer).toEqual({ results: { [id]: await jobOf(id) }, notFound: ['nobody'] });
});

test('a definition that nobody published cannot be asked for', async () => {
  await expect(client.request('POST', '/segment/jobs', [{ segmentId: 'nobody' }])).rejects.toThrow(/404.*nobody/);
});
