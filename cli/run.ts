/** From a command line to an exit code. */
import { parseArgs } from 'node:util';
import { type ApiClient, createClient } from '#shared/client/api-client.ts';
import { ApiError } from '#shared/client/api-error.ts';
import { COMMANDS } from './commands.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { helpOf, overview, usageOf } from './help.ts';
import { problemText } from './problems.ts';
import { readSettings, type Settings } from './settings.ts';
import { type Command, CommandFailure, type Options, type Outside, type Shell, UsageError } from './shell.ts';

export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;

export async function run(given: readonly string[], outside: Outside): Promise<number> {
  const sent: Sent = {};
  try {
    return await runCommand(given, outside, sent);
  } catch (error) {
    return tell(error, outside, sent);
  }
}

/** The expression of the last request, to show the place of a mistake in it. */
interface Sent {
  expression?: string | undefined;
}

async function runCommand(given: readonly string[], outside: Outside, sent: Sent): Promise<number> {
  const command = COMMANDS.find(({ name }) => startsWith(given, name.split(' ')));
  if (command === undefined) return showOverview(given, outside);
  const { values, positionals } = parse(command, given.slice(command.name.split(' ').length));
  if (values.help === true) {
    outside.print(`${helpOf(command)}\n`);
    return EXIT.done;
  }
  requireArguments(command, positionals);
  const shell = shellOf(outside, values, positionals, sent);
  return (await command.run(shell)) ?? EXIT.done;
}

const startsWith = (given: readonly string[], words: readonly string[]) =>
  words.every((word, index) => given[index] === word);

function showOverview([first, second]: readonly string[], { print }: Outside): number {
  const isHelp = (word: string | undefined) => word === undefined || ['help', '--help', '-h'].includes(word);
  const isGroup = COMMANDS.some(({ name }) => name.startsWith(`${first} `));
  if (isHelp(first)) print(`${overview(isHelp(second) ? undefined : second)}\n`);
  else if (isGroup && isHelp(second)) print(`${overview(first)}\n`);
  else
    throw new UsageError(
      `There is no command ${isGroup ? `${first} ${second}` : first}.\n\n${overview(isGroup ? first : undefined)}`,
    );
  return first === undefined || (isGroup && second === undefined) ? EXIT.usage : EXIT.done;
}

function parse(command: Command, args: readonly string[]) {
  const declared = Object.entries({ ...command.options, ...COMMON_OPTIONS });
  const options = Object.fromEntries(
    declared.map(([name, { type, ...more }]) => {
      const { multiple = false, short } = more as { multiple?: boolean; short?: string };
      return [name, { type, multiple, ...(short === undefined ? {} : { short }) }];
    }),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true }) as {
      readonly values: Options;
      readonly positionals: string[];
    };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nusage: ${usageOf(command)}`);
  }
}

function requireArguments(command: Command, { length }: readonly string[]): void {
  const { takes = [] } = command;
  const least = takes.filter((each) => !each.startsWith('[')).length;
  const most = takes.some((each) => each.includes('…')) ? Number.POSITIVE_INFINITY : takes.length;
  if (length >= least && length <= most) return;
  throw new UsageError(
    `${length < least ? `${takes[length]} is missing` : 'Too many arguments: texts with spaces stand in quotation marks'}.\nusage: ${usageOf(command)}`,
  );
}

function shellOf(outside: Outside, options: Options, positionals: readonly string[], sent: Sent): Shell {
  const named = options as { readonly url?: string; readonly token?: string; readonly sandbox?: string };
  const settings = readSettings(named, outside.env, outside.files);
  const connect = (to: Pick<Settings, 'url' | 'token' | 'sandbox'>) => connection(to, outside, sent);
  return {
    ...outside,
    settings,
    options,
    arguments: positionals,
    connect,
    // Asked for only by commands that need the service.
    get api() {
      return connect(settings);
    },
    answer: (value, forPeople) => {
      outside.print(`${options.json === true ? JSON.stringify(value, undefined, 2) : forPeople()}\n`);
    },
  };
}

const NOWHERE =
  'No service is known: run npm start here, log in (shoal login --url …), or set SHOAL_URL and SHOAL_TOKEN.';
const PAUSE_MS = 200;

function connection(
  { url, token, sandbox }: Pick<Settings, 'url' | 'token' | 'sandbox'>,
  outside: Outside,
  sent: Sent,
): ApiClient {
  if (url === undefined) throw new UsageError(NOWHERE);
  if (!URL.canParse(url)) throw new UsageError(`${url} is no address of a service: it begins with https://`);
  return createClient({
    baseUrl: url,
    ...(token === undefined ? {} : { token }),
    ...(sandbox === undefined ? {} : { sandbox }),
    fetch: (address, init) => {
      sent.expression = expressionIn(init?.body);
      return outside.fetch(address, { ...init, signal: init?.signal ?? outside.stopped });
    },
    pause: (attempt) => outside.sleep(PAUSE_MS * 2 ** attempt),
  });
}

function expressionIn(body: unknown): string | undefined {
  if (typeof body !== 'string') return undefined;
  const { expression, predicateExpression } = JSON.parse(body) as {
    readonly expression?: { readonly format?: string; readonly value?: string };
    readonly predicateExpression?: string;
  };
  return expression?.format === 'pql/text' ? expression.value : predicateExpression;
}

function tell(error: unknown, { printError, stopped }: Outside, { expression }: Sent): number {
  if (stopped.aborted) return EXIT.done;
  if (error instanceof UsageError) {
    printError(`${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof CommandFailure) printError(`${error.message}\n`);
  else if (error instanceof ApiError) printError(`${problemText(error, expression)}\n`);
  else if (error instanceof TypeError && 'cause' in error) {
    printError(`The service does not answer: ${causeOf(error)}\n`);
    return EXIT.unreachable;
  } else throw error;
  return EXIT.refused;
}

/** `fetch` says only that it failed. */
function causeOf({ cause, message }: Error): string {
  const { code, message: reason } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  return reason || code || message;
}
