/**
 * CloudFormation's intrinsic functions. What a name stands for is the scope's business; this file knows the functions.
 * One it doesn't know is an error by name: a value must never reach a function half resolved.
 */

export interface Scope {
  /** Where this value stands, for error messages. */
  readonly place: string;
  ref(name: string): Promise<unknown>;
  attribute(resource: string, attribute: string): Promise<unknown>;
  condition(name: string): Promise<boolean>;
  mapping(map: string, first: string, second: string): unknown;
  importValue(name: string): Promise<unknown>;
  /** `{{resolve:…}}`, without the braces. */
  dynamicReference(reference: string): Promise<string>;
}

/** AWS::NoValue: the property is as if it had not been written. */
export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

type Evaluate = (argument: unknown, scope: Scope) => Promise<unknown>;

const FUNCTIONS: ReadonlyMap<string, Evaluate> = new Map<string, Evaluate>([
  ['Ref', (argument, scope) => scope.ref(text(argument, 'Ref', scope))],
  ['Condition', (argument, scope) => scope.condition(text(argument, 'Condition', scope))],
  ['Fn::GetAtt', getAttribute],
  ['Fn::Join', join],
  ['Fn::Sub', substitute],
  ['Fn::If', choose],
  ['Fn::Equals', equals],
  ['Fn::And', async (argument, scope) => (await truths(argument, scope)).every((truth) => truth)],
  ['Fn::Or', async (argument, scope) => (await truths(argument, scope)).some((truth) => truth)],
  ['Fn::Not', async (argument, scope) => !(await truths(argument, scope))[0]],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::FindInMap', findInMap],
  ['Fn::ImportValue', async (argument, scope) => scope.importValue(String(await resolve(argument, scope)))],
  ['Fn::Base64', async (argument, scope) => Buffer.from(String(await resolve(argument, scope))).toString('base64')],
]);

/** The value with every intrinsic function in it evaluated. */
export async function resolve(value: unknown, scope: Scope): Promise<unknown> {
  if (typeof value === 'string') return resolveReferences(value, scope);
  if (Array.isArray(value)) return resolveList(value, scope);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined && isFunctionName(name)) {
    const evaluate = FUNCTIONS.get(name);
    if (!evaluate) throw new Error(`${scope.place}: the local runner has no intrinsic function ${name}`);
    return evaluate(argument, scope);
  }
  return resolveObject(entries, scope);
}

function isFunctionName(name: string): boolean {
  return name === 'Ref' || name.startsWith('Fn::');
}

async function resolveList(values: readonly unknown[], scope: Scope): Promise<unknown[]> {
  const resolved = await Promise.all(values.map((value) => resolve(value, scope)));
  return resolved.filter((value) => value !== NO_VALUE);
}

async function resolveObject(entries: readonly (readonly [string, unknown])[], scope: Scope): Promise<object> {
  const resolved = await Promise.all(
    entries.map(async ([name, value]) => [name, await resolve(value, { ...scope, place: `${scope.place}.${name}` })]),
  );
  return Object.fromEntries(resolved.filter(([, value]) => value !== NO_VALUE));
}

async function resolveReferences(value: string, scope: Scope): Promise<string> {
  if (!value.includes('{{resolve:')) return value;
  const parts = value.split(/\{\{(resolve:[^}]+)\}\}/);
  const resolved = await Promise.all(
    parts.map((part, index) => (index % 2 === 1 ? scope.dynamicReference(part) : part)),
  );
  return resolved.join('');
}

async function getAttribute(argument: unknown, scope: Scope): Promise<unknown> {
  const [resource, ...path] = Array.isArray(argument) ? argument : String(argument).split('.');
  const attribute = await resolve(path.length === 1 ? path[0] : path.join('.'), scope);
  return scope.attribute(String(resource), String(attribute));
}

async function join(argument: unknown, scope: Scope): Promise<string> {
  const [separator, parts] = list(argument, 'Fn::Join', scope);
  return list(await resolve(parts, scope), 'Fn::Join', scope)
    .map(String)
    .join(String(separator));
}

async function substitute(argument: unknown, scope: Scope): Promise<string> {
  const [template, variables = {}] = Array.isArray(argument) ? argument : [argument];
  const given = (await resolve(variables, scope)) as Readonly<Record<string, unknown>>;
  const parts = String(template).split(/\$\{([^}]+)\}/);
  const resolved = await Promise.all(
    parts.map((part, index) => (index % 2 === 1 ? substituteOne(part.trim(), given, scope) : part)),
  );
  return resolved.join('');
}

async function substituteOne(name: string, given: Readonly<Record<string, unknown>>, scope: Scope): Promise<string> {
  if (name.startsWith('!')) return `\${${name.slice(1)}}`;
  if (Object.hasOwn(given, name)) return String(given[name]);
  const dot = name.indexOf('.');
  const value = dot === -1 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
  return String(await value);
}

async function choose(argument: unknown, scope: Scope): Promise<unknown> {
  const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If', scope);
  const holds = await scope.condition(text(condition, 'Fn::If', scope));
  return resolve(holds ? whenTrue : whenFalse, scope);
}

async function equals(argument: unknown, scope: Scope): Promise<boolean> {
  const [left, right] = list(await resolve(argument, scope), 'Fn::Equals', scope);
  return String(left) === String(right);
}

async function truths(argument: unknown, scope: Scope): Promise<boolean[]> {
  const conditions = list(argument, 'a condition', scope);
  return Promise.all(conditions.map((condition) => evaluateCondition(condition, scope)));
}

/** A condition is written as a function, or names another one. */
export async function evaluateCondition(condition: unknown, scope: Scope): Promise<boolean> {
  const named = (condition as { Condition?: string } | null)?.Condition;
  if (named !== undefined) return scope.condition(named);
  return (await resolve(condition, scope)) === true;
}

async function select(argument: unknown, scope: Scope): Promise<unknown> {
  const [index, values] = list(await resolve(argument, scope), 'Fn::Select', scope);
  const chosen = list(values, 'Fn::Select', scope)[Number(index)];
  if (chosen === undefined) throw new Error(`${scope.place}: Fn::Select finds nothing at ${index}`);
  return chosen;
}

async function split(argument: unknown, scope: Scope): Promise<string[]> {
  const [separator, value] = list(await resolve(argument, scope), 'Fn::Split', scope);
  return String(value).split(String(separator));
}

async function findInMap(argument: unknown, scope: Scope): Promise<unknown> {
  const [map, first, second] = list(await resolve(argument, scope), 'Fn::FindInMap', scope);
  return scope.mapping(String(map), String(first), String(second));
}

function list(value: unknown, name: string, { place }: Scope): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${place}: ${name} takes a list, not ${JSON.stringify(value)}`);
}

function text(value: unknown, name: string, { place }: Scope): string {
  if (typeof value === 'string') return value;
  throw new Error(`${place}: ${name} takes a name, not ${JSON.stringify(value)}`);
}
