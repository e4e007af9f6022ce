/** Exports from the request to the files, over profiles that streaming evaluation wrote. */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { expect, test } from 'vitest';
import { evaluateRange } from '#functions/evaluate-range/evaluate-range.ts';
import { exportJobList } from '#shared/api/exports.ts';
import type { JobKey } from '#shared/batch/job.ts';
import { NO_BATCH_RESULTS } from '#shared/profile/batch-results.ts';
import { addBatchResults } from '#shared/profile/batch-results-store.ts';
import { ExportsWorld } from '#test/support/exports-world.ts';
import { START, view } from '#test/support/write-path.ts';

const VIEWED = 'xEvent[eventType = "view"].count() >= 1';
const LATELY = 'xEvent[eventType = "view" and timestamp occurs < 1 hours before now].count() >= 1';
const HOUR = 3_600_000;

const attributesOf = (person: number, attributes: object, timestamp = START) => ({
  ...view('', timestamp, { CRMID: `c${person}` }),
  ...{ _id: undefined, recordType: 'profile', datasetId: 'crm', attributes },
});

/** People 0 to n - 1 with attributes; those with an even number looked at something. */
async function worldOf(people: number, attributes: (person: number) => object = () => ({})): Promise<ExportsWorld> {
  const world = new ExportsWorld();
  world.define('viewed', VIEWED);
  world.define('lately', LATELY);
  for (let person = 0; person < people; person++) {
    const looked = person % 2 === 0 ? [view(`e${person}`, START, { CRMID: `c${person}` })] : [];
    const records = [attributesOf(person, { person: { birthYear: 1980 + person }, ...attributes(person) }), ...looked];
    for (const record of records) await world.process([world.record(record)]);
  }
  return world;
}

const keyOf = (jobId: string): JobKey => ({ sandboxName: 'prod', kind: 'export', jobId });

test('each member is one row, however the table is shared out and however small the pages are', async () => {
  for (const [ranges, itemsPerPage, profilesPerSlice] of [
    [1, 100, 100],
    [3, 4, 10],
    [7, 1, 1],
  ] as const) {
    const world = await worldOf(30);
    world.ranges = ranges;
    Object.assign(world.settings, { itemsPerPage, profilesPerSlice });

    const rows = await world.rows({ fields: 'identityMap.CRMID', filter: { segments: [{ segmentId: 'viewed' }] } });

    expect(rows.map((row) => row['identityMap.CRMID']).sort()).toEqual(
      Array.from({ length: 15 }, (_, n) => `c${n * 2}`).sort(),
    );
    expect(new Set(rows.map(({ profileId }) => profileId)).size).toBe(15);
    expect(world.woken).toEqual([]);
  }
});

test('a row says who is in which of the segments and since when, as of the export', async () => {
  const world = await worldOf(1);
  world.now += 2 * HOUR;
  const segments = [
    { segmentId: 'viewed', status: ['existing', 'exited'] },
    { segmentId: 'lately', status: ['realized'] },
  ];

  const [row] = await world.rows({ filter: { segments } });

  const time = (at: number) => new Date(at).toISOString();
  expect(row).toEqual({
    profileId: 'profile-1',
    identityMap: { CRMID: [{ id: 'c0', primary: true }] },
    segmentMembership: {
      viewed: { status: 'realized', lastQualificationTime: time(START) },
      lately: { status: 'exited', lastQualificationTime: time(START + HOUR) },
    },
  });
  const left = { segments: [{ segmentId: 'lately', status: ['exited'] }] };
  expect(await world.rows({ filter: left })).toHaveLength(1);
  const early = { segmentQualificationTime: { endTime: time(START + HOUR) } };
  expect(await world.rows({ filter: { ...left, ...early } })).toHaveLength(0);
  const late = { segmentQualificationTime: { startTime: time(START + HOUR) } };
  expect(await world.rows({ filter: { ...left, ...late } })).toHaveLength(1);
});

test('without segments everybody is exported, those without attributes only where they are asked for', async () => {
  const world = await worldOf(4);
  await world.process([world.record(view('lone', START, { CRMID: 'lone' }))]);

  expect(await world.rows({ fields: 'person.birthYear' })).toHaveLength(4);
  expect(await world.rows({ fields: 'person.birthYear', filter: { emptyProfiles: true } })).toHaveLength(5);
});

test('who has not been written since an instant is left out', async () => {
  const world = await worldOf(4);
  world.now += HOUR;
  await world.process([world.record(attributesOf(2, { tier: 'gold' }, START + 1))]);
  const since = new Date(START + HOUR / 2).toISOString();

  const rows = await world.rows({ fields: 'identityMap.CRMID', filter: { fromIngestTimestamp: since } });

  expect(rows.map((row) => row['identityMap.CRMID'])).toEqual(['c2']);
});

