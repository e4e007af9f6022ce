/**
 * What an API caller did wrong: thrown in the function, turned into `application/problem+json` (RFC 9457) by one
 * middleware. The body also carries what clients of the original API read: `errors` keyed by status, and `requestId`.
 */
import type { Diagnostic } from '#shared/pql/diagnostic.ts';

/** Stable: clients decide by it. The text may change, these may not. */
export const PROBLEMS = {
  'invalid-request': [400, 'The request is not valid'],
  'invalid-expression': [400, 'The expression is not valid PQL'],
  unauthorized: [401, 'A valid token is needed'],
  'sandbox-forbidden': [403, 'The token does not open this sandbox'],
  'role-forbidden': [403, 'The token has no role that may do this'],
  'scope-forbidden': [403, 'The token has no scope that may do this'],
  'not-found': [404, 'There is nothing at this address'],
  'method-not-allowed': [405, 'This address does not take this method'],
  conflict: [409, 'The change collides with another'],
  'in-use': [409, 'Others depend on it'],
  'precondition-failed': [412, 'It has changed since it was read'],
  'too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'The body must be JSON'],
  'name-in-use': [422, 'The name is taken'],
  'definition-loop': [422, 'The definition depends on itself'],
  'limit-reached': [422, 'A limit of the service is reached'],
  'field-restricted': [422, 'A field must not be used for this'],
  'idempotency-key-reused': [422, 'The Idempotency-Key was used for another request'],
  'too-many-requests': [429, 'Too many requests'],
  'too-many-jobs': [429, 'Too many jobs are under way'],
  unexpected: [500, 'Something went wrong on our side'],
  unavailable: [503, 'Not available at the moment'],
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** One mistake in the request's body or query: where, as a JSON pointer or a parameter's name, and what. */
export interface Mistake {
  readonly pointer: string;
  readonly message: string;
}

export interface ProblemDetails {
  readonly mistakes?: readonly Mistake[];
  readonly diagnostics?: readonly Diagnostic[];
}

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, detail: string, details: ProblemDetails = {}) {
    super(detail);
    this.code = code;
    this.status = PROBLEMS[code][0];
    this.details = details;
  }
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId: string;
  readonly errors: Readonly<Record<string, readonly { readonly code: string; readonly message: string }[]>>;
  readonly mistakes?: readonly Mistake[];
  readonly diagnostics?: readonly Diagnostic[];
}

export function problemBody({ code, status, message, details }: Problem, requestId: string): ProblemBody {
  return {
    type: `urn:shoal:problem:${code}`,
    title: PROBLEMS[code][1],
    status,
    detail: message,
    requestId,
    errors: { [status]: errorsOf(code, message, details) },
    ...details,
  };
}

const GATEWAY_CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  401: 'unauthorized',
  403: 'role-forbidden',
  404: 'not-found',
  413: 'too-large',
  429: 'too-many-requests',
  503: 'unavailable',
};

/** What API Gateway refused by itself, which no function saw, in the shape of all else. */
export function problemOfGateway(status: number, message: string): ProblemBody {
  const code = GATEWAY_CODES[status] ?? 'unexpected';
  const problem = problemBody(new Problem(code, message === '' ? PROBLEMS[code][1] : message), '');
  return { ...problem, status, errors: { [status]: problem.errors[problem.status] ?? [] } };
}

function errorsOf(code: string, message: string, { diagnostics = [], mistakes = [] }: ProblemDetails) {
  const each = [
    ...diagnostics.map((diagnostic) => ({ code: diagnostic.code as string, message: diagnostic.message })),
    ...mistakes.map((mistake) => ({ code, message: `${mistake.pointer}: ${mistake.message}` })),
  ];
  return each.length > 0 ? each : [{ code, message }];
}
