import { type ProblemBody, problemOfGateway } from '#shared/api/problem.ts';

/** What the service answered instead of a success: a problem in full, also where API Gateway refused by itself. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Stable: decide by it. */
  readonly code: string;
  readonly problem: ProblemBody;

  constructor(problem: ProblemBody, operation: string) {
    super(`${operation}: ${problem.detail}`);
    this.status = problem.status;
    this.code = problem.type.replace('urn:shoal:problem:', '');
    this.problem = problem;
  }
}

export function toApiError(status: number, text: string, operation: string): ApiError {
  const body = parse(text);
  const isProblem = typeof body?.type === 'string' && typeof body.detail === 'string';
  return new ApiError(
    isProblem ? (body as unknown as ProblemBody) : problemOfGateway(status, String(body?.message ?? '')),
    operation,
  );
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : undefined;
  } catch {
    // A proxy's page: its status says enough.
    return undefined;
  }
}