const AWKWARD = ['=1+1', '+1', '-1', '@x', '\tx', 'a,"b"', 'two\r\nlines', ' edge ', '', '서울', "O'Hara", '－1'];

async function awkward() {
  const world = await worldOf(AWKWARD.length, (person) => ({
    note: AWKWARD[person],
    ...(person > 0 && { points: person / 2, visits: person, gold: person % 2 === 0, tags: ['a', person] }),
  }));
  world.extension = {
    type: 'object',
    properties: {
      note: { type: 'string' },
      points: { type: 'number' },
      visits: { type: 'integer' },
      gold: { type: 'boolean' },
    },
  };
  return world;
}
const FIELDS = 'identityMap.CRMID,note,points,visits,gold,tags';

test('CSV is read back as it was by a reader of RFC 4180, and no text of it is a formula', async () => {
  const world = await awkward();

  const { files, manifest } = await world.export({ fields: FIELDS, destination: { format: 'csv' } });
  const rows = files.flatMap((file) => parse(Buffer.from(file), { columns: true }) as Record<string, string>[]);

  expect(rows).toHaveLength(AWKWARD.length);
  expect(manifest.columns.map(({ type }) => type)).toEqual([
    'text',
    'text',
    'text',
    'number',
    'integer',
    'boolean',
    'json',
  ]);
  for (const row of rows) {
    const person = Number(row['identityMap.CRMID']?.slice(1));
    const text = AWKWARD[person] as string;
    expect(row.note).toBe(/^[=+\-@\t－]/.test(text) ? `'${text}` : text);
    expect(row.note).not.toMatch(/^[=+\-@\t]/);
    const { points, visits, gold, tags } = row;
    expect({ points, visits, gold, tags }).toEqual(
      person === 0
        ? { points: '', visits: '', gold: '', tags: '' }
        : { points: `${person / 2}`, visits: `${person}`, gold: `${person % 2 === 0}`, tags: `["a",${person}]` },
    );
  }
});

test('Parquet has the declared types and is read back by another library', async () => {
  const world = await awkward();

  const { files } = await world.export({ fields: FIELDS, destination: { format: 'parquet' } });

  const buffers = files.map(
    (file) => file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer,
  );
  const { children } = parquetSchema(parquetMetadata(buffers[0] as ArrayBuffer));
  expect(children.map(({ element }) => [element.name, element.type, element.converted_type])).toEqual([
    ['profileId', 'BYTE_ARRAY', 'UTF8'],
    ['identityMap.CRMID', 'BYTE_ARRAY', 'UTF8'],
    ['note', 'BYTE_ARRAY', 'UTF8'],
    ['points', 'DOUBLE', undefined],
    ['visits', 'INT64', undefined],
    ['gold', 'BOOLEAN', undefined],
    ['tags', 'BYTE_ARRAY', 'JSON'],
  ]);
  const rows = (await Promise.all(buffers.map((file) => parquetReadObjects({ file })))).flat();
  const byPerson = new Map(rows.map((row) => [row['identityMap.CRMID'], row]));
  expect(byPerson.size).toBe(AWKWARD.length);
  for (const [person, note] of AWKWARD.entries()) {
    const { profileId: _, ...row } = byPerson.get(`c${person}`) as Record<string, unknown>;
    const rest = { points: person / 2, visits: BigInt(person), gold: person % 2 === 0, tags: ['a', person] };
    const none = { points: null, visits: null, gold: null, tags: null };
    expect(row).toEqual({ 'identityMap.CRMID': `c${person}`, note, ...(person === 0 ? none : rest) });
  }
});

