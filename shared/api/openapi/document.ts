/** The OpenAPI 3.1 document: made of the catalogue, so it says what the service does and nothing else. */
import type * as z from 'zod';
import { effectOf, fullPathOf, type Operation, takesIdempotencyKey } from '../operation.ts';
import { PROBLEMS, type ProblemCode } from '../problem.ts';
import { FIXED_SCHEMAS } from './fixed-schemas.ts';
import { type JsonSchema, SchemaBook } from './json-schema.ts';

type Json = Readonly<Record<string, unknown>>;

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: Json;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly securitySchemes: Json };
  readonly [section: string]: unknown;
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly 'x-roles'?: readonly string[];
  readonly [field: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly description?: string;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

export function openApiDocument(catalogue: readonly Operation[], version: string): OpenApiDocument {
  const book = new SchemaBook();
  const paths: Record<string, Record<string, DescribedOperation>> = {};
  for (const operation of catalogue) {
    const path = fullPathOf(operation);
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation, book) };
  }
  const tags = [...new Set(catalogue.map(({ tag }) => tag))].map((name) => ({ name }));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Shoal',
      version,
      summary: 'Real-time customer segmentation',
      description:
        'Shaped as Adobe’s published Segmentation Service API, so that clients written for it work by changing the host. ' +
        'Errors are listed in docs/errors.md.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags,
    paths,
    components: {
      schemas: { ...book.components, ...FIXED_SCHEMAS },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        writeKey: { type: 'http', scheme: 'basic', description: 'A write key as user name, without a password.' },
      },
    },
  };
}

const SECURITY = { token: [{ token: [] }], 'write-key': [{ writeKey: [] }], public: [] } as const;

function describe(operation: Operation, book: SchemaBook): DescribedOperation {
  const { id, tag, summary, description, roles, access = 'token' } = operation;
  const body = operation.body && book.schemaOf(operation.body, 'input', `${nameOf(id)}Request`);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: SECURITY[access],
    ...(access === 'token' ? { 'x-roles': roles, 'x-effect': effectOf(operation) } : {}),
    parameters: parametersOf(operation, book),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: { ...successes(operation, book), ...failures(operation) },
  };
}

const nameOf = (id: string) => `${id[0]?.toUpperCase()}${id.slice(1)}`;

function parametersOf(operation: Operation, book: SchemaBook): Parameter[] {
  const path = [...operation.path.matchAll(/\{(\w+)\}/g)].map(
    ([, name = '']): Parameter => ({ name, in: 'path', required: true, schema: { type: 'string' } }),
  );
  return [...path, ...queryParameters(operation.query, book, operation.id), ...headerParameters(operation)];
}

function queryParameters(query: z.ZodType | undefined, book: SchemaBook, id: string): Parameter[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = book.schemaOf(query, 'input', `${nameOf(id)}Query`);
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: (required as string[]).includes(name),
    ...(description === undefined ? {} : { description: String(description) }),
    schema,
  }));
}

function headerParameters(operation: Operation): Parameter[] {
  if ((operation.access ?? 'token') !== 'token') return [];
  const header = (name: string, description: string, schema: JsonSchema = { type: 'string' }): Parameter => ({
    name,
    in: 'header',
    required: false,
    description,
    schema,
  });
  return [
    header('x-sandbox-name', 'The tenant partition; one that the token opens.', { type: 'string', default: 'prod' }),
    header('x-request-id', 'Answered as it was sent.'),
    ...(takesIfMatch(operation)
      ? [header('If-Match', 'The entity tag of what is about to be changed; else 412.')]
      : []),
    ...(takesIdempotencyKey(operation)
      ? [header('Idempotency-Key', 'A repeated request of the same key is answered as the first was, for a day.')]
      : []),
  ];
}

function successes({ id, responses, ifMatch }: Operation, book: SchemaBook) {
  const headers = ifMatch && { headers: { ETag: { schema: { type: 'string' } } } };
  return Object.fromEntries(
    Object.entries(responses).map(([status, schema]) => {
      if (schema === null) return [status, { description: 'Done' }];
      const described = book.schemaOf(schema, 'output', `${nameOf(id)}Answer${status}`);
      return [status, { description: 'Done', ...headers, content: { 'application/json': { schema: described } } }];
    }),
  );
}

/** A read has the entity tag, and no use for a condition. */
const takesIfMatch = ({ method, ifMatch }: Operation) => ifMatch === true && method !== 'GET';

/** What any operation may answer, for what it takes. */
export function problemsOf(operation: Operation): readonly ProblemCode[] {
  const { access = 'token', body, query, problems } = operation;
  if (access === 'public') return [...problems, 'unexpected'];
  const parsed: ProblemCode[] = body || query || access === 'token' ? ['invalid-request'] : [];
  const sent: ProblemCode[] = body ? ['too-large', 'unsupported-media-type'] : [];
  const asked: ProblemCode[] = access === 'token' ? ['sandbox-forbidden', 'role-forbidden', 'scope-forbidden'] : [];
  const guarded: ProblemCode[] = takesIfMatch(operation) ? ['precondition-failed'] : [];
  const keyed: ProblemCode[] = takesIdempotencyKey(operation) ? ['idempotency-key-reused', 'conflict'] : [];
  const all = [...parsed, 'unauthorized', ...asked, ...sent, ...guarded, ...keyed, ...problems] as ProblemCode[];
  return [...new Set<ProblemCode>([...all, 'unavailable', 'unexpected'])];
}

function failures(operation: Operation) {
  const byStatus = Map.groupBy(problemsOf(operation), (code) => PROBLEMS[code][0]);
  const described = [...byStatus].map(([status, codes]) => [
    String(status),
    {
      description: codes.map((code) => `${code}: ${PROBLEMS[code][1]}`).join('; '),
      content: bodyOf(status, operation),
    },
  ]);
  const throttled = { description: 'Too many requests: send it again later', content: GATEWAY };
  return Object.fromEntries([...described, ['429', throttled]]);
}

const PROBLEM: Content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
/** What API Gateway refuses by itself never reaches a function, and has its own shape. */
const GATEWAY: Content = { 'application/json': { schema: { $ref: '#/components/schemas/GatewayMessage' } } };

const bodyOf = (status: number, { access = 'token' }: Operation) =>
  status === 401 && access === 'token' ? GATEWAY : PROBLEM;
