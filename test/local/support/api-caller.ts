/** Calls operations of a running service by their description, well-formed or not. */
import { fullPathOf, type Operation } from '#shared/api/operation.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** `undefined` where the text is no JSON. */
  readonly body: unknown;
}

export interface ApiCall {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>> | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly sandbox?: string;
  /** `null` sends none. */
  readonly token?: string | null;
}

export type CallOperation = (operation: Operation, call?: ApiCall) => Promise<ApiAnswer>;

export function callerOf({ apiUrl, token: usual }: { readonly apiUrl: string; readonly token: string }): CallOperation {
  return async (operation, { parameters = {}, query = {}, headers = {}, body, sandbox, token = usual } = {}) => {
    const path = fullPathOf(operation).replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(parameters[name] ?? UNKNOWN_ID),
    );
    const search = typeof query === 'string' ? query : String(new URLSearchParams(query));
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${apiUrl}${path}${search === '' ? '' : `?${search}`}`, {
      method: operation.method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(sandbox === undefined ? {} : { 'x-sandbox-name': sandbox }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: (isRaw ? body : JSON.stringify(body)) as string }),
    });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type') ?? '', text, body: parse(text) };
  };
}

/** Nobody has it. */
export const UNKNOWN_ID = '99999999-9999-4999-8999-999999999999';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Asks the local issuer, as nobody could ask a real one. */
export async function tokenFor(
  tokenUrl: string,
  roles: readonly string[],
  sandboxes = ['prod', 'dev'],
): Promise<string> {
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    body: JSON.stringify({ subject: `a ${roles.join(' and ') || 'somebody'}`, roles, sandboxes }),
  });
  return ((await answer.json()) as { token: string }).token;
}