test('computed attributes and scores are columns of their types, and labels of what they read count', async () => {
  const world = await worldOf(2);
  const attribute = { id: 'ca1', name: 'views', version: 1, expression: 'xEvent[eventType = "view"].count()' };
  world.publish({ kind: 'put-computed', attribute, changedAt: START });
  const labelled = { ...attribute, id: 'ca2', name: 'rich', expression: 'income > 5' };
  world.publish({ kind: 'put-computed', attribute: labelled, changedAt: START });
  const key = { sandboxName: 'prod', profileId: 'profile-1' };
  const score = {
    score: 70,
    probability: 0.5,
    percentile: 90,
    bucket: 'medium',
    scoredAt: START,
    factors: [],
  } as const;
  await addBatchResults(
    [{ key, results: { ...NO_BATCH_RESULTS, scores: new Map([['churn', score]]) } }],
    world.profiles.batch,
  );
  const fields = 'computed.views,propensity.churn.score,propensity.churn.bucket';

  const { manifest } = await world.export({ fields });
  const rows = await world.rows({ fields });

  expect(manifest.columns.slice(1).map(({ type }) => type)).toEqual(['number', 'number', 'text']);
  expect(
    rows
      .map(({ profileId: _, ...row }) => row)
      .sort((a, b) => Number(b['computed.views']) - Number(a['computed.views'])),
  ).toEqual([
    { 'computed.views': 1, 'propensity.churn.score': 70, 'propensity.churn.bucket': 'medium' },
    { 'computed.views': 0 },
  ]);
  world.extension = { type: 'object', properties: { income: { type: 'number', 'meta:labels': ['C1'] } } };
  await expect(world.start({ fields: 'computed.rich' })).rejects.toMatchObject({
    details: { mistakes: [{ message: expect.stringContaining('income has the usage label C1') }] },
  });
});

test('attributes are merged by the policy that is named', async () => {
  const world = await worldOf(1, () => ({ tier: 'gold' }));
  await world.process([world.record({ ...attributesOf(0, { tier: 'silver' }, START + 1), datasetId: 'web' })]);
  const attributeMerge = { type: 'dataSetPrecedence', order: ['crm', 'web'] } as const;
  world.publish({ kind: 'merge-policies', mergePolicies: [{ id: 'crm-first', attributeMerge }], changedAt: START });

  expect(await world.rows({ fields: 'tier' })).toMatchObject([{ tier: 'silver' }]);
  expect(await world.rows({ fields: 'tier', mergePolicy: { id: 'crm-first' } })).toMatchObject([{ tier: 'gold' }]);
});

test('who refuses what an export is for is left out and counted, whichever data set said so last', async () => {
  const refusals = [{}, { share: { val: 'n' } }, { marketing: { email: { val: 'n' } } }, { collect: { val: 'dn' } }];
  const world = await worldOf(4, (person) => ({ consents: refusals[person] }));
  await world.process([world.record({ ...attributesOf(0, { note: 'x' }, START + 1), datasetId: 'web' })]);
  const who = async (request: object) => {
    const { id, manifest } = await world.export({ fields: 'identityMap.CRMID', ...request });
    const { metrics, consentPurpose } = await world.read(id);
    return { rows: manifest.rows, consentPurpose, ...metrics };
  };

  expect(await who({})).toMatchObject({ rows: 2, optedOutProfiles: 2, consentPurpose: 'share' });
  expect(await who({ consentPurpose: 'marketing.email' })).toMatchObject({ rows: 1, optedOutProfiles: 3 });
  const filter = { segments: [{ segmentId: 'viewed' }] };
  expect(await who({ consentPurpose: 'marketing.email', filter })).toMatchObject({ rows: 1, optedOutProfiles: 1 });

  const yes = attributesOf(1, { consents: { share: { val: 'y' } } }, START + 2);
  await world.process([world.record({ ...yes, datasetId: 'web' })]);
  expect(await who({})).toMatchObject({ rows: 3, optedOutProfiles: 1 });
});

test('the manifest names each file with its rows, its size and its checksum', async () => {
  const world = await worldOf(20);

  const { manifest, files, id } = await world.export({
    fields: 'person.birthYear',
    destination: { prefix: 'crm/daily' },
  });

  expect(manifest).toMatchObject({ exportJobId: id, rows: 20, location: `s3://bucket/exports/prod/crm/daily/${id}/` });
  for (const [index, content] of files.entries()) {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const rows = new TextDecoder().decode(content).split('\n').length - 1;
    expect(manifest.files[index]).toMatchObject({ bytes: content.length, sha256, rows });
  }
  expect(await world.read(id)).toMatchObject({
    status: 'SUCCEEDED',
    metrics: { exportedRows: 20, exportedFiles: files.length, exportedBytes: manifest.bytes },
  });
});

