/** Commands that are made of the catalogue, and those for files of people. */
import { describe, expect, test } from 'vitest';
import { EXIT } from '#cli/run.ts';
import { CATALOGUE } from '#shared/api/catalogue.ts';
import { type Answering, shoal } from '#test/support/shoal-command.ts';

describe('a command that is an operation of the catalogue', () => {
  const answer: Answering = () => ({ body: { id: 'x', name: 'nightly', updateTime: 0, more: { a: 1 } } });

  test('takes fields of the body as options, inner ones by their path, and a file for the rest', async () => {
    const files = new Map([['schedule.json', '{"type":"batch_segmentation","name":"from the file"}']]);
    const line = [
      'schedules',
      'create',
      '--body',
      'schedule.json',
      '--name',
      'nightly',
      '--set',
      'properties.segments=["*"]',
    ];
    const { code, asked, out } = await shoal([...line, '--schedule', '0 0 1 * * ?', '--idempotency-key', 'k'], {
      answer,
      files,
    });

    expect(asked).toMatchObject([
      {
        method: 'POST',
        body: {
          type: 'batch_segmentation',
          name: 'nightly',
          properties: { segments: ['*'] },
          schedule: '0 0 1 * * ?',
        },
        headers: { 'idempotency-key': 'k' },
      },
    ]);
    expect([code, out]).toEqual([
      0,
      'id          x\nname        nightly\nupdateTime  1970-01-01T00:00:00.000Z\nmore        {"a":1}\n',
    ]);
  });

  test('turns what is set into a JSON Patch where the operation takes one', async () => {
    const line = ['schedules', 'update', 'id-1', '--set', 'state=active', '--set', 'properties.segments=["*"]'];
    const { asked } = await shoal([...line, '--if-match', '"3"'], { answer: () => ({ status: 204 }) });

    expect(asked).toMatchObject([
      {
        method: 'PATCH',
        address: expect.stringContaining('/config/schedules/id-1'),
        headers: { 'if-match': '"3"' },
        body: [
          { op: 'add', path: '/state', value: 'active' },
          { op: 'add', path: '/properties/segments', value: ['*'] },
        ],
      },
    ]);
  });

  test('shows a list by its columns, and sends parameters of the query', async () => {
    const listed: Answering = () => ({
      body: { records: [{ id: 7, status: 'SUCCEEDED', creationTime: 0, metrics: { exportedRows: 12 } }], page: {} },
    });
    const { asked, out } = await shoal(['exports', 'list', '--limit', '5', '--status', 'SUCCEEDED'], {
      answer: listed,
    });

    expect(asked[0]?.address).toMatch(/\/export\/jobs\?(limit=5&status=SUCCEEDED|status=SUCCEEDED&limit=5)$/);
    expect(out).toMatch(
      /^ID +STATUS +CREATIONTIME +EXPORTEDROWS +LOCATION\n +7 +SUCCEEDED +1970-01-01T00:00:00.000Z +12 +–\n$/,
    );
  });

  test('has its words from the operation', async () => {
    const { out } = await shoal(['destinations', 'create', '--help']);
    expect(out).toContain(CATALOGUE.find(({ id }) => id === 'createDestination')?.summary);
    for (const option of ['--name', '--attributes', '--set', '--body', '--idempotency-key'])
      expect(out).toContain(option);
  });

  test.each([
    [['propensity', 'show-run', 'a'], 'run is missing'],
    [['schedules', 'list', '--limit'], 'limit'],
    [['schedules', 'create', '--set', 'nothing'], 'PATH=VALUE'],
    [['schedules', 'create', '--body', 'nowhere.json'], 'no such file'],
  ])('is refused with what would be right: %j', async (line, expected) => {
    const { code, errors } = await shoal(line, { answer });
    expect([code, errors]).toEqual([EXIT.usage, expect.stringContaining(expected)]);
  });
});

test('an upload is the file, with the columns that say who and until when', async () => {
  const files = new Map([['crm.csv', 'email,until\na@example.com,2027-01-01\n']]);
  const answer: Answering = () => ({ body: { id: 'u', status: 'QUEUED', rows: 1 } });
  const line = [
    'audiences',
    'upload',
    'id-1',
    'crm.csv',
    '--column',
    'email',
    '--namespace',
    'Email',
    '--until',
    'until',
  ];
  const { asked, out } = await shoal(line, { answer, files });

  expect(asked[0]?.body).toEqual({
    csv: files.get('crm.csv'),
    identity: { column: 'email', namespace: 'Email' },
    validUntilColumn: 'until',
  });
  expect(out).toContain('QUEUED');
});

test('an erasure names people as everything else does', async () => {
  const answer: Answering = () => ({ body: { id: 'e', status: 'NEW' } });
  const { asked } = await shoal(['erasures', 'start', 'Email:a@example.com', 'CRMID:7'], { answer });

  expect(asked[0]?.body).toEqual({
    action: 'delete_identity',
    identities: [
      { namespace: 'Email', id: 'a@example.com' },
      { namespace: 'CRMID', id: '7' },
    ],
  });
});
