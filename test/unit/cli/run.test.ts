/** `shoal` from the command line to what it prints, over a service that the test answers for. */
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '#cli/commands.ts';
import { EXIT } from '#cli/run.ts';
import { CATALOGUE } from '#shared/api/catalogue.ts';
import { fullPathOf } from '#shared/api/operation.ts';
import { type Answering, shoal } from '#test/support/shoal-command.ts';

const ID = '11111111-1111-4111-8111-111111111111';

describe('the command line', () => {
  test.each(COMMANDS.map(({ name }) => [name]))('%s has help that says how it is used', async (name) => {
    const { code, out, asked } = await shoal([...name.split(' '), '--help']);
    expect([code, asked]).toEqual([EXIT.done, []]);
    expect(out).toContain(`usage: shoal ${name}`);
    expect(out).toContain('--json');
  });

  test.each([
    [['segments', 'lst'], 'There is no command segments lst'],
    [['frobnicate'], 'There is no command frobnicate'],
    [['segments', 'get'], 'segment is missing'],
    [['segments', 'get', 'a', 'b'], 'Too many arguments'],
    [['segments', 'list', '--colour'], 'colour'],
    [['segments', 'list', '--limit', 'many'], 'whole number'],
    [['segments', 'rollback', ID, 'one'], 'whole number from 1'],
    [['call', 'getSegmentDefinitio'], 'Is one of these meant: getSegmentDefinition'],
    [['call', 'getSegmentDefinition'], '--param id=VALUE'],
    [['call', 'createSegmentDefinition', '--body', '{'], 'no JSON'],
    [['call', 'createSegmentDefinition', '--body', 'nowhere.json'], 'no such file'],
  ])('%j is refused before anything is asked, with what would be right', async (line, said) => {
    const { code, errors, asked } = await shoal(line);
    expect([code, asked]).toEqual([EXIT.usage, []]);
    expect(errors).toContain(said);
  });

  test('without words it shows what there is, and says that something was missing', async () => {
    expect(await shoal([])).toMatchObject({ code: EXIT.usage, out: expect.stringContaining('segments create') });
    expect(await shoal(['--help'])).toMatchObject({ code: EXIT.done });
    expect((await shoal(['jobs', '--help'])).out).not.toContain('segments create');
  });
});

