/**
 * Every operation of the catalogue on the service as it is started, by what its description says: whatever is sent, the
 * answer is one that is described, in the shape that is described. An operation that is added is asked without a line here.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChildRunner, startChildRunner } from '#local/child-runner.ts';
import { CATALOGUE } from '#shared/api/catalogue.ts';
import { type OpenApiDocument, openApiDocument } from '#shared/api/openapi/document.ts';
import { fullPathOf, type Operation, ROLES, takesIdempotencyKey } from '#shared/api/operation.ts';
import { UPLOAD_BYTES_MAX } from '#shared/api/uploads.ts';
import { sampleOf } from '#test/support/schema-sample.ts';
import {
  type ApiAnswer,
  type ApiCall,
  type CallOperation,
  callerOf,
  tokenFor,
  UNKNOWN_ID,
} from './support/api-caller.ts';
import { EXAMPLES } from './support/examples/all.ts';
import { type Example, known } from './support/examples/example.ts';
import { HOSTILE_BODIES, HOSTILE_TEXTS } from './support/hostile-values.ts';
import { BEYOND_CALLERS, UNPROVOKED } from './support/unprovoked.ts';

const document = JSON.parse(JSON.stringify(openApiDocument(CATALOGUE, '0.0.0'))) as OpenApiDocument;
const named = (operations: readonly Operation[]) => operations.map((operation) => [operation.id, operation] as const);
const BY_TOKEN = CATALOGUE.filter(({ access = 'token' }: Operation) => access === 'token') as readonly Operation[];
const OPERATIONS = named(BY_TOKEN);
const WITH_BODY = named(BY_TOKEN.filter(({ body }) => body !== undefined));
const WITH_ID = named(BY_TOKEN.filter(({ path }) => path.includes('{')));
const GUARDED = named(BY_TOKEN.filter(({ ifMatch, method }) => ifMatch && method !== 'GET'));

let runner: ChildRunner;
let call: CallOperation;
/** What each operation was seen to answer, by any of these tests. */
const seen = new Map<string, Set<number>>();
const tokens = new Map<string, string>();

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  const ask = callerOf(runner.local);
  call = async (operation, sent) => {
    const answer = await ask(operation, sent);
    seen.set(operation.id, (seen.get(operation.id) ?? new Set()).add(answer.status));
    return answer;
  };
  for (const role of ROLES) tokens.set(role, await tokenFor(runner.local.endpoints.token, [role]));
});
afterAll(() => runner?.stop());

const describedOf = (operation: Operation) => {
  const described = document.paths[fullPathOf(operation)]?.[operation.method.toLowerCase()];
  if (described === undefined) throw new Error(`${operation.id} is not described`);
  return described;
};

/** A request that the description takes, though it may be about nothing that there is. */
function sampleCall(operation: Operation): ApiCall {
  const { parameters = [], requestBody } = describedOf(operation);
  const { schemas } = document.components;
  const query = parameters
    .filter(({ in: place, required }) => place === 'query' && required)
    .map(({ name, schema }) => [name, String(sampleOf(schema, schemas))]);
  const [content] = Object.values(requestBody?.content ?? {});
  return {
    query: Object.fromEntries(query),
    ...(content === undefined ? {} : { body: sampleOf(content.schema, schemas) }),
  };
}

