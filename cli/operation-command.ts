/**
 * A command that is an operation of the catalogue: its summary, its arguments (the parameters of the path), its options (the
 * query, and the fields of the body that are texts, numbers or switches) come from what the operation declares.
 */
import * as z from 'zod';
import { type Operation, takesIdempotencyKey } from '#shared/api/operation.ts';
import { bodyOf, callAny, pathParametersOf } from './any-operation.ts';
import { type Command, type OptionDeclaration, type Options, type Shell, text, texts, UsageError } from './shell.ts';
import { type Cell, facts, instant, table } from './table.ts';

interface OperationCommand {
  readonly name: string;
  readonly operation: Operation;
  /** What a person calls the parameters of its path, in their order. */
  readonly takes?: readonly string[];
  /** Of a list: paths into each entry. Of one thing: those of it that are shown first. */
  readonly columns?: readonly string[];
}

interface Field {
  readonly type: 'text' | 'number' | 'boolean' | 'texts';
}

type Fields = ReadonlyMap<string, Field>;

export function operationCommand({ name, operation, takes, columns }: OperationCommand): Command {
  const query = fieldsOf(operation.query);
  const body = fieldsOf(operation.body);
  return {
    name,
    summary: operation.summary,
    takes: takes ?? pathParametersOf(operation),
    options: { ...optionsOf(query), ...optionsOf(body), ...bodyOptions(operation), ...conditions(operation) },
    run: async (shell) => {
      const answer = await callAny(shell.api, operation, {
        pathParameters: argumentsOf(operation, shell),
        query: given(query, shell.options, String) as Record<string, string>,
        ...(operation.body === undefined ? {} : { body: await wholeBody(operation, body, shell) }),
        ifMatch: text(shell, 'if-match'),
        idempotencyKey: text(shell, 'idempotency-key'),
      });
      shell.answer(answer ?? {}, () => shown(answer, columns));
      return 0;
    },
  };
}

const argumentsOf = (operation: Operation, shell: Shell) =>
  Object.fromEntries(pathParametersOf(operation).map((name, index) => [name, shell.arguments[index] as string]));

interface Described {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
}

const describe = (schema: z.ZodType | undefined): Described =>
  schema === undefined ? {} : (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Described);

/** What can be typed as an option. All else goes by --set or --body. */
function fieldsOf(schema: z.ZodType | undefined): Fields {
  const found = Object.entries(describe(schema).properties ?? {}).flatMap(([name, described]): [string, Field][] => {
    const type = TYPES[described.type ?? ''];
    if (type !== undefined) return [[name, { type }]];
    return described.type === 'array' && described.items?.type === 'string' ? [[name, { type: 'texts' }]] : [];
  });
  return new Map(found);
}

const TYPES: Readonly<Record<string, Field['type']>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
};

const optionsOf = (fields: Fields): Record<string, OptionDeclaration> =>
  Object.fromEntries(
    [...fields].map(([name, { type }]) => {
      const multiple = type === 'texts';
      const value = type === 'boolean' ? 'true|false' : type === 'number' ? 'N' : 'TEXT';
      return [
        name,
        { type: 'string', multiple, value, says: multiple ? 'may be given several times' : `${name} is so` },
      ];
    }),
  );

const isPatch = (operation: Operation) => describe(operation.body).type === 'array';

function bodyOptions(operation: Operation): Record<string, OptionDeclaration> {
  if (operation.body === undefined) return {};
  const set = isPatch(operation) ? 'makes what is at the path so' : 'a field by its path, as properties.segments';
  return {
    set: { type: 'string', multiple: true, value: 'PATH=VALUE', says: `${set}; JSON, or else text` },
    body: { type: 'string', value: 'FILE', says: 'a file with the body, - for standard input, or JSON itself' },
  };
}

const conditions = (operation: Operation): Record<string, OptionDeclaration> => ({
  ...(operation.ifMatch && operation.method !== 'GET'
    ? { 'if-match': { type: 'string', value: 'ETAG', says: 'make the change only if it still has this entity tag' } }
    : {}),
  ...(takesIdempotencyKey(operation)
    ? { 'idempotency-key': { type: 'string', value: 'KEY', says: 'do it once, however often it is sent' } }
    : {}),
});

function given(
  fields: Fields,
  options: Options,
  as: (value: string, name: string) => unknown,
): Record<string, unknown> {
  const values = [...fields.keys()].filter((name) => options[name] !== undefined);
  return Object.fromEntries(
    values.map((name) => {
      const value = options[name];
      return [name, Array.isArray(value) ? value : as(String(value), name)];
    }),
  );
}

async function wholeBody(operation: Operation, fields: Fields, shell: Shell): Promise<unknown> {
  const base = await bodyOf(shell);
  const settings = texts(shell, 'set').map(settingOf);
  if (isPatch(operation)) {
    const operations = settings.map(([path, value]) => ({ op: 'add', path: `/${path.join('/')}`, value }));
    return [...(Array.isArray(base) ? base : []), ...operations];
  }
  const typed = given(fields, shell.options, (value, name) => typedValue(value, name, fields));
  const body = { ...(base as object | undefined), ...typed };
  for (const [path, value] of settings) put(body, path, value);
  return body;
}

function typedValue(value: string, name: string, fields: Fields): unknown {
  const type = fields.get(name)?.type;
  if (type === 'number' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  if (type === 'number' || type === 'boolean') throw new UsageError(`--${name} ${value}: it takes a ${type}`);
  return value;
}

function settingOf(text: string): readonly [readonly string[], unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--set ${text}: write PATH=VALUE`);
  const value = text.slice(at + 1);
  return [text.slice(0, at).split('.'), /^\s*(?:[[{"]|-?\d|true$|false$|null$)/.test(value) ? parsed(value) : value];
}

/** What only looks like JSON is text. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

function put(body: object, [name = '', ...inner]: readonly string[], value: unknown): void {
  const holder = body as Record<string, unknown>;
  if (inner.length === 0) Object.defineProperty(holder, name, { value, ...OWN });
  else {
    const known = Object.hasOwn(holder, name) ? holder[name] : undefined;
    const next = typeof known === 'object' && known !== null ? known : {};
    Object.defineProperty(holder, name, { value: next, ...OWN });
    put(next, inner, value);
  }
}

/** A path may name `__proto__`: it is a field like any other. */
const OWN = { enumerable: true, configurable: true, writable: true } as const;

function shown(answer: unknown, columns: readonly string[] = []): string {
  if (answer === undefined) return 'done';
  const list = Object.values(answer as object).find(Array.isArray) as readonly object[] | undefined;
  if (list !== undefined && columns.length > 0) {
    return table(
      columns.map((path) => path.split('.').at(-1) ?? path),
      list.map((entry) => columns.map((path) => cellAt(entry, path))),
    );
  }
  return facts(leavesOf(answer as object));
}

const MOMENTS = /Time$/;

function cellOf(value: unknown, name: string): Cell {
  if (typeof value === 'number') return MOMENTS.test(name) ? instant(value) : value;
  if (value === undefined || value === null || typeof value === 'string') return value;
  return JSON.stringify(value);
}

function cellAt(entry: object, path: string): Cell {
  const names = path.split('.');
  const value = names.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], entry);
  return cellOf(value, names.at(-1) ?? '');
}

const leavesOf = (answer: object) =>
  Object.entries(answer).map(([name, value]) => [name, cellOf(value, name)] as const);