test('parts that are done twice, and cut off elsewhere, leave every row once and no file beside the manifest', async () => {
  const world = await worldOf(24);
  const id = await world.start({ fields: 'identityMap.CRMID' });
  const key = keyOf(id);
  const ranges = await world.plan(key);
  const { plan = '' } = (await world.jobs.find(key)) ?? {};
  // A process that wrote its files and died before it said so.
  const jobs = {
    find: world.jobs.find.bind(world.jobs),
    findPart: world.jobs.findPart.bind(world.jobs),
    reportProgress: world.jobs.reportProgress.bind(world.jobs),
    claimPart: () => Promise.reject(new Error('gone')),
  };
  const input = { ...(await world.attemptAt(key)), plan, range: 0, from: null };
  const cutOff = { ...world.rangePorts(), jobs, mustEnd: () => true };
  await expect(evaluateRange(input, cutOff, world.settings)).rejects.toThrow('gone');
  const before = world.exports.contents.size;
  expect(ranges).toBeGreaterThan(0);

  await world.run(key);
  const { files, rows, location } = await world.manifestOf(id);

  expect(rows).toBe(24);
  expect(before).toBeGreaterThan(0);
  const folder = location.slice('s3://bucket/exports/'.length);
  expect([...world.exports.contents.keys()].sort()).toEqual(
    [...files.map(({ name }) => `${folder}${name}`), `${folder}manifest.json`].sort(),
  );
});

test('values that are not of their declared type are left out and counted', async () => {
  const world = await worldOf(3, (person) => ({ visits: person === 1 ? 'many' : person }));
  world.extension = { type: 'object', properties: { visits: { type: 'integer' } } };

  const { manifest } = await world.export({ fields: 'visits' });

  expect(manifest.mismatched).toEqual({ visits: 1 });
});

test('a field with a usage label against export is refused by its name, on its own and within others', async () => {
  const world = await worldOf(1);
  const secret = { type: 'object', properties: { income: { type: 'number', 'meta:labels': ['C2'] } } } as const;
  world.extension = { type: 'object', properties: { wealth: secret } };

  for (const fields of ['wealth.income', 'person.birthYear,wealth']) {
    await expect(world.start({ fields })).rejects.toMatchObject({
      status: 400,
      details: {
        mistakes: [{ pointer: '/fields', message: expect.stringContaining('wealth.income has the usage label C2') }],
      },
    });
  }
});

test.each([
  [{ filter: { segments: [{ segmentId: 'nobody' }] } }, '/filter/segments/0/segmentId'],
  [{ filter: { segmentQualificationTime: { startTime: '2026-01-01T00:00:00Z' } } }, '/filter/segmentQualificationTime'],
  [{ filter: { fromIngestTimestamp: 'yesterday' } }, '/filter/fromIngestTimestamp'],
  [{ mergePolicy: { id: 'nobody' } }, '/mergePolicy/id'],
  [{ fields: 'computed.nobody' }, '/fields'],
  [{ fields: 'a b' }, '/fields'],
  [{ destination: { prefix: '../other' } }, '/destination/prefix'],
  [{ destination: { format: 'xml' } }, '/destination/format'],
  [{ additionalFields: { eventList: {} } }, '/additionalFields'],
])('%j is refused at %s', async (body, pointer) => {
  const world = await worldOf(1);

  await expect(world.start(body)).rejects.toMatchObject({
    status: 400,
    details: { mistakes: [expect.objectContaining({ pointer })] },
  });
});

test('an export that is cancelled ends without a manifest, and goes on where it was', async () => {
  const world = await worldOf(12);
  const id = await world.start({ fields: 'identityMap.CRMID' });
  const key = keyOf(id);
  await world.plan(key);
  await world.evaluate(key, 0);
  const cancelled = await world.ask('DELETE', { pathParameters: { id } });
  expect(cancelled).toMatchObject({ status: 200, body: { status: true } });
  await world.run(key);
  expect(await world.read(id)).toMatchObject({ status: 'CANCELLED' });
  await expect(world.manifestOf(id)).rejects.toMatchObject({ status: 409 });

  await world.ask('POST', { path: '/{id}/redrive', pathParameters: { id }, roles: ['operator'] });
  await world.run(key);

  expect((await world.manifestOf(id)).rows).toBe(12);
  expect(await world.ask('DELETE', { pathParameters: { id } })).toMatchObject({ body: { status: false } });
});

test('exports come a page at a time, the newest first, and of no other sandbox', async () => {
  const world = await worldOf(1);
  const ids: string[] = [];
  for (let count = 0; count < 3; count++) {
    world.now += 1_000;
    ids.unshift((await world.export({})).id);
  }

  const first = exportJobList.parse((await world.ask('GET', { query: { limit: '2' } })).body);
  const second = exportJobList.parse((await world.ask('GET', { query: { limit: '2', offset: '2' } })).body);
  const elsewhere = exportJobList.parse((await world.ask('GET', { sandbox: 'dev' as never })).body);

  expect([...first.records, ...second.records].map(({ id }) => String(id))).toEqual(ids);
  expect(first.link.next).toBe('/data/core/ups/export/jobs?limit=2&offset=2');
  expect(elsewhere.records).toEqual([]);
});
