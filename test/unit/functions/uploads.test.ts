/** Uploads of an external audience from the file to memberships, over people that streaming evaluation wrote. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uploadsApi } from '#functions/uploads-api/uploads-api.ts';
import { uploadResource } from '#shared/api/uploads.ts';
import { readUploadRows } from '#shared/audience/upload-rows.ts';
import { isOpen } from '#shared/batch/job.ts';
import { BatchWorld } from '#test/support/batch-world.ts';
import { memoryGuard } from '#test/support/change-guards.ts';
import { httpRequest } from '#test/support/http-requests.ts';
import { START, view } from '#test/support/write-path.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const iso = (instant: number) => new Date(instant).toISOString();

class UploadsWorld extends BatchWorld {
  readonly guard = memoryGuard();
  readonly api = uploadsApi(this.apiPorts(), this.guard);

  ask(method: string, body?: object, uploadId?: string, more: object = {}) {
    const path = uploadId === undefined ? '/audiences/{id}/uploads' : '/audiences/{id}/uploads/{uploadId}';
    const pathParameters = { id: 'vips', ...(uploadId && { uploadId }) };
    const routeKey = `${method} /data/core/ups${path}`;
    return this.api(httpRequest({ roles: ['publisher'], ...more, routeKey, pathParameters, body }));
  }

  async start(csv: string, more: object = {}): Promise<string> {
    const identity = { column: 'id', namespace: 'CRMID' };
    const { body } = await this.ask('POST', { csv, identity, validUntilColumn: 'until', ...more });
    return uploadResource.parse(body).id;
  }

  async carryOut(jobId: string): Promise<void> {
    await this.run({ sandboxName: 'prod', kind: 'upload', jobId });
    await this.wake();
  }

  async upload(csv: string, more: object = {}) {
    const id = await this.start(csv, more);
    await this.carryOut(id);
    return uploadResource.parse((await this.ask('GET', undefined, id)).body);
  }
}

async function worldOf(people: number): Promise<UploadsWorld> {
  const world = new UploadsWorld();
  world.define('vips', '', { kind: 'external' });
  world.define('seen', 'inSegment("vips") and xEvent[eventType = "view"].count() >= 1');
  for (let person = 0; person < people; person++) {
    await world.process([world.record(view(`e${person}`, START, { CRMID: `c${person}` }))]);
  }
  return world;
}

const csvOf = (...rows: readonly (readonly [string, number])[]) =>
  ['id,until', ...rows.map(([id, until]) => `${id},${iso(until)}`)].join('\n');

test('who is named enters with the upload, and so does who depends on it; who is unknown is counted', async () => {
  const world = await worldOf(5);

  const upload = await world.upload(csvOf(['c1', START + DAY], ['c3', START + DAY], ['nobody', START + DAY]));

  expect(upload).toMatchObject({ status: 'SUCCEEDED', rows: 3, matched: 2, unknown: 1 });
  expect(world.changes()).toEqual([
    ['profile-2', 'realized', 'batch', 0],
    ['profile-2', 'realized', 'batch', 0],
    ['profile-4', 'realized', 'batch', 0],
    ['profile-4', 'realized', 'batch', 0],
  ]);
});

test('a member leaves at the instant that the file says, whoever notices it when', async () => {
  const world = await worldOf(1);
  await world.upload(csvOf(['c0', START + HOUR]));
  world.now += DAY;
  await world.process([world.record(view('late', world.now, { CRMID: 'c0' }))]);

  expect(world.changes().filter(([, status]) => status === 'exited')).toEqual([
    ['profile-1', 'exited', 'time', HOUR],
    ['profile-1', 'exited', 'time', HOUR],
  ]);
});

test('a new upload takes the place of the one before: who is absent leaves, who stays stays', async () => {
  const world = await worldOf(3);
  await world.upload(csvOf(['c0', START + DAY], ['c1', START + DAY]));
  const before = world.changes().length;
  world.now += HOUR;

  await world.upload(csvOf(['c1', START + 2 * DAY], ['c2', START + DAY]));

  expect(world.changes().slice(before)).toEqual([
    ['profile-1', 'exited', 'batch', HOUR],
    ['profile-1', 'exited', 'batch', HOUR],
    ['profile-3', 'realized', 'batch', HOUR],
    ['profile-3', 'realized', 'batch', HOUR],
  ]);
});

test('while an upload is under way no other begins, also of two that come at the same moment', async () => {
  const world = await worldOf(2);
  const csv = csvOf(['c0', START + DAY]);
  const both = await Promise.allSettled([world.start(csv), world.start(csv)]);
  const open = (await world.jobs.list('prod', 'upload')).filter(isOpen);
  expect(open.length).toBeLessThan(2);
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(open.length);
  for (const { jobId } of open) await world.carryOut(jobId);

  const id = await world.start(csv);
  await expect(world.start(csv)).rejects.toMatchObject({ status: 409 });
  await world.carryOut(id);

  await world.start(csv);
});

test('an upload is newer than the one before, also by a clock that is behind', async () => {
  const world = await worldOf(2);
  await world.upload(csvOf(['c0', START + DAY]));
  world.now -= 1_000;

  await world.upload(csvOf(['c1', START + DAY]));
  world.now += 2_000;
  await world.process([world.record(view('later', world.now, { CRMID: 'c0' }))]);

  const ends = new Map(world.changes().map(([profile, status]) => [profile, status]));
  expect(ends).toEqual(
    new Map([
      ['profile-1', 'exited'],
      ['profile-2', 'realized'],
    ]),
  );
});

test('a file with bad lines is refused whole, and each of them is named', async () => {
  const world = await worldOf(1);
  const csv = `id,until\nc0,${iso(START + DAY)}\n,${iso(START)}\nc1,tomorrow\n"c2\n`;

  await expect(world.start(csv.replace('"c2\n', ''))).rejects.toMatchObject({
    status: 400,
    details: {
      mistakes: [
        { pointer: '/csv', message: 'line 3 has nothing in id' },
        { pointer: '/csv', message: expect.stringMatching(/^line 4 has no instant in until: tomorrow/) },
      ],
    },
  });
  await expect(world.start(csv)).rejects.toMatchObject({ status: 400 });
  await expect(world.start('name\nx')).rejects.toMatchObject({
    details: { mistakes: [{ pointer: '/csv', message: 'line 1 has no column id' }] },
  });
  expect(await world.jobs.list('prod', 'upload')).toEqual([]);
});

test('whoever has no instant belongs for the time to live', () => {
  const rows = readUploadRows(
    'id,until\na,\nb,2026-01-02\na,2026-01-03\n',
    { identity: 'id', validUntil: 'until', ttlInDays: 2 },
    0,
  );

  expect(rows).toEqual({
    ok: true,
    value: new Map([
      ['a', Date.UTC(2026, 0, 3)],
      ['b', Date.UTC(2026, 0, 2)],
    ]),
  });
  expect(readUploadRows('id\na\n', { identity: 'id', ttlInDays: 2 }, 0)).toEqual({
    ok: true,
    value: new Map([['a', 2 * DAY]]),
  });
});

test('no text makes the reading of a file throw', () => {
  const piece = fc.constantFrom('id', ',', '"', '\n', '\r\n', 'until', '2026-01-01', '\ufeff', ' ', "'", 'é');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      readUploadRows(pieces.join(''), { identity: 'id', validUntil: 'until', ttlInDays: 1 }, 0);
    }),
  );
});

test('nobody is uploaded to an audience that has an expression, and none by who may only write drafts', async () => {
  const world = new UploadsWorld();
  world.define('vips', 'person.birthYear > 1980');
  const body = { csv: 'id\nc0', identity: { column: 'id', namespace: 'CRMID' } };

  await expect(world.ask('POST', body)).rejects.toMatchObject({ status: 409 });
  await expect(world.ask('POST', body, undefined, { roles: ['author'] })).rejects.toMatchObject({ status: 403 });
});
