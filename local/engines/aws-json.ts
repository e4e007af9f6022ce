/**
 * AWS's JSON protocol (`application/x-amz-json-1.0` and `-1.1`), server side: the operation's name in `x-amz-target`,
 * errors as `__type` with status 400. Signatures are not checked: every local client is trusted.
 */
import type { EngineRequest, EngineResponse } from './listener.ts';

/** An answer the protocol calls an error; `type` is the exception's name in the service's own API. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

export type Input = Readonly<Record<string, unknown>>;
export type Operation = (input: Input) => unknown;
/** Operations by name, of one service. */
export type Operations = ReadonlyMap<string, Operation>;

export async function answerJson(operations: Operations, request: EngineRequest): Promise<EngineResponse> {
  const contentType = request.headers['content-type'] ?? 'application/x-amz-json-1.1';
  try {
    if (!contentType.startsWith('application/x-amz-json-')) {
      throw new AwsError('SerializationException', `this engine speaks application/x-amz-json-1.1, not ${contentType}`);
    }
    const [, name = ''] = (request.headers['x-amz-target'] ?? '').split('.');
    const operation = operations.get(name);
    if (!operation) throw new AwsError('UnknownOperationException', `this engine has no operation ${name}`);
    const output = await operation(parseInput(request.body));
    return { status: 200, headers: { 'content-type': contentType }, body: JSON.stringify(output ?? {}) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const body = JSON.stringify({ __type: error.type, message: error.message });
    return { status: error.status, headers: { 'content-type': contentType, 'x-amzn-errortype': error.type }, body };
  }
}

function parseInput(body: Buffer): Input {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8')) as Input;
  } catch {
    throw new AwsError('SerializationException', 'the request body is not JSON');
  }
}

export function optionalString(input: Input, field: string): string | undefined {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError('SerializationException', `${field} must be a string`);
  return value;
}

export function requiredString(input: Input, field: string): string {
  const value = optionalString(input, field);
  if (value === undefined) throw new AwsError('ValidationException', `${field} is required`);
  return value;
}

export function optionalInteger(input: Input, field: string): number | undefined {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (!Number.isInteger(value)) throw new AwsError('SerializationException', `${field} must be an integer`);
  return value as number;
}
