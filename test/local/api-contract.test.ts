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
import { HOSTILE_BODIES, HOSTILE_TEXTS } from './support/hostile-values.ts';
import { EXAMPLES } from './support/operation-examples.ts';

const document = JSON.parse(JSON.stringify(openApiDocument(CATALOGUE, '0.0.0'))) as OpenApiDocument;
const OPERATIONS = CATALOGUE.filter(({ access = 'token' }) => access === 'token').map(
  (operation) => [operation.id, operation] as const,
);

let runner: ChildRunner;
let call: CallOperation;
const tokens = new Map<string, string>();

beforeAll(async () => {
  runner = await startChildRunner({ options: ['--no-demo'] });
  call = callerOf(runner.local);
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

/** Sent again it is answered as it was, and with another body refused. */
async function expectOnce(operation: Operation, sent: ApiCall, first: ApiAnswer): Promise<void> {
  const again = await call(operation, sent);
  const other = await call(operation, {
    ...sent,
    parameters: { id: UNKNOWN_ID, profileId: UNKNOWN_ID },
    body: sent.body,
  });
  if (operation.secretAnswer) expect([again.status, codeOf(again)], operation.id).toEqual([409, 'conflict']);
  else expect([again.status, again.text], operation.id).toEqual([first.status, first.text]);
  expectDescribed(operation, again);
  if (!operation.path.includes('{')) return;
  expect([other.status, codeOf(other)], operation.id).toEqual([422, 'idempotency-key-reused']);
  expectDescribed(operation, other);
}

const codeOf = ({ body }: ApiAnswer) =>
  String((body as { type?: string } | undefined)?.type).replace('urn:shoal:problem:', '');

describe.each(OPERATIONS)('%s', (_, operation) => {
  const hasBody = operation.body !== undefined;

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

  test.runIf(operation.path.includes('{'))('finds nothing by an id that nobody has', async () => {
    const answer = await call(operation, { ...sampleCall(operation), parameters: {} });
    expectDescribed(operation, answer);
    if (!hasBody) expect([404, 200], answer.text).toContain(answer.status);
  });

  test.runIf(hasBody)('takes JSON only, and no more than fits', async () => {
    const sample = sampleCall(operation);
    const text = await call(operation, { ...sample, body: '{}', headers: { 'content-type': 'text/plain' } });
    const bytesMax = operation.id === 'createAudienceUpload' ? UPLOAD_BYTES_MAX : 1024 * 1024;
    const large = await call(operation, { ...sample, body: `"${'x'.repeat(bytesMax)}"` });
    expect([text.status, large.status]).toEqual([415, 413]);
    for (const answer of [text, large]) expectDescribed(operation, answer);
  });

  test.runIf(hasBody)('survives every hostile body', async () => {
    for (const [name, body] of Object.entries(HOSTILE_BODIES)) {
      const answer = await call(operation, { ...sampleCall(operation), body });
      expect(answer.status, `${name}: ${answer.text.slice(0, 300)}`).toBeLessThan(500);
      expectDescribed(operation, answer);
    }
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

  test.runIf(operation.ifMatch)('changes nothing for a tag that nothing has', async () => {
    const answer = await call(operation, { ...sampleCall(operation), headers: { 'if-match': '"nonsense"' } });
    expect([400, 404, 412]).toContain(answer.status);
    expectDescribed(operation, answer);
  });
});

describe('one sandbox and another', () => {
  /** Everything that was made in prod, by what the answers call it. */
  const made = new Set<string>();

  test('every example is answered as it is described', async () => {
    for (const example of EXAMPLES) {
      const operation = CATALOGUE.find(({ id }) => id === example.operation);
      if (operation === undefined) throw new Error(`no operation ${example.operation}`);
      const sent = withKey(operation, example.call());
      const answer = await call(operation, sent);
      expect(answer.status, `${operation.id}: ${answer.text}`).toBeLessThan(400);
      expectDescribed(operation, answer);
      if (takesIdempotencyKey(operation)) await expectOnce(operation, sent, answer);
      example.keep?.(answer.body);
      for (const [id] of answer.text.matchAll(UUIDS)) made.add(id);
    }
    expect(made.size).toBeGreaterThan(0);
  });

  test.each(OPERATIONS.filter(([, { path, method }]) => method === 'GET' && !path.includes('{')))(
    '%s shows nothing of the other',
    async (id, operation) => {
      // Requests are of whoever asks, in every sandbox; what admins see is of all of them.
      if (operation.roles.length === 1) return;
      const { text } = await call(operation, { ...sampleCall(operation), sandbox: 'dev' });
      for (const known of made) expect(text, id).not.toContain(known);
    },
  );

  // Last: the other sandbox's audit trail names these attempts.
  test.each(OPERATIONS.filter(([, { path }]) => path.includes('{')))(
    '%s reaches nothing of the other',
    async (_, operation) => {
      for (const id of made) {
        const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, id]);
        const parameters = Object.fromEntries([...names, ['version', '1']]);
        const answer = await call(operation, { ...sampleCall(operation), parameters, sandbox: 'dev' });
        expect(answer.status, answer.text).toBeGreaterThanOrEqual(400);
        expect(answer.status, answer.text).toBeLessThan(500);
      }
    },
  );
});

const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

test('an address that is none is a problem, with or without a token', async () => {
  const nowhere = { ...(CATALOGUE[0] as Operation), path: `/nowhere/${UNKNOWN_ID}` };
  for (const token of [null, undefined]) {
    const answer = await call(nowhere, token === null ? { token } : {});
    expect([answer.status, codeOf(answer)]).toEqual([404, 'not-found']);
  }
});

test('a path that can’t be decoded is refused', async () => {
  const answer = await fetch(`${runner.local.apiUrl}/data/core/ups/segment/definitions/%E0%A4%A`);
  expect(answer.status).toBe(400);
});
