/** `/system/jobs`: what is asked, what is answered, and what a receipt says. */
import { expect, test } from 'vitest';
import type { PrivacyPorts } from '#functions/privacy-api/ports.ts';
import { privacyApi } from '#functions/privacy-api/privacy-api.ts';
import { graphRebuildJob, systemJob, systemJobList } from '#shared/api/system-jobs.ts';
import { NO_BACKFILL } from '#shared/batch/backfill.ts';
import type { GraphRebuild } from '#shared/batch/graph-rebuild.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { MemoryErasureJobs } from '#shared/memory/memory-erasure-jobs.ts';
import { MemoryGraphRebuilds } from '#shared/memory/memory-graph-rebuilds.ts';
import { MemoryBackfillStore } from '#shared/memory/memory-job-stores.ts';
import type { ErasureJob } from '#shared/privacy/erasure-job.ts';
import { memoryGuard } from '#test/support/change-guards.ts';
import { httpRequest } from '#test/support/http-requests.ts';

const NOW = Date.parse('2026-05-10T09:00:00.000Z');
const ann = { namespace: 'Email', id: 'ann@example.org' };
const body = { action: 'delete_identity', identities: [ann], reason: 'asked for it' };

function service() {
  let ids = 0;
  const jobs = new MemoryErasureJobs();
  const rebuilds = new MemoryGraphRebuilds();
  const backfills = new MemoryBackfillStore();
  const guard = memoryGuard();
  const ports: PrivacyPorts = {
    jobs,
    rebuilds,
    backfills,
    newJobId: () => `job-${++ids}`,
    now: () => NOW,
    kept: { streamRetentionHours: 24, logRetentionDays: 30 },
  };
  const api = privacyApi(ports, guard);
  const send = (route: string, more: Partial<HttpRequest> = {}) => {
    const [method, path] = route.split(' ');
    return api(httpRequest({ roles: ['operator'], routeKey: `${method} /data/core/ups${path}`, ...more }));
  };
  return { jobs, rebuilds, backfills, guard, send };
}

test('a request is taken as a job, which says how many of which namespace were named and not who', async () => {
  const { send, jobs } = service();

  const { status, body: answer } = await send('POST /system/jobs', { body: { ...body, identities: [ann, ann] } });

  expect(status).toBe(202);
  expect(systemJob.parse(answer)).toMatchObject({ status: 'NEW', step: 'find', namespaces: { Email: 1 } });
  expect(JSON.stringify(answer)).not.toContain('ann@');
  expect((await jobs.find('prod', 'job-1'))?.identities).toEqual([{ ...ann, primary: false }]);
});

test('the trail of changes does not say who it was, either', async () => {
  const { send, guard } = service();

  await send('POST /system/jobs', { body });

  const { events } = await guard.audit.list('prod' as SandboxName, { limit: 10 });
  expect(events.map(({ id }) => id).length).toBeGreaterThan(0);
  expect(JSON.stringify(events)).not.toContain('ann@');
});

test('only operators and administrators ask, and only for what can be done', async () => {
  const { send } = service();

  for (const roles of [['viewer'], ['author'], ['publisher']] as const) {
    await expect(send('POST /system/jobs', { body, roles: [...roles] })).rejects.toMatchObject({ status: 403 });
  }
  for (const wrong of [{ action: 'delete' }, { identities: [] }, { identities: [{ id: 'x' }] }]) {
    await expect(send('POST /system/jobs', { body: { ...body, ...wrong } })).rejects.toMatchObject({ status: 400 });
  }
});

test('a job is listed and read in its own sandbox only, the newest first, by page', async () => {
  const { send } = service();
  for (let n = 0; n < 3; n++) await send('POST /system/jobs', { body });

  const first = systemJobList.parse((await send('GET /system/jobs', { query: { limit: '2' } })).body);
  const next = { limit: '2', start: first._page.next ?? '' };
  const second = systemJobList.parse((await send('GET /system/jobs', { query: next })).body);

  expect([...first.children, ...second.children].map(({ id }) => id)).toEqual(['job-3', 'job-2', 'job-1']);
  expect(second._page).toEqual({ count: 1, next: null });
  const other = { sandbox: 'other' as HttpRequest['sandbox'], sandboxes: ['other'] };
  await expect(send('GET /system/jobs/{id}', { pathParameters: { id: 'job-1' }, ...other })).rejects.toMatchObject({
    status: 404,
  });
});

