/**
 * Event patterns as EventBridge and event source mappings evaluate them: an object of fields, each with a list of
 * alternatives. A kind of alternative that isn't here is an error by name when the pattern is read, not a match or a miss.
 */

export type Matches = (event: unknown) => boolean;

type Test = (value: unknown) => boolean;

/** `place` names the pattern in errors. */
export function compilePattern(pattern: unknown, place: string): Matches {
  if (pattern === null || typeof pattern !== 'object' || Array.isArray(pattern)) {
    throw new Error(`${place}: a pattern is an object, not ${JSON.stringify(pattern)}`);
  }
  const parts = Object.entries(pattern).map(([name, rule]) =>
    name === '$or' ? compileAlternatives(rule, place) : compileField(name, rule, `${place}.${name}`),
  );
  return (event) => parts.every((part) => part(event));
}

function compileAlternatives(rule: unknown, place: string): Matches {
  if (!Array.isArray(rule)) throw new Error(`${place}: $or takes a list of patterns`);
  const alternatives = rule.map((pattern) => compilePattern(pattern, `${place}.$or`));
  return (event) => alternatives.some((matches) => matches(event));
}

function compileField(name: string, rule: unknown, place: string): Matches {
  if (!Array.isArray(rule)) {
    const inner = compilePattern(rule, place);
    return (event) => inner(fieldOf(event, name));
  }
  const tests = rule.map((alternative) => compileAlternative(alternative, place));
  return (event) => {
    const value = fieldOf(event, name);
    // A list in the event matches if one of its items does.
    const candidates = Array.isArray(value) && value.length > 0 ? value : [value];
    return tests.some((test) => candidates.some(test));
  };
}

function fieldOf(event: unknown, name: string): unknown {
  if (event === null || typeof event !== 'object') return undefined;
  return Object.hasOwn(event, name) ? (event as Readonly<Record<string, unknown>>)[name] : undefined;
}

function compileAlternative(alternative: unknown, place: string): Test {
  if (alternative === null || typeof alternative !== 'object') return (value) => value === alternative;
  const [[operator, argument] = [], ...more] = Object.entries(alternative);
  const compile = operator === undefined ? undefined : OPERATORS.get(operator);
  if (!compile || more.length > 0) {
    throw new Error(`${place}: the local runner doesn't know the pattern ${JSON.stringify(alternative)}`);
  }
  return compile(argument, place);
}

const OPERATORS: ReadonlyMap<string, (argument: unknown, place: string) => Test> = new Map([
  ['exists', (wanted: unknown) => (value: unknown) => isLeaf(value) === wanted],
  ['prefix', (prefix: unknown) => (value: unknown) => typeof value === 'string' && value.startsWith(String(prefix))],
  ['suffix', (suffix: unknown) => (value: unknown) => typeof value === 'string' && value.endsWith(String(suffix))],
  ['equals-ignore-case', (text: unknown) => (value: unknown) => lower(value) === lower(text)],
  ['anything-but', compileAnythingBut],
  ['numeric', compileNumeric],
]);

/** `exists` looks at leaves only: an object that holds other fields doesn't exist in its sense. */
function isLeaf(value: unknown): boolean {
  return value !== undefined && (value === null || typeof value !== 'object');
}

function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function compileAnythingBut(argument: unknown, place: string): Test {
  const excluded = (Array.isArray(argument) ? argument : [argument]).map((one) => compileAlternative(one, place));
  return (value) => isLeaf(value) && !excluded.some((test) => test(value));
}

const COMPARE: ReadonlyMap<unknown, (left: number, right: number) => boolean> = new Map([
  ['=', (left, right) => left === right],
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
]);

function compileNumeric(argument: unknown, place: string): Test {
  const parts = Array.isArray(argument) ? argument : [];
  const tests: Test[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const compare = COMPARE.get(parts[index]);
    const bound = parts[index + 1];
    if (!compare || typeof bound !== 'number') throw new Error(`${place}: ${JSON.stringify(argument)} is not numeric`);
    tests.push((value) => typeof value === 'number' && compare(value, bound));
  }
  return (value) => tests.length > 0 && tests.every((test) => test(value));
}