/** Described, in its own shape, and without a word of where in the code it came about. */
function expectDescribed(operation: Operation, { status, type, text, body }: ApiAnswer): void {
  const place = `${operation.id} answered ${status}: ${text.slice(0, 500)}`;
  expect(Object.keys(describedOf(operation).responses), place).toContain(String(status));
  expect(text, place).not.toMatch(/\bat \S+ \(|\.(?:ts|mjs|js):\d+/);
  if (status < 400) {
    const schema = operation.responses[status];
    if (!schema) return;
    expect(schema.safeParse(body).error?.issues ?? [], place).toEqual([]);
  } else if (status !== 401 && status !== 429) {
    expect(type, place).toBe('application/problem+json');
    expect(body, place).toMatchObject({
      status,
      requestId: expect.any(String),
      errors: { [status]: expect.any(Array) },
    });
  }
}

let keys = 0;

function withKey(operation: Operation, sent: ApiCall): ApiCall {
  if (!takesIdempotencyKey(operation)) return sent;
  keys += 1;
  return { ...sent, headers: { ...sent.headers, 'idempotency-key': `key-${keys}` } };
}

/** One that is taken as well, and says something else. */
function otherBody(operation: Operation, { body }: ApiCall): unknown {
  const isNamed = typeof body === 'object' && body !== null && 'name' in body;
  return isNamed ? { ...body, name: `${body.name}Too` } : sampleCall(operation).body;
}

/** Sent again it is answered as it was, and another request of its key is refused. */
async function expectOnce(operation: Operation, sent: ApiCall, first: ApiAnswer): Promise<void> {
  const again = await call(operation, sent);
  const others = { ...sent, parameters: { id: UNKNOWN_ID, profileId: UNKNOWN_ID, runId: 'other' } };
  const other = await call(
    operation,
    sent.body === undefined ? others : { ...others, body: otherBody(operation, sent) },
  );
  if (operation.secretAnswer) expect([again.status, codeOf(again)], operation.id).toEqual([409, 'conflict']);
  else expect([again.status, again.text], operation.id).toEqual([first.status, first.text]);
  expectDescribed(operation, again);
  expect([other.status, codeOf(other)], operation.id).toEqual([422, 'idempotency-key-reused']);
  expectDescribed(operation, other);
}

const codeOf = ({ body }: ApiAnswer) =>
  String((body as { type?: string } | undefined)?.type).replace('urn:shoal:problem:', '');

describe.each(OPERATIONS)('%s', (_, operation) => {
  test('answers nobody without a token', async () => {
    const answer = await call(operation, { ...sampleCall(operation), token: null });
    expect(answer).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
  });

  test('opens no sandbox that the token does not', async () => {
    const answer = await call(operation, { ...sampleCall(operation), sandbox: 'somebody-elses' });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'sandbox-forbidden']);
    expectDescribed(operation, answer);
  });

  test('is closed to every role that it does not name', async () => {
    for (const role of ROLES.filter((role) => !operation.roles.includes(role))) {
      const answer = await call(operation, { ...sampleCall(operation), token: tokens.get(role) ?? null });
      expect([answer.status, codeOf(answer)], role).toEqual([403, 'role-forbidden']);
      expectDescribed(operation, answer);
    }
  });

  test('refuses a query parameter that it does not know, by name', async () => {
    const answer = await call(operation, { ...sampleCall(operation), query: { nonsense: '1' } });
    expect(answer.status).toBe(400);
    expectDescribed(operation, answer);
    expect(answer.body).toMatchObject({
      mistakes: expect.arrayContaining([{ pointer: '?nonsense', message: expect.any(String) }]),
    });
  });

  test('answers what its description takes as it is described', async () => {
    expectDescribed(operation, await call(operation, sampleCall(operation)));
  });

  test('survives hostile ids and parameters', async () => {
    const { parameters = [] } = describedOf(operation);
    const names = parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name);
    const inPath = parameters.filter(({ in: place }) => place === 'path').map(({ name }) => name);
    const sample = sampleCall(operation);
    for (const text of HOSTILE_TEXTS) {
      const query = Object.fromEntries(names.map((name) => [name, text]));
      const path = Object.fromEntries(inPath.map((name) => [name, text === '' || text === '..' ? 'x' : text]));
      const answer = await call(operation, { ...sample, parameters: path, query });
      expect(answer.status, `${JSON.stringify(text)}: ${answer.text.slice(0, 300)}`).toBeLessThan(500);
      // What the gateway refuses has its own shape.
      if (answer.type === 'application/problem+json') expectDescribed(operation, answer);
    }
  });
});

test.each(WITH_ID)('%s finds nothing by an id that nobody has', async (_, operation) => {
  const answer = await call(operation, { ...sampleCall(operation), parameters: {} });
  expectDescribed(operation, answer);
  if (operation.body === undefined) expect([404, 200], answer.text).toContain(answer.status);
});

test.each(WITH_BODY)('%s takes JSON only, and no more than fits', async (_, operation) => {
  const sample = sampleCall(operation);
  const text = await call(operation, { ...sample, body: '{}', headers: { 'content-type': 'text/plain' } });
  const bytesMax = operation.id === 'createAudienceUpload' ? UPLOAD_BYTES_MAX : 1024 * 1024;
  const large = await call(operation, { ...sample, body: `"${'x'.repeat(bytesMax)}"` });
  expect([text.status, large.status]).toEqual([415, 413]);
  for (const answer of [text, large]) expectDescribed(operation, answer);
});

test.each(WITH_BODY)('%s survives every hostile body', async (_, operation) => {
  for (const [name, body] of Object.entries(HOSTILE_BODIES)) {
    const answer = await call(operation, { ...sampleCall(operation), body });
    expect(answer.status, `${name}: ${answer.text.slice(0, 300)}`).toBeLessThan(500);
    expectDescribed(operation, answer);
  }
});