test('deleting an entity is asking for its erasure, by one identity and with the same right', async () => {
  const { send, jobs } = service();
  const query = { entityId: ann.id, entityIdNS: ann.namespace };

  const { status, body: answer } = await send('DELETE /access/entities', { query });

  expect(status).toBe(202);
  expect(systemJob.parse(answer)).toMatchObject({ id: 'job-1', status: 'NEW', namespaces: { Email: 1 } });
  expect((await jobs.find('prod', 'job-1'))?.identities).toEqual([{ ...ann, primary: false }]);
  await expect(send('DELETE /access/entities', { query, roles: ['publisher'] })).rejects.toMatchObject({ status: 403 });
  await expect(send('DELETE /access/entities', { query: { entityId: 'x' } })).rejects.toMatchObject({ status: 400 });
});

test('a completed job holds its receipt', async () => {
  const { send, jobs } = service();
  await send('POST /system/jobs', { body });
  const before = (await jobs.find('prod', 'job-1')) as ErasureJob;
  const done = { status: 'COMPLETED', step: 'done', completedAt: NOW, profiles: 1, removed: { history: 3 } } as const;
  await jobs.update(before, { ...before, ...done, identities: [] });

  const { body: answer } = await send('GET /system/jobs/{id}', { pathParameters: { id: 'job-1' } });

  const { receipt } = systemJob.parse(answer);
  expect(receipt).toMatchObject({ profiles: 1, removed: { history: 3 }, completedAt: '2026-05-10T09:00:00.000Z' });
  expect(receipt?.agesOut).toContainEqual(
    expect.objectContaining({ where: 'event stream', until: '2026-05-11T09:00:00.000Z' }),
  );
});

const rebuild: GraphRebuild = {
  jobId: 'job-1a',
  sandboxName: 'prod',
  identityGraph: 'none',
  rulesVersion: 7,
  requestedBy: 'admin',
  requestedAt: NOW,
};

test('a rebuild of the identity graph is a job whose percentage is that of the walk', async () => {
  const { send, rebuilds, backfills } = service();
  await rebuilds.put(rebuild);
  const read = async () => {
    const { body: answer } = await send('GET /system/jobs/{id}', { pathParameters: { id: 'job-1a' } });
    const { status, progress } = graphRebuildJob.parse(answer);
    return [status, progress.percent, progress.behind];
  };
  const walks = [
    { ...NO_BACKFILL, verifiedVersion: 6, passVersion: 6, seenVersion: 6, profiles: 900, revision: 1 },
    { ...NO_BACKFILL, verifiedVersion: 6, passVersion: 6, seenVersion: 7, revision: 2 },
    { ...NO_BACKFILL, verifiedVersion: 6, passVersion: 7, seenVersion: 7, profiles: 900, behind: 300, revision: 3 },
    { ...NO_BACKFILL, verifiedVersion: 6, passVersion: 8, seenVersion: 8, profiles: 900, behind: 1, revision: 4 },
    { ...NO_BACKFILL, verifiedVersion: 8, passVersion: 8, seenVersion: 8, profiles: 900, revision: 5 },
  ];

  const seen = [await read()];
  for (const walk of walks) {
    await backfills.put('prod', await backfills.find('prod'), walk);
    seen.push(await read());
  }

  expect(seen).toEqual([
    ['NEW', 0, 0],
    ['NEW', 0, 0],
    ['PROCESSING', 0, 0],
    ['PROCESSING', 66, 300],
    ['PROCESSING', 99, 1],
    ['COMPLETED', 100, 0],
  ]);
});

test('erasures and rebuilds are listed together, the newest first', async () => {
  const { send, rebuilds } = service();
  for (let n = 0; n < 2; n++) await send('POST /system/jobs', { body });
  await rebuilds.put(rebuild);
  await rebuilds.put({ ...rebuild, jobId: 'job-0', sandboxName: 'other' });

  const pages: string[][] = [];
  for (let start: string | undefined, isMore = true; isMore; ) {
    const query = { limit: '1', ...(start !== undefined && { start }) };
    const { _page, children } = systemJobList.parse((await send('GET /system/jobs', { query })).body);
    pages.push(children.map(({ id }) => id));
    [start, isMore] = [_page.next ?? undefined, _page.next !== null];
  }

  expect(pages).toEqual([['job-2'], ['job-1a'], ['job-1']]);
});
