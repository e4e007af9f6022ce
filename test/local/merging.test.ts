/** Two who turn out to be one, and one who turns out to be two, over HTTP only, on the service as it is started. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import type { ProfileView, ProfileViews } from '#shared/api/entities.ts';
import type { CollectedEvents } from '#shared/api/events.ts';
import type { IdentityGraphAnswer } from '#shared/api/operations/identity-graph.ts';
import type { UnmergeAnswer } from '#shared/api/profile-identities.ts';
import type { GraphRebuildJob, SystemJobList } from '#shared/api/system-jobs.ts';
import { eventually } from './support/eventually.ts';

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

type Identities = Readonly<Record<string, string>>;

const [phone, desk] = [{ Phone: '+82-2-555-0101' }, { ECID: 'desk-4711' }];

/** The first of the identities is the primary one. */
async function send(id: string, identities: Identities, more: object = { eventType: 'commerce.productViews' }) {
  const identityMap = Object.fromEntries(
    Object.entries(identities).map(([namespace, value], index) => [namespace, [{ id: value, primary: index === 0 }]]),
  );
  const event = { _id: id, timestamp: new Date().toISOString(), identityMap, ...more };
  const { accepted, results } = await client.request<CollectedEvents>('POST', '/events', [event]);
  expect([id, accepted, results]).toEqual([id, 1, [expect.objectContaining({ status: 202 })]]);
}

const find = (identities: Identities) => {
  const [[namespace, id]] = Object.entries(identities) as [[string, string]];
  const query = new URLSearchParams({ entityId: id, entityIdNS: namespace });
  return client.request<ProfileView>('GET', `/access/entities?${query}`);
};
/** Until the person has so many events. */
const person = (identities: Identities, events: number) =>
  eventually(
    () => find(identities).catch(() => undefined),
    (view) => view?.page.totalCount === events,
  ) as Promise<ProfileView>;

const statusIn = ({ segmentMembership }: ProfileView, segmentId: string) => segmentMembership.ups[segmentId]?.status;
const idsOf = ({ identities }: ProfileView) => identities.map(({ id }) => id).sort();
const changesOf = async (segmentId: string) =>
  (await client.allChanges()).changes
    .filter((change) => change.segmentId === segmentId)
    .map(({ profileId, status, cause }) => [profileId, status, cause]);

test('two identities that are seen together are one person, and two again when an operator says so', async () => {
  const views = 'xEvent[eventType = "commerce.productViews"].count()';
  const [once, twice] = [
    await client.createDefinition('looked once', `${views} = 1`),
    await client.createDefinition('looked twice', `${views} >= 2`),
  ];
  await send('phone-1', phone);
  const older = await person(phone, 1);
  await send('desk-1', desk);
  const younger = await person(desk, 1);
  expect(younger.entityId).not.toBe(older.entityId);
  expect([older, younger].map((view) => statusIn(view, once))).toEqual(['realized', 'realized']);

  await send('login', { ...phone, ...desk }, { eventType: 'web.webpagedetails.pageViews' });
  const one = await person(desk, 3);

  expect(one.entityId).toBe(older.entityId);
  expect(idsOf(one)).toEqual([desk.ECID, phone.Phone].sort());
  expect([statusIn(one, once), statusIn(one, twice)]).toEqual(['exited', 'realized']);
  expect(await find(phone)).toMatchObject({ entityId: one.entityId, version: one.version });
  const asked = [...Object.entries(phone), ...Object.entries(desk), ['Email', 'nobody@example.com'] as const];
  const identities = asked.map(([code, entityId]) => ({ entityId, entityIdNS: { code } }));
  const views2 = await client.request<ProfileViews>('POST', '/access/entities', { identities });
  expect(Object.keys(views2)).toEqual([one.entityId]);
  expect(views2[one.entityId]?.requested).toHaveLength(2);
  const merged = [
    [older.entityId, 'realized', 'merge'],
    [older.entityId, 'exited', 'merge'],
    [younger.entityId, 'exited', 'merge'],
  ];
  const told = await eventually(
    async () => [...(await changesOf(once)), ...(await changesOf(twice))].filter(([, , cause]) => cause === 'merge'),
    (changes) => changes.length === merged.length,
  );
  expect(told).toEqual(expect.arrayContaining(merged));

  const leaving = Object.entries(desk).map(([namespace, id]) => ({ namespace, id }));
  const { newProfileId } = await client.request<UnmergeAnswer>('POST', `/system/profiles/${younger.entityId}/unmerge`, {
    identities: leaving,
  });
  const [onPhone, atDesk] = [await person(phone, 2), await person(desk, 1)];

  expect(onPhone.entityId).toBe(older.entityId);
  expect(atDesk.entityId).toBe(newProfileId);
  expect([idsOf(onPhone), idsOf(atDesk)]).toEqual([[phone.Phone], [desk.ECID]]);
  for (const view of [onPhone, atDesk]) {
    expect([statusIn(view, once), statusIn(view, twice) ?? 'exited']).toEqual(['realized', 'exited']);
  }
  // They are kept apart: what names both again is its primary identity's.
  await send('login-2', { ...phone, ...desk }, { eventType: 'web.webpagedetails.pageViews' });
  expect((await person(phone, 3)).entityId).toBe(older.entityId);
  expect((await find(desk)).entityId).toBe(newProfileId);
});

test('when people are no longer joined, a job says how many of all profiles have followed', async () => {
  const person = { Phone: '+82-2-555-0102', ECID: 'desk-4712' };
  await send('both', person);
  await eventually(
    () => find(person).catch(() => undefined),
    (view) => view?.identities.length === 2,
  );

  const { jobId = '' } = await client.request<IdentityGraphAnswer>('PUT', '/config/identityGraph', { type: 'none' });
  const percents: number[] = [];
  const done = await eventually(
    async () => {
      const job = await client.request<GraphRebuildJob>('GET', `/system/jobs/${jobId}`);
      percents.push(job.progress.percent);
      return job;
    },
    ({ status }) => status === 'COMPLETED',
    600_000,
  );

  expect(done).toMatchObject({
    jobType: 'REBUILD',
    identityGraph: { type: 'none' },
    progress: { percent: 100, behind: 0 },
  });
  expect(percents[0]).toBeLessThan(100);
  expect(idsOf(await find({ Phone: person.Phone }))).toEqual([person.Phone]);
  const { children } = await client.request<SystemJobList>('GET', '/system/jobs');
  expect(children.map(({ id }) => id)).toEqual([jobId]);
}, 900_000);