test.each(GUARDED)('%s changes nothing for a tag that nothing has', async (_, operation) => {
  const answer = await call(operation, { ...sampleCall(operation), headers: { 'if-match': '"nonsense"' } });
  expect([400, 404, 412]).toContain(answer.status);
  expectDescribed(operation, answer);
});

/** Everything that was made in prod, by what the answers call it. */
const made = new Set<string>();
const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TRIES_MAX = 400;

const operationOf = (id: string): Operation => {
  const operation = CATALOGUE.find((each) => each.id === id);
  if (operation === undefined) throw new Error(`no operation ${id}`);
  return operation;
};

const isAnswer = ({ status: wanted }: Example, { status }: ApiAnswer) =>
  wanted === undefined ? status < 400 : status === wanted;

async function ask(example: Example): Promise<{ sent: ApiCall; answer: ApiAnswer }> {
  const operation = operationOf(example.operation);
  for (let attempt = 1; ; attempt++) {
    const sent = withKey(operation, example.call());
    const answer = await call(operation, sent);
    if (isAnswer(example, answer) || !example.waits || attempt === TRIES_MAX) return { sent, answer };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function overOf(get: string, parameters: ApiCall['parameters'] = {}): Promise<{ readonly status: string }> {
  for (;;) {
    const job = (await call(operationOf(get), { parameters })).body as { readonly status: string };
    if (['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('an example', () => {
  const titled = EXAMPLES.map((one, index) => [`${index + 1}: ${one.operation} ${one.status ?? ''}`, one] as const);

  test.each(titled)('%s is answered as it is described', { timeout: 60_000 }, async (_, one) => {
    const operation = operationOf(one.operation);
    const { sent, answer } = await ask(one);
    expect(isAnswer(one, answer), `${operation.id} answered ${answer.status}: ${answer.text}`).toBe(true);
    expectDescribed(operation, answer);
    if (one.status === undefined && takesIdempotencyKey(operation)) await expectOnce(operation, sent, answer);
    one.keep?.(answer.body);
    if (one.status === undefined) for (const [id] of answer.text.matchAll(UUIDS)) made.add(id);
  });

  test.each([
    ['createSegmentJob', 'cancelSegmentJob', 'redriveSegmentJob', [{ segmentId: '*' }]],
    ['createExportJob', 'deleteExportJob', 'redriveExportJob', {}],
  ])('of %s is gone on with after %s by %s', { timeout: 180_000 }, async (create, cancel, redrive, body) => {
    const operation = operationOf(redrive);
    for (let attempt = 1; ; attempt++) {
      const { id } = (await call(operationOf(create), { body })).body as { readonly id: string | number };
      const parameters = { id: String(id) };
      expect((await call(operationOf(cancel), { parameters })).status).toBeLessThan(300);
      const { status } = await overOf(create.replace('create', 'get'), parameters);
      // It may have been over before it was cancelled.
      if (status !== 'CANCELLED' && attempt < 10) continue;
      const sent = withKey(operation, { parameters });
      const answer = await call(operation, sent);
      expect([answer.status, status], answer.text).toEqual([200, 'CANCELLED']);
      expectDescribed(operation, answer);
      await expectOnce(operation, sent, answer);
      return;
    }
  });

  test.each([
    ['createSegmentJob', [{ segmentId: '*' }]],
    ['createExportJob', {}],
  ])('%s is refused with 429 where many are under way', { timeout: 60_000 }, async (id, body) => {
    const operation = operationOf(id);
    const burst = () => Promise.all(Array.from({ length: 8 }, () => call(operation, { body })));
    let refusals: ApiAnswer[] = [];
    for (let round = 0; refusals.length === 0 && round < 10; round++) {
      refusals = (await burst()).filter(({ status }) => status === 429);
    }
    expect(refusals.map(codeOf)).toContain('too-many-jobs');
  });
});

/** Every kind of thing that examples keep, and some of what else they made. */
const IDS_TRIED_MAX = 40;

describe('one sandbox and another', () => {
  const sandbox = 'dev';
  /** Whoever asks for these asks about every sandbox. */
  const ofOneSandbox = BY_TOKEN.filter(({ roles }) => roles.length > 1);

  test.each(named(ofOneSandbox.filter(({ path, method }) => method === 'GET' && !path.includes('{'))))(
    '%s shows nothing of the other',
    async (id, operation) => {
      const { text } = await call(operation, { ...sampleCall(operation), sandbox });
      for (const known of made) expect(text, id).not.toContain(known);
    },
  );

  test.each<[string, () => ApiCall, string]>([
    ['bulkGetSegmentDefinitions', () => ({ body: { ids: [...made].slice(0, 100).map((id) => ({ id })) } }), '{}'],
    ['bulkGetAudiences', () => ({ body: { ids: [...made].slice(0, 100).map((id) => ({ id })) } }), '{}'],
    ['bulkGetSegmentJobs', () => ({ body: { ids: [{ id: known.job }] } }), '{}'],
  ])('%s finds nothing of the other', async (id, sent, none) => {
    const { status, body } = await call(operationOf(id), { ...sent(), sandbox });
    expect([status, JSON.stringify((body as { results: unknown }).results)]).toEqual([207, none]);
  });

  const segments = () => [known.adults];
  test.each<[string, () => unknown]>([
    ['createSegmentJob', () => [{ segmentId: known.adults }]],
    [
      'createSchedule',
      () => ({ name: 'x', type: 'batch_segmentation', properties: { segments: segments() }, schedule: '0 0 1 * * ?' }),
    ],
    ['createExportJob', () => ({ filter: { segments: [{ segmentId: known.adults }] } })],
    ['createDestination', () => ({ name: 'x', target: { kind: 'files' }, segments: segments() })],
    ['createPreview', () => ({ predicateExpression: 'true', compareWith: { segmentId: known.adults } })],
    [
      'createSegmentDefinition',
      () => ({ name: 'x', expression: { type: 'PQL', format: 'pql/text', value: `inSegment("${known.adults}")` } }),
    ],
    [
      'createAudience',
      () => ({ name: 'x', expression: { type: 'PQL', format: 'pql/text', value: 'inSegment("Example: adults")' } }),
    ],
  ])('%s takes nothing of the other', async (id, body) => {
    const answer = await call(operationOf(id), { body: body(), sandbox });
    expect([400, 404], answer.text).toContain(answer.status);
  });

  test('who is known in one is nobody in the other', async () => {
    const mira = { entityId: 'mira@example.com', entityIdNS: 'Email' };
    expect(await call(operationOf('getEntity'), { query: mira, sandbox })).toMatchObject({ status: 404 });
    const evaluated = await call(operationOf('evaluatePerson'), { body: mira, sandbox });
    expect(evaluated).toMatchObject({ status: 200, body: { entityId: null, segmentMembership: { ups: {} } } });
  });

  // Last: the other sandbox's audit trail names these attempts.
  test.each(WITH_ID)('%s reaches nothing of the other', async (_, operation) => {
    const ids = [...new Set([...Object.values(known), ...made])].slice(0, IDS_TRIED_MAX);
    const attempts = ids.map(async (id) => {
      const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, id]);
      const parameters = Object.fromEntries([...names, ['version', '1']]);
      const answer = await call(operation, { ...sampleCall(operation), parameters, sandbox });
      expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
      expect(answer.status, answer.text).toBeLessThan(500);
    });
    await Promise.all(attempts);
  });
});

test('an address that is none is a problem, with or without a token', async () => {
  const nowhere = { ...(CATALOGUE[0] as Operation), id: 'nowhere', path: `/nowhere/${UNKNOWN_ID}` };
  for (const token of [null, undefined]) {
    const answer = await call(nowhere, token === null ? { token } : {});
    expect([answer.status, codeOf(answer)]).toEqual([404, 'not-found']);
  }
});

test('a path that can’t be decoded is refused', async () => {
  const answer = await fetch(`${runner.local.apiUrl}/data/core/ups/segment/definitions/%E0%A4%A`);
  expect(answer.status).toBe(400);
});

describe('every status that is described was answered by', () => {
  /** The repetition of a keyed request while the first is at work: a moment that may be missed. */
  const mayBeMissed = (operation: Operation) => (takesIdempotencyKey(operation) ? [409] : []);

  // Last: what all other tests were answered.
  test.each(OPERATIONS)('%s, but for those that no caller can bring about', (id, operation) => {
    const described = Object.keys(describedOf(operation).responses).map(Number);
    const excused = UNPROVOKED[id] ?? {};
    const answered = seen.get(id) ?? new Set();
    const missing = described.filter((status) => !answered.has(status));
    const expected = [...Object.keys(excused), ...Object.keys(BEYOND_CALLERS)].map(Number);

    expect(missing.filter((status) => ![...expected, ...mayBeMissed(operation)].includes(status))).toEqual([]);
    expect(
      Object.keys(excused).filter((status) => answered.has(Number(status))),
      'is excused and was answered',
    ).toEqual([]);
  });
});
