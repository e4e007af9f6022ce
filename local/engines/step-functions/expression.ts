/**
 * JSONata in state machines: a string `{% … %}` is an expression, anything else stands for itself. An expression that
 * comes to nothing fails its state, with the sentence that the service says.
 */
import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import type { Json, JsonObject } from './json.ts';
import { queryError } from './state-error.ts';

/** What an expression sees: `$states` and variables. */
export interface Scope {
  readonly states: JsonObject;
  readonly variables: JsonObject;
}

const EXPRESSION = /^\{%(.*)%\}$/s;
const EVALUATION_MS_MAX = 10_000;

export const isExpression = (value: unknown): value is string => typeof value === 'string' && EXPRESSION.test(value);

const compiled = new Map<string, jsonata.Expression>();

/** Throws what JSONata says of an expression that it can't parse. */
export function compile(text: string): jsonata.Expression {
  const existing = compiled.get(text);
  if (existing) return existing;
  const expression = jsonata(codeOf(text), { timeout: EVALUATION_MS_MAX });
  for (const [name, [implementation, signature]] of FUNCTIONS) {
    expression.registerFunction(name, implementation, signature);
  }
  compiled.set(text, expression);
  return expression;
}

function codeOf(text: string): string {
  return (EXPRESSION.exec(text)?.[1] ?? '').trim();
}

/** The value with every expression in it evaluated. `field` is its path, for error messages. */
export async function evaluate(template: Json, field: string, scope: Scope): Promise<Json> {
  if (isExpression(template)) return evaluateExpression(template, field, scope);
  if (Array.isArray(template)) {
    return Promise.all(template.map((item: Json, index) => evaluate(item, `${field}[${index}]`, scope)));
  }
  if (typeof template !== 'object' || template === null) return template;
  const entries = Object.entries(template as JsonObject).map(
    async ([name, value]) => [name, await evaluate(value, `${field}/${name}`, scope)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function evaluateExpression(text: string, field: string, { states, variables }: Scope): Promise<Json> {
  const sentence = `The JSONata expression '${codeOf(text)}' specified for the field '${field}'`;
  let value: unknown;
  try {
    value = await compile(text).evaluate(undefined, { ...variables, states });
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const told = code === undefined ? `: ${message}` : `. ${code}: ${message}`;
    throw queryError(`${sentence} threw an error during evaluation${told}`);
  }
  if (value === undefined) throw queryError(`${sentence} returned nothing (undefined).`);
  const json = typeof value === 'function' || isFunctionValue(value) ? undefined : JSON.stringify(value);
  if (json === undefined) throw queryError(`${sentence} returned an unsupported result type.`);
  return JSON.parse(json) as Json;
}

/** JSONata's own functions and lambdas are objects with these marks. */
function isFunctionValue(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('_jsonata_function' in value || '_jsonata_lambda' in value);
}

// biome-ignore lint/suspicious/noExplicitAny: JSONata checks arguments by the signature beside each function.
type Implementation = (...given: any[]) => unknown;

/** What Step Functions adds to JSONata, and the one function that it takes away. */
const FUNCTIONS: ReadonlyMap<string, readonly [Implementation, string]> = new Map<
  string,
  readonly [Implementation, string]
>([
  ['partition', [partition, '<a-n:a<a>>']],
  ['range', [range, '<nnn:a<n>>']],
  ['hash', [hashOf, '<s-s?:s>']],
  ['random', [random, '<n?:n>']],
  ['uuid', [() => randomUUID(), '<:s>']],
  ['parse', [(text: string) => JSON.parse(text), '<s-:x>']],
  [
    'eval',
    [
      () => {
        throw Object.assign(new Error('Attempted to invoke a non-function'), { code: 'T1006' });
      },
      '<s-x?:x>',
    ],
  ],
]);

function partition(items: readonly unknown[], size: number): unknown[][] {
  if (!Number.isInteger(size) || size < 1) throw new Error('the size of a partition is a positive integer');
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

const RANGE_ITEMS_MAX = 1_000;

function range(first: number, last: number, step: number): number[] {
  const count = Math.max(0, Math.floor((last - first) / step) + 1);
  if (!Number.isFinite(count) || count > RANGE_ITEMS_MAX)
    throw new Error(`a range has at most ${RANGE_ITEMS_MAX} items`);
  return Array.from({ length: count }, (_, n) => first + n * step);
}

const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
]);

function hashOf(text: string, algorithm = 'SHA-1'): string {
  const known = ALGORITHMS.get(algorithm);
  if (known === undefined) throw new Error(`${algorithm} is no hash algorithm`);
  return createHash(known).update(text).digest('hex');
}

/** With a seed it gives the same number each time; not the service's number, which is documented nowhere. */
function random(seed?: number): number {
  if (seed === undefined) return Math.random();
  return createHash('sha256').update(String(seed)).digest().readUInt32BE(0) / 2 ** 32;
}
