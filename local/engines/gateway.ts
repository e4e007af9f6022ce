/**
 * The one port behind which all engines but DynamoDB stand: JSON services by the target that every request names, others
 * by the service that its signature is for, S3 by path for the rest, and below `/_local/` what AWS doesn't have.
 */
import { answerJson, type Operations } from './aws-json.ts';
import type { Answer, EngineRequest, EngineResponse } from './listener.ts';

/** Answers below `/_local/`, by method and first part of the path: `GET progress`. */
export type LocalAnswers = ReadonlyMap<string, (rest: string, request: EngineRequest) => unknown>;

export interface GatewaySettings {
  /** By what stands before the dot in `x-amz-target`. */
  readonly services: ReadonlyMap<string, Operations>;
  /** By the service's name in a request's signature. */
  readonly signed: ReadonlyMap<string, Answer>;
  readonly s3: Answer;
  readonly local: LocalAnswers;
}

const LOCAL_PATH = '/_local/';
const NO_OPERATIONS: Operations = new Map();

export function gateway({ services, signed, s3, local }: GatewaySettings): Answer {
  return async (request) => {
    const target = request.headers['x-amz-target'];
    if (target !== undefined) return answerJson(services.get(target.split('.')[0] ?? '') ?? NO_OPERATIONS, request);
    if (request.url.startsWith(LOCAL_PATH)) return answerLocal(local, request);
    const service = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
    return (signed.get(service ?? '') ?? s3)(request);
  };
}

async function answerLocal(local: LocalAnswers, request: EngineRequest): Promise<EngineResponse> {
  const [path = ''] = request.url.slice(LOCAL_PATH.length).split('?');
  const [first = '', ...rest] = path.split('/');
  const answer = local.get(`${request.method} ${first}`);
  const headers = { 'content-type': 'application/json' };
  if (!answer) return { status: 404, headers, body: JSON.stringify({ message: `nothing at ${request.url}` }) };
  try {
    const body = JSON.stringify(await answer(rest.map(decodeURIComponent).join('/'), request));
    return { status: 200, headers, body };
  } catch (error) {
    return { status: 400, headers, body: JSON.stringify({ message: (error as Error).message }) };
  }
}
