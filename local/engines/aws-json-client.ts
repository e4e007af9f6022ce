/**
 * Calls to an engine in AWS's JSON protocol without an SDK client: the runner starts faster, and images stay in the
 * DynamoDB-JSON that Lambda's events carry.
 */
import http from 'node:http';
import { LOCAL_CREDENTIALS, REGION } from '../aws-account.ts';
import { AwsError } from './aws-json.ts';

export type Call = <Output>(operation: string, input: object) => Promise<Output>;

const agent = new http.Agent({ keepAlive: true });

/** Engines that look at the signature look only at its form. */
const AUTHORIZATION =
  `AWS4-HMAC-SHA256 Credential=${LOCAL_CREDENTIALS.AWS_ACCESS_KEY_ID}/20200101/${REGION}/dynamodb/aws4_request, ` +
  'SignedHeaders=host, Signature=0';

/** `service` is what stands before the operation's name in `x-amz-target`. */
export function callerOf(endpoint: string, service: string): Call {
  return async <Output>(operation: string, input: object) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${service}.${operation}`,
      'x-amz-date': '20200101T000000Z',
      authorization: AUTHORIZATION,
    };
    const { status, body } = await post(endpoint, headers, JSON.stringify(input));
    const answer = JSON.parse(body || '{}') as Output & { __type?: string; message?: string; Message?: string };
    if (status === 200) return answer;
    const type = answer.__type?.split('#').at(-1) ?? 'UnknownError';
    throw new AwsError(type, `${operation}: ${answer.message ?? answer.Message ?? body}`, status);
  };
}

function post(endpoint: string, headers: http.OutgoingHttpHeaders, body: string) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const request = http.request(endpoint, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
