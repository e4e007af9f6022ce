/**
 * The API as typed calls, in a browser and in Node: what may be sent and what is answered follow from the operation, so
 * that the client and the service can't drift apart. Answers are not held to their schemas here: a newer service may add
 * fields.
 */
import type * as z from 'zod';
import { fullPathOf, type Operation, type PathParameters, takesIdempotencyKey } from '#shared/api/operation.ts';
import { ApiError, toApiError } from './api-error.ts';

export interface ClientSettings {
  /** Ends before `/data/core/ups`; empty for the page's own origin. */
  readonly baseUrl: string;
  /** Asked for before every request, so that it may be renewed. */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>);
  readonly sandbox?: string;
  readonly fetch?: typeof fetch;
  /** Waits before the given attempt, the second being 2. Without it nothing is tried again. */
  readonly pause?: (attempt: number) => Promise<void>;
}

type Parameters<Declared extends Operation> = Declared['path'] extends `${string}{${string}`
  ? { readonly pathParameters: PathParameters<Declared['path']> }
  : { readonly pathParameters?: undefined };

type Query<Declared extends Operation> = Declared extends { readonly query: infer Schema extends z.ZodType }
  ? { readonly query?: z.input<Schema> }
  : { readonly query?: undefined };

type Body<Declared extends Operation> = Declared extends { readonly body: infer Schema extends z.ZodType }
  ? { readonly body: z.input<Schema> }
  : { readonly body?: undefined };

export type CallInput<Declared extends Operation> = Parameters<Declared> &
  Query<Declared> &
  Body<Declared> & {
    /** The entity tag of what is about to be changed. */
    readonly ifMatch?: string | undefined;
    /** Makes a POST safe to send again. */
    readonly idempotencyKey?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  };

type BodyOf<Answer> = Answer extends z.ZodType ? z.output<Answer> : undefined;

export interface Answer<Declared extends Operation> {
  readonly status: number;
  readonly body: BodyOf<Declared['responses'][keyof Declared['responses']]>;
  readonly etag: string | undefined;
  readonly requestId: string | undefined;
}

export interface ApiClient {
  /** Rejects with an `ApiError` for whatever is no success. */
  call<Declared extends Operation>(operation: Declared, input: CallInput<Declared>): Promise<Answer<Declared>>;
}

interface AnyInput {
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

const ATTEMPTS_MAX = 4;
/** Refused before anything was done, or for want of room. */
const TEMPORARY = new Set([429, 502, 503, 504]);

export function createClient(settings: ClientSettings): ApiClient {
  const call = async (operation: Operation, input: AnyInput) => {
    const attempts = settings.pause !== undefined && isRepeatable(operation, input) ? ATTEMPTS_MAX : 1;
    for (let attempt = 1; ; attempt++) {
      if (attempt > 1) await settings.pause?.(attempt);
      try {
        return await send(operation, input, settings);
      } catch (error) {
        if (attempt >= attempts || !isTemporary(error)) throw error;
      }
    }
  };
  return { call: call as ApiClient['call'] };
}

/** What is done twice must be as if it were done once. */
const isRepeatable = (operation: Operation, { idempotencyKey }: AnyInput) =>
  operation.method !== 'POST' || !takesIdempotencyKey(operation) || idempotencyKey !== undefined;

/** `fetch` rejects with a TypeError when nothing answers. */
const isTemporary = (error: unknown) =>
  error instanceof ApiError ? TEMPORARY.has(error.status) : error instanceof TypeError;

async function send(operation: Operation, input: AnyInput, settings: ClientSettings) {
  const { fetch: ask = globalThis.fetch, baseUrl } = settings;
  const response = await ask(`${baseUrl}${addressOf(operation, input)}`, {
    method: operation.method,
    headers: await headersOf(input, settings),
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  });
  const text = await response.text();
  if (!response.ok) throw toApiError(response.status, text, operation.id);
  return {
    status: response.status,
    body: text === '' ? undefined : JSON.parse(text),
    etag: response.headers.get('etag') ?? undefined,
    requestId: response.headers.get('x-request-id') ?? undefined,
  };
}

function addressOf(operation: Operation, { pathParameters = {}, query = {} }: AnyInput): string {
  const path = fullPathOf(operation).replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(pathParameters[name] ?? ''),
  );
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
}

async function headersOf(
  { body, ifMatch, idempotencyKey }: AnyInput,
  { token, sandbox }: ClientSettings,
): Promise<Record<string, string>> {
  const known = typeof token === 'function' ? await token() : token;
  return {
    accept: 'application/json',
    ...(known === undefined ? {} : { authorization: `Bearer ${known}` }),
    ...(sandbox === undefined ? {} : { 'x-sandbox-name': sandbox }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
}
