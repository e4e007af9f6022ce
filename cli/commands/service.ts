/** Any operation by its id, and who calls whom. */
import { CATALOGUE } from '#shared/api/catalogue.ts';
import { fullPathOf, type Operation } from '#shared/api/operation.ts';
import { getPermissions } from '#shared/api/operations/governance.ts';
import { type AnyInput, bodyOf, callAny, pathParametersOf } from '../any-operation.ts';
import { loginFile } from '../settings.ts';
import { type Command, CommandFailure, text, textOrInput, texts, UsageError } from '../shell.ts';
import { facts, table } from '../table.ts';

const call: Command = {
  name: 'call',
  summary: 'Calls any operation of the API by its id, and shows the answer as JSON',
  takes: ['operation'],
  options: {
    param: { type: 'string', multiple: true, value: 'NAME=VALUE', says: 'a parameter of the path or the query' },
    body: { type: 'string', value: 'FILE', says: 'a file with the body, - for standard input, or JSON itself' },
    'if-match': { type: 'string', value: 'ETAG', says: 'make the change only if it still has this entity tag' },
    'idempotency-key': { type: 'string', value: 'KEY', says: 'do it once, however often it is sent' },
  },
  more: '`shoal operations` lists them.',
  run: async (shell) => {
    const operation = CATALOGUE.find(({ id }) => id === shell.arguments[0]);
    if (operation === undefined) throw new UsageError(unknownOperation(shell.arguments[0] as string));
    const body = await bodyOf(shell);
    const answer = await callAny(shell.api, operation, {
      ...parametersOf(operation, texts(shell, 'param')),
      ...(body === undefined ? {} : { body }),
      ifMatch: text(shell, 'if-match'),
      idempotencyKey: text(shell, 'idempotency-key'),
    });
    if (answer !== undefined) shell.print(`${JSON.stringify(answer, undefined, 2)}\n`);
    return 0;
  },
};

export function parametersOf(
  { path }: Operation,
  given: readonly string[],
): Pick<AnyInput, 'pathParameters' | 'query'> {
  const values = given.map((each) => {
    const at = each.indexOf('=');
    if (at < 1) throw new UsageError(`--param ${each}: write NAME=VALUE`);
    return [each.slice(0, at), each.slice(at + 1)] as const;
  });
  const wanted = pathParametersOf({ path });
  const missing = wanted.filter((name) => !values.some(([known]) => known === name));
  if (missing.length > 0) throw new UsageError(`${path} needs --param ${missing[0]}=VALUE`);
  const isOfPath = ([name]: readonly [string, string]) => wanted.includes(name);
  return {
    pathParameters: Object.fromEntries(values.filter(isOfPath)),
    query: Object.fromEntries(values.filter((each) => !isOfPath(each))),
  };
}

function unknownOperation(given: string): string {
  const like = CATALOGUE.filter(({ id }) => id.toLowerCase().includes(given.toLowerCase())).map(({ id }) => id);
  return `The API has no operation ${given}.${like.length > 0 ? ` Is one of these meant: ${like.join(', ')}?` : ''}`;
}

const operations: Command = {
  name: 'operations',
  summary: 'Lists the operations of the API',
  takes: ['[words]'],
  isLocal: true,
  run: async (shell) => {
    const words = (shell.arguments[0] ?? '').toLowerCase().split(/\s+/);
    const listed = CATALOGUE.filter(({ id, path, tag, summary }) => {
      const searched = `${id} ${path} ${tag} ${summary}`.toLowerCase();
      return words.every((word) => searched.includes(word));
    });
    const rows = listed.map((each) => [each.id, each.method, fullPathOf(each), each.summary] as const);
    const value = listed.map(({ id, method, summary, roles, ...each }) => ({
      id,
      method,
      path: fullPathOf(each as Operation),
      summary,
      roles,
    }));
    shell.answer(value, () => table(['operation', 'method', 'path', 'summary'], rows));
    return 0;
  },
};

const login: Command = {
  name: 'login',
  summary: 'Keeps the address of a service and a token for the next calls',
  more: 'Give --url, and the token by --token or on standard input. Both are tried before they are kept.',
  run: async (shell) => {
    const url = text(shell, 'url') ?? shell.env.SHOAL_URL;
    if (url === undefined) throw new UsageError('Give the address of the service: --url https://…');
    const token = shell.settings.token ?? (await textOrInput('-', shell)).trim();
    if (token === '') throw new UsageError('Give the token: --token, or on standard input.');
    const kept = { url: shell.settings.url, token, sandbox: shell.settings.sandbox };
    const { body } = await shell.connect(kept).call(getPermissions, {});
    shell.files.writePrivate(loginFile(shell.env), `${JSON.stringify(kept, undefined, 2)}\n`);
    shell.answer(
      { url: kept.url, operations: body.operations.length },
      () => `${kept.url}: ${body.operations.length} operations are open to you`,
    );
    return 0;
  },
};

const logout: Command = {
  name: 'logout',
  summary: 'Forgets what login kept',
  isLocal: true,
  run: async (shell) => {
    shell.files.remove(loginFile(shell.env));
    shell.answer({}, () => 'forgotten');
    return 0;
  },
};

const config: Command = {
  name: 'config',
  summary: 'Shows which service is asked, and where that is known from',
  isLocal: true,
  run: async (shell) => {
    const { url, token, sandbox = 'prod', sources } = shell.settings;
    const known = token === undefined ? 'none' : `${token.length} characters`;
    shell.answer({ url, sandbox, hasToken: token !== undefined, sources }, () =>
      table(
        ['setting', 'value', 'from'],
        [
          ['url', url, sources.url],
          ['token', known, sources.token],
          ['sandbox', sandbox, sources.sandbox],
        ],
      ),
    );
    if (url === undefined)
      throw new CommandFailure('No service is known: run npm start here, log in, or set SHOAL_URL and SHOAL_TOKEN.');
    return 0;
  },
};

const permissions: Command = {
  name: 'permissions',
  summary: 'Says who you are to the service, and what you may do',
  run: async (shell) => {
    const { body } = await shell.api.call(getPermissions, {});
    shell.answer(body, () =>
      facts(Object.entries(body).map(([name, value]) => [name, [value].flat().join(', ')] as const)),
    );
    return 0;
  },
};

export const serviceCommands = [call, operations, login, logout, config, permissions] as const;
