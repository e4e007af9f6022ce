/**
 * One operation of the HTTP API, said once: the route that infra creates, the roles that may call it, the schemas that
 * its request is held to at run time and that the OpenAPI document and the client are made of.
 */
import type * as z from 'zod';
import type { ProblemCode } from './problem.ts';

export const BASE_PATH = '/data/core/ups';

export const ROLES = ['viewer', 'author', 'publisher', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Everybody whom the sandbox is open to. */
export const READERS = ROLES;
/** Who may write drafts. */
export const AUTHORS = ['author', 'publisher', 'admin'] as const satisfies readonly Role[];
/** Who may change what is live. */
export const PUBLISHERS = ['publisher', 'admin'] as const satisfies readonly Role[];
export const OPERATORS = ['operator', 'admin'] as const satisfies readonly Role[];
export const ADMINS = ['admin'] as const satisfies readonly Role[];
/** Who may send data: everybody but those who only look. */
export const SENDERS = ['author', 'publisher', 'operator', 'admin'] as const satisfies readonly Role[];

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** By status; `null` for an answer without a body. */
export type Responses = Readonly<Record<number, z.ZodType | null>>;

export type Effect = 'nothing' | 'data' | 'settings';

export interface Operation {
  /** Unique in the API: the method of the client, and `operationId` of the document. */
  readonly id: string;
  readonly method: Method;
  /** Below the base path, parameters in braces. */
  readonly path: string;
  /** `/data/core/ups` unless it says otherwise. */
  readonly basePath?: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Any of them is enough. */
  readonly roles: readonly Role[];
  /** What lets a caller in: a token, unless it says otherwise. Whoever says otherwise checks for itself. */
  readonly access?: 'token' | 'write-key' | 'public';
  /**
   * What is different afterwards: `nothing`, `data` (events: each known by its id), or `settings`. A change of settings is
   * written to the audit trail, and a POST of one honours `Idempotency-Key`. GET changes nothing; the rest says so or
   * changes settings.
   */
  readonly effect?: Effect;
  /** Its answer has an entity tag, and it takes `If-Match`. */
  readonly ifMatch?: true;
  /** Its answer holds what must not be kept: a repeated `Idempotency-Key` is told that it was done, and no more. */
  readonly secretAnswer?: true;
  /** One call of it reads much of the table, so the stage lets fewer of it through than of all else. */
  readonly isHeavy?: true;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly responses: Responses;
  /** What it may answer besides what every operation may (see COMMON_PROBLEMS). */
  readonly problems: readonly ProblemCode[];
}

/** Checked here once, so that a list of operations can be trusted. */
export function defineOperation<const Declared extends Operation>(operation: Declared): Declared {
  return operation;
}

/** `{id}` of a path as fields of an object. */
export type PathParameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & PathParameters<Rest>
  : unknown;

export type QueryOf<Declared extends Operation> = Declared extends { readonly query: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : Readonly<Record<string, never>>;

export type BodyOf<Declared extends Operation> = Declared extends { readonly body: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

type RoutedOperation = Pick<Operation, 'method' | 'path' | 'basePath'>;

type EffectiveOperation = Pick<Operation, 'method' | 'effect'>;

export const effectOf = ({ method, effect }: EffectiveOperation): Effect =>
  effect ?? (method === 'GET' ? 'nothing' : 'settings');

/** Repeating one of these by accident would do its work twice. */
export const takesIdempotencyKey = (operation: EffectiveOperation): boolean =>
  operation.method === 'POST' && effectOf(operation) === 'settings';

/** With the base path, as a route of the API is declared. */
export const fullPathOf = ({ path, basePath = BASE_PATH }: RoutedOperation): string => `${basePath}${path}`;

/** `GET /data/core/ups/segment/definitions/{id}`: what API Gateway calls the route. */
export const routeKeyOf = (operation: RoutedOperation): string => `${operation.method} ${fullPathOf(operation)}`;
