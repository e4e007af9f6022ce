import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '#shared/api/catalogue.ts';
import { breakingChanges } from '#shared/api/openapi/breaking-changes.ts';
import { type OpenApiDocument, openApiDocument } from '#shared/api/openapi/document.ts';
import type { JsonSchema } from '#shared/api/openapi/json-schema.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const document = openApiDocument(CATALOGUE, read('package.json').version);
const asJson = JSON.parse(JSON.stringify(document)) as OpenApiDocument;

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(asJson));
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
});

test('the document that is checked in is what the catalogue makes: npm run openapi writes it', () => {
  expect(read('docs/openapi.json')).toEqual(asJson);
});

test('no client of the released document stumbles: a break is decided, written down and released by npm run openapi -- --release', () => {
  expect(breakingChanges(read('docs/openapi-released.json'), asJson)).toEqual([]);
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(asJson).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
  const known = Object.keys(asJson.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect(references.filter((reference) => !known.includes(reference ?? ''))).toEqual([]);
});

describe.each(
  Object.entries(asJson.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [operation.operationId, { path, method, operation }] as const),
  ),
)('%s', (_, { path, operation }) => {
  test('describes every parameter of its path, and each parameter once', () => {
    const names = (operation.parameters ?? []).map(({ name, in: place }) => `${place} ${name}`);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${name}`);

    expect(names.filter((name) => name.startsWith('path '))).toEqual(inPath);
    expect(new Set(names).size).toBe(names.length);
  });

  test('describes what it answers: one success at least, every error as a problem', () => {
    const statuses = Object.keys(operation.responses);
    expect(statuses.some((status) => status < '400')).toBe(true);
    for (const status of statuses.filter((status) => status >= '400')) {
      expect(Object.keys(operation.responses[status]?.content ?? {})).toHaveLength(1);
    }
  });

  test('has a schema that says something for each body', () => {
    for (const { content = {} } of [operation.requestBody ?? {}, ...Object.values(operation.responses)]) {
      for (const { schema } of Object.values(content)) expect(schema).toBeTypeOf('object');
    }
  });
});

describe('what is said once for all', () => {
  const operations = Object.entries(asJson.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

  test('ids are unique, and words of a language', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][A-Za-z]+$/.test(id))).toEqual([]);
  });

  test('a summary is a sentence without its full stop, short enough for a list', () => {
    const summaries = operations.map(({ operation }) => String(operation.summary));
    expect(summaries.filter((text) => !/^[A-Z].{8,130}[^.]$/.test(text))).toEqual([]);
  });

  test('paths are lower-case words, camel case and parameters, without a slash at the end', () => {
    const wrong = Object.keys(asJson.paths).filter(
      (path) => !/^(\/([a-z][A-Za-z0-9-]*|\{[a-z]\w*\}|openapi\.json))+$/.test(path),
    );
    expect(wrong).toEqual([]);
  });

  test('a body is of POST, PUT and PATCH only', () => {
    const others = operations.filter(({ method }) => !['post', 'put', 'patch'].includes(method));
    expect(others.filter(({ operation }) => operation.requestBody !== undefined)).toEqual([]);
  });

  /** Anything that JSON can say: held by the limits of a body, its size and its depth. */
  const FREE = new Set(['patchSchedule[]/value']);

  test('whatever a client sends has a limit: every text, and every list', () => {
    const unlimited = operations.flatMap(({ operation }) => [
      ...(operation.parameters ?? [])
        .filter(({ in: place }) => place === 'query')
        .flatMap(({ name, schema }) => withoutLimit(schema, `${operation.operationId}?${name}`)),
      ...Object.values(operation.requestBody?.content ?? {}).flatMap(({ schema }) =>
        withoutLimit(schema, operation.operationId),
      ),
    ]);
    expect([...new Set(unlimited)]).toEqual([]);
  });

  const LIMITS = ['maxLength', 'enum', 'const', 'format', 'pattern', 'maxItems'];

  function withoutLimit(given: JsonSchema, place: string): string[] {
    if (FREE.has(place)) return [];
    const schema =
      given.$ref === undefined ? given : (asJson.components.schemas[String(given.$ref).split('/').at(-1) ?? ''] ?? {});
    const { type, properties = {}, items, anyOf, oneOf, additionalProperties: rest } = schema as Record<string, never>;
    const isBounded =
      !['string', 'array'].includes(String(type)) || LIMITS.some((limit) => schema[limit] !== undefined);
    const inner = (part: JsonSchema | undefined, name: string) =>
      typeof part === 'object' && Object.keys(part).length > 0 ? withoutLimit(part, `${place}${name}`) : [];
    return [
      ...(isBounded ? [] : [place]),
      ...Object.entries(properties).flatMap(([name, part]) => inner(part as JsonSchema, `/${name}`)),
      ...inner(items as JsonSchema | undefined, '[]'),
      ...inner(rest as JsonSchema | undefined, '/*'),
      ...[...(anyOf ?? []), ...(oneOf ?? [])].flatMap((part) => inner(part as JsonSchema, '')),
    ];
  }
});

describe('a break', () => {
  const change = (alter: (copy: Any) => void) => {
    const copy = structuredClone(asJson) as Any;
    alter(copy);
    return breakingChanges(asJson, copy);
  };
  // biome-ignore lint/suspicious/noExplicitAny: the tests below take the document apart.
  type Any = any;
  const path = '/data/core/ups/segment/definitions';
  const answer = (copy: Any) => copy.paths[path].get.responses[200].content['application/json'].schema;
  const jobs = (copy: Any) =>
    copy.paths['/data/core/ups/segment/jobs'].post.requestBody.content['application/json'].schema;
  const body = (copy: Any) => copy.paths[path].post.requestBody.content['application/json'].schema;

  test.each<[string, (copy: Any) => void, string]>([
    ['an operation that is gone', (copy) => delete copy.paths[path].get, `GET ${path} is gone`],
    ['a field of an answer that is gone', (copy) => delete answer(copy).properties.page, '/page is gone'],
    ['a field of an answer that may be missing', (copy) => answer(copy).required.shift(), 'may be missing'],
    ['a field of a request that is required', (copy) => body(copy).required.push('description'), 'is required'],
    ['a field of a request that is gone', (copy) => delete body(copy).properties.tags, '/tags is gone'],
    ['a value that is no longer taken', (copy) => body(copy).properties.lifecycleState.enum.pop(), 'does not take'],
    ['another type', (copy) => Object.assign(body(copy).properties.name, { type: 'number' }), 'is number, was string'],
    ['a parameter that is gone', (copy) => copy.paths[path].get.parameters.shift(), 'is gone'],
    ['a role that it is closed to', (copy) => copy.paths[path].get['x-roles'].shift(), 'closed to viewer'],
    ['a shorter text', (copy) => Object.assign(body(copy).properties.name, { maxLength: 10 }), 'maxLength 10, had 255'],
    ['a list that must hold more', (copy) => Object.assign(body(copy).properties.tags, { minItems: 1 }), 'minItems 1'],
    [
      'a value where any was taken',
      (copy) => Object.assign(body(copy).properties.name, { enum: ['x'] }),
      'takes only x',
    ],
    ['a choice less', (copy) => jobs(copy).anyOf.shift(), 'was array'],
    ['an answer with another status', (copy) => delete copy.paths[path].post.responses[200], 'the answer 200 is gone'],
  ])('is %s', (_, alter, expected) => {
    expect(change(alter).join()).toContain(expected);
  });

  test.each<[string, (copy: Any) => void]>([
    ['a new operation', (copy) => Object.assign(copy.paths, { '/new': copy.paths[path] })],
    ['a new field of an answer', (copy) => Object.assign(answer(copy).properties, { more: { type: 'string' } })],
    ['a new optional field of a request', (copy) => Object.assign(body(copy).properties, { more: { type: 'string' } })],
    ['a choice more', (copy) => jobs(copy).anyOf.push({ type: 'string' })],
    ['a longer text', (copy) => Object.assign(body(copy).properties.name, { maxLength: 500 })],
    ['a field of a request that is no longer required', (copy) => body(copy).required.shift()],
  ])('is not %s', (_, alter) => {
    expect(change(alter)).toEqual([]);
  });
});