describe('an answer that is no success', () => {
  const diagnostic = {
    code: 'PQL2001',
    severity: 'error',
    message: 'expected a value',
    start: 17,
    end: 17,
    line: 2,
    column: 7,
  };
  const problem = {
    type: 'urn:shoal:problem:invalid-expression',
    title: 'The expression is not valid PQL',
    status: 400,
    detail: 'No.',
    requestId: 'r1',
    errors: {},
    diagnostics: [diagnostic],
  };

  test('shows each mistake in an expression with its line, a caret below its place, and exit code 1', async () => {
    const { code, errors } = await shoal(['segments', 'create', 'x', 'a = 1 and\nb >=   '], {
      answer: () => ({ status: 400, body: problem }),
    });
    expect(code).toBe(EXIT.refused);
    expect(errors).toBe(
      [
        '400 invalid-expression: The expression is not valid PQL',
        'PQL2001: expected a value',
        '  b >=   ',
        '         ^',
        'request r1',
        '',
      ].join('\n'),
    );
  });

  test('shows mistakes of the request with where they are', async () => {
    const mistakes = [{ pointer: '/name', message: 'is too long' }];
    const { errors } = await shoal(['segments', 'create', 'x', 'y'], {
      answer: () => ({ status: 400, body: { ...problem, diagnostics: [], mistakes } }),
    });
    expect(errors).toContain('  /name: is too long');
  });

  test('that never comes is exit code 3, with the reason', async () => {
    expect(await shoal(['permissions'])).toMatchObject({
      code: EXIT.unreachable,
      errors: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('which service is asked', () => {
  const login = [
    '/home/ann/.config/shoal/login.json',
    JSON.stringify({ url: 'https://kept.example.com', token: 'kept' }),
  ] as const;
  const local = [
    '.shoal/local.json',
    JSON.stringify({ apiUrl: 'http://127.0.0.1:1', token: 'here', sandbox: 'dev' }),
  ] as const;
  const HOME = '/home/ann';
  const named = { SHOAL_URL: 'https://env.example.com/data/core/ups/', SHOAL_TOKEN: 'named' };

  test.each([
    ['the service here', {}, [local], [], 'http://127.0.0.1:1', 'Bearer here'],
    ['a login before the service here', {}, [local, login], [], 'https://kept.example.com', 'Bearer kept'],
    ['the environment before both', named, [local, login], [], 'https://env.example.com', 'Bearer named'],
    [
      'options before all',
      named,
      [login],
      ['--url', 'https://o.example.com', '--token', 't'],
      'https://o.example.com',
      'Bearer t',
    ],
    [
      'never another’s token, whoever only names an address',
      {},
      [local, login],
      ['--url', 'https://evil.example.com'],
      'https://evil.example.com',
      undefined,
    ],
  ])('%s', async (_, env, files, options, base, authorization) => {
    const { asked } = await shoal(['permissions', ...options], {
      env: { HOME, ...env },
      files: new Map(files),
      answer: () => ({ body: {} }),
    });
    expect(asked[0]?.address).toBe(`${base}/data/core/ups/permissions`);
    expect(asked[0]?.headers.authorization).toBe(authorization);
  });

  test('where none is known nothing is asked, and what would help is said', async () => {
    const { code, errors } = await shoal(['permissions'], { env: { HOME } });
    expect([code, errors]).toEqual([EXIT.usage, expect.stringContaining('npm start')]);
  });

  test('a login is tried, then kept; logout forgets it; a token is never shown', async () => {
    const files = new Map<string, string>();
    const env = { HOME };
    const line = ['login', '--url', 'https://shoal.example.com'];
    const { code, out } = await shoal(line, {
      env,
      files,
      input: ['secret-token'],
      answer: () => ({ body: { operations: ['a'] } }),
    });
    expect([code, out]).toEqual([EXIT.done, expect.not.stringContaining('secret-token')]);
    expect(JSON.parse(files.get(login[0]) ?? '')).toMatchObject({
      url: 'https://shoal.example.com',
      token: 'secret-token',
    });
    expect((await shoal(['config'], { env, files })).out).not.toContain('secret-token');
    await shoal(['logout'], { env, files });
    expect(files.size).toBe(0);
  });

  test('a login that the service refuses is not kept', async () => {
    const files = new Map<string, string>();
    const refused = { env: { HOME }, files, answer: () => ({ status: 401, body: { message: 'no' } }) };
    expect((await shoal(['login', '--url', 'https://x.example.com', '--token', 't'], refused)).code).toBe(EXIT.refused);
    expect(files.size).toBe(0);
  });
});

test.each(CATALOGUE.map((operation) => [operation.id, operation] as const))(
  'call reaches %s',
  async (id, operation) => {
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const parameters = names.flatMap((name) => ['--param', `${name}=a/b`]);
    const body = operation.body === undefined ? [] : ['--body', '{"x":1}'];
    const line = ['call', id, ...parameters, '--param', 'limit=3', ...body, '--if-match', '"1"'];
    const { code, asked, out } = await shoal(line, { answer: () => ({ body: { ok: true } }) });

    const path = fullPathOf(operation).replaceAll(/\{\w+\}/g, 'a%2Fb');
    expect([code, JSON.parse(out)]).toEqual([EXIT.done, { ok: true }]);
    expect(asked[0]).toMatchObject({
      method: operation.method,
      address: `https://shoal.example.com${path}?limit=3`,
      headers: { 'if-match': '"1"' },
      body: operation.body === undefined ? undefined : { x: 1 },
    });
  },
);

test('a definition is found by its exact name, not by the first that is like it', async () => {
  const segments = [
    { name: 'big carts of old', id: '22222222-2222-4222-8222-222222222222' },
    { name: 'big carts', id: ID },
  ];
  const answer: Answering = ({ address }) =>
    address.includes('?') ? { body: { segments, link: {} } } : { body: { status: true, message: 'gone' } };
  const { asked } = await shoal(['segments', 'delete', 'big carts'], { answer });

  expect(asked.at(-1)).toMatchObject({ method: 'DELETE', address: expect.stringContaining(ID) });
  expect((await shoal(['segments', 'delete', 'big'], { answer })).errors).toContain(
    'No definition of this sandbox has the name big.',
  );
});

test('a change carries the entity tag of what was read', async () => {
  const definition = {
    id: ID,
    name: 'x',
    lifecycleState: 'draft',
    version: 3,
    updateTime: 0,
    tags: [],
    expression: { value: 'a' },
    evaluationInfo: { continuous: {} },
  };
  const { asked } = await shoal(['segments', 'publish', ID, '--note', 'go'], {
    answer: () => ({ body: definition, etag: '"3"' }),
  });

  expect(asked.at(-1)).toMatchObject({
    method: 'PATCH',
    headers: { 'if-match': '"3"' },
    body: { lifecycleState: 'published', note: 'go' },
  });
});

test('events are sent by five hundred; what was refused is told by its line, and the exit code is 1', async () => {
  const input = Array.from({ length: 501 }, (_, n) => `{"_id":"e${n}"}`).toSpliced(3, 0, '');
  const answer: Answering = ({ body }) => {
    const results = (body as { _id: string }[]).map(({ _id }) =>
      _id === 'e5' ? { status: 400, reason: 'no time' } : { status: 202 },
    );
    const rejected = results.filter(({ status }) => status === 400).length;
    return { status: 207, body: { accepted: results.length - rejected, rejected, results } };
  };
  const { code, out, asked } = await shoal(['events', 'send'], { input, answer });

  expect(asked.map(({ body }) => (body as unknown[]).length)).toEqual([500, 1]);
  expect([code, out]).toEqual([1, '500 taken, 1 refused\nline 7: 400 no time\n']);
});

test.each([
  ['SUCCEEDED', 0],
  ['FAILED', 1],
  ['CANCELLED', 1],
])('waiting for a job that ends as %s exits with %i', async (end, code) => {
  let looks = 0;
  const answer: Answering = () => ({
    body: {
      id: 'j',
      status: ++looks < 3 ? 'PROCESSING' : end,
      metrics: {},
      errors: [],
      properties: { progress: { profiles: 7 } },
    },
  });
  expect((await shoal(['jobs', 'wait', 'j'], { answer })).code).toBe(code);
  expect(looks).toBe(3);
});

test('following shows what comes after now, a line of JSON each if so asked', async () => {
  const change = (segmentName: string) => ({
    segmentName,
    segmentId: ID,
    status: 'realized',
    time: 't',
    cause: 'event',
    identities: [{ namespace: 'Email', id: 'a@b' }],
  });
  const pages = [
    { changes: [change('old')], next: '1', hasMore: true },
    { changes: [], next: '2', hasMore: false },
    { changes: [change('mine'), change('other')], next: '3', hasMore: false },
    { changes: [change('mine')], next: '4', hasMore: false },
  ];
  const answer: Answering = ({ address }) => ({ body: pages[Number(new URL(address).searchParams.get('after') ?? 0)] });
  const lines = ['changes', 'follow', '--segment', 'mine', '--limit', '2'];

  expect((await shoal(lines, { answer })).out).toBe('t  → mine  Email:a@b  (event)\n'.repeat(2));
  expect(
    (await shoal([...lines, '--json'], { answer })).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).segmentName),
  ).toEqual(['mine', 'mine']);
});

test('completions name every command and option', async () => {
  for (const kind of ['bash', 'zsh', 'fish']) {
    const { out } = await shoal(['completion', kind]);
    for (const word of ['segments', 'rollback', '--idempotency-key']) expect(out).toContain(word);
  }
});
