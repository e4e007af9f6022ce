/** Operations that are known only when the command is typed: what they take is read from what they declare. */
import type { Operation } from '#shared/api/operation.ts';
import type { ApiClient } from '#shared/client/api-client.ts';
import { json } from './json-text.ts';
import { type Shell, text, textOrInput, UsageError } from './shell.ts';

export interface AnyInput {
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** The service holds what is sent to its schemas. */
export const callAny = async (api: ApiClient, operation: Operation, input: AnyInput): Promise<unknown> =>
  (await api.call(operation, input as never)).body;

export const pathParametersOf = ({ path }: Pick<Operation, 'path'>): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);

/** What `--body` stands for: JSON itself, a file, or standard input. */
export async function bodyOf(shell: Shell): Promise<unknown> {
  const given = text(shell, 'body');
  if (given === undefined) return undefined;
  if (/^\s*[[{]/.test(given)) return json(given, '--body');
  const content = given === '-' ? await textOrInput('-', shell) : shell.files.read(given);
  if (content === undefined) throw new UsageError(`--body ${given}: there is no such file`);
  return json(content, given);
}
