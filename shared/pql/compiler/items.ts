/** Functions whose argument is evaluated per item, and the plain functions of lists and maps. */
import type { Call, Expression, ItemCall } from '../ast.ts';
import { Entry, type MapKey, type Value } from '../value.ts';
import { entriesOf, itemsOf } from './access.ts';
import { type Code, type Compiler, type Frame, sealed, truth, variable } from './code.ts';
import { Adaptive, distinct, relation } from './relation.ts';

type PerItem = (frame: Frame, item: Value, key: Value) => Value;

/** A lambda binds the item (or key and value); any other body is evaluated in the item's scope. */
function compileBody(compiler: Compiler, body: Expression | undefined): PerItem {
  if (body === undefined) return (_, item) => item;
  if (body.kind !== 'lambda') {
    const { level } = compiler;
    const { run } = compiler.inner().node(body);
    return (frame, item) => {
      frame.items[level] = item;
      return run(frame);
    };
  }
  const { run } = compiler.node(body.body);
  const [first, second] = body.params.map(({ slot }) => slot) as [number, number?];
  return (frame, item, key) => {
    frame.variables[first] = second === undefined ? item : key;
    if (second !== undefined) frame.variables[second] = item;
    return run(frame);
  };
}

type ItemFunction = (frame: Frame, value: Value, body: PerItem) => Value;

export function compileItemCall(compiler: Compiler, node: ItemCall): Code {
  const list = compiler.node(node.list).run;
  const body = compileBody(compiler, node.body);
  const [count] = node.args.map((argument) => compiler.node(argument).run);
  if (node.fn === 'map') return variable((frame) => map(frame, list(frame), body, node));
  if (count !== undefined) {
    const sign = node.fn === 'topN' ? -1 : 1;
    return variable((frame) => ranked(frame, list(frame), body, count(frame), sign));
  }
  if (node.fn === 'exists' && node.body === undefined)
    return variable((frame) => (itemsOf(list(frame))?.length ?? 0) > 0);
  const apply = FUNCTIONS.get(node.fn);
  return variable((frame) => apply?.(frame, list(frame), body) ?? null);
}

const FUNCTIONS: ReadonlyMap<string, ItemFunction> = new Map<string, ItemFunction>([
  ['filter', filter],
  ['exists', (frame, value, body) => itemsOf(value)?.some((item) => truth(body(frame, item, null))) ?? false],
  ['forall', (frame, value, body) => itemsOf(value)?.every((item) => truth(body(frame, item, null))) ?? true],
  ['sum', (frame, value, body) => sum(foldedOf(frame, value, body))],
  ['average', (frame, value, body) => average(foldedOf(frame, value, body))],
  ['min', (frame, value, body) => extreme(foldedOf(frame, value, body), -1)],
  ['max', (frame, value, body) => extreme(foldedOf(frame, value, body), 1)],
  ['distinctCount', (frame, value, body) => distinct(foldedOf(frame, value, body)).length],
  ['groupBy', groupBy],
]);

function filter(frame: Frame, value: Value, body: PerItem): Value {
  if (Array.isArray(value)) return value.filter((item) => truth(body(frame, item ?? null, null)));
  const entries = entriesOf(value);
  return entries && new Map(entries.filter(([key, item]) => truth(body(frame, item, key))));
}

/** What a fold is over: the body of each item, a list counting as its elements, without nulls. */
function foldedOf(frame: Frame, value: Value, body: PerItem): Value[] {
  const folded: Value[] = [];
  for (const item of itemsOf(value) ?? []) collect(folded, body(frame, item ?? null, null));
  return folded;
}

export function collect(into: Value[], value: Value): void {
  if (!Array.isArray(value)) {
    if (value !== null) into.push(value);
    return;
  }
  for (const element of value) if (element !== null && element !== undefined) into.push(element);
}

export function sum(values: readonly Value[]): Value {
  let total = 0;
  for (const value of values) if (typeof value === 'number') total += value;
  return Number.isFinite(total) ? total : null;
}

export function average(values: readonly Value[]): Value {
  const numbers = values.filter((value) => typeof value === 'number');
  const total = sum(numbers);
  return numbers.length === 0 || typeof total !== 'number' ? null : total / numbers.length;
}

/** Numbers (and so timestamps) or strings: the first one decides which of them are compared. */
export function extreme(values: readonly Value[], sign: 1 | -1): Value {
  let best: number | string | null = null;
  for (const value of values) {
    if (typeof value !== 'number' && typeof value !== 'string') continue;
    if (best === null) best = value;
    else if (typeof value === typeof best && (relation(value, best) as number) * sign > 0) best = value;
  }
  return best;
}

const isKey = (value: Value): value is MapKey =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function groupBy(frame: Frame, value: Value, body: PerItem): Value {
  const items = itemsOf(value);
  if (items === null) return null;
  const groups = new Map<MapKey, Value[]>();
  for (const item of items) {
    const key = body(frame, item ?? null, null);
    for (const each of Array.isArray(key) ? distinct(key) : [key]) {
      if (!isKey(each)) continue;
      const group = groups.get(each);
      if (group === undefined) groups.set(each, [item]);
      else group.push(item);
    }
  }
  return groups;
}

const RANKS: ReadonlyMap<string, number> = new Map([
  ['number', 0],
  ['string', 1],
  ['boolean', 2],
]);

/** Like with like; otherwise numbers before strings before Booleans. */
function compareKeys(left: MapKey, right: MapKey): number {
  const ranks = (RANKS.get(typeof left) as number) - (RANKS.get(typeof right) as number);
  if (ranks !== 0) return ranks;
  return typeof left === 'boolean' ? Number(left) - Number(right) : (relation(left, right) as number);
}

function ranked(frame: Frame, value: Value, body: PerItem, count: Value, sign: 1 | -1): Value {
  const items = itemsOf(value);
  if (items === null || typeof count !== 'number') return null;
  const keyed: { readonly item: Value; readonly key: MapKey }[] = [];
  for (const item of items) {
    const key = body(frame, item ?? null, null);
    if (isKey(key)) keyed.push({ item, key });
  }
  keyed.sort((left, right) => sign * compareKeys(left.key, right.key));
  return keyed.slice(0, Math.max(0, Math.floor(count))).map(({ item }) => item);
}

/** Map entries make a map; a body without parameters keeps a map's keys; anything else makes a list. */
function map(frame: Frame, value: Value, body: PerItem, node: ItemCall): Value {
  if (Array.isArray(value)) {
    const results = value.map((item) => body(frame, item ?? null, null));
    return node.type.kind === 'map' ? toMap(results) : results;
  }
  const entries = entriesOf(value);
  if (entries === null) return null;
  const results = entries.map(([key, item]) => [key, body(frame, item, key)] as const);
  if (node.type.kind === 'map' && results.some(([, result]) => result instanceof Entry)) {
    return toMap(results.map(([, result]) => result));
  }
  return node.body?.kind === 'lambda' && node.type.kind !== 'map'
    ? results.map(([, result]) => result)
    : toKeyed(results, node);
}

/** Only entries count where entries are what the body makes. */
function toKeyed(results: readonly (readonly [MapKey, Value])[], node: ItemCall): Value {
  return node.body?.kind === 'lambda' ? new Map() : new Map(results);
}

function toMap(results: readonly Value[]): Value {
  const made = new Map<MapKey, Value>();
  for (const result of results) if (result instanceof Entry) made.set(result.key, result.value);
  return made;
}

const COLLECTIONS: ReadonlyMap<string, (value: Value) => Value> = new Map<string, (value: Value) => Value>([
  ['count', count],
  ['head', (value) => itemsOf(value)?.[0] ?? null],
  ['keys', (value) => entriesOf(value)?.map(([key]) => key) ?? null],
  ['values', (value) => entriesOf(value)?.map(([, item]) => item) ?? null],
  ['distinct', (value) => (Array.isArray(value) ? distinct(value) : null)],
]);

function count(value: Value): Value {
  if (Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : (entriesOf(value)?.length ?? 0);
}

export function compileCollection(compiler: Compiler, { fn, args }: Call): Code | undefined {
  const apply = COLLECTIONS.get(fn);
  if (fn === 'count' && args[0]?.kind === 'itemCall' && args[0].fn === 'filter')
    return compileFilteredCount(compiler, args[0]);
  const first = compiler.node(args[0] as Expression);
  if (apply !== undefined) return sealed([first], (frame) => apply(first.run(frame)));
  const second = args[1] && compiler.node(args[1]);
  if (second === undefined) return undefined;
  if (fn === 'get') {
    const adapts = args[1]?.kind === 'literal' && args[1].adapts === true;
    return sealed([first, second], (frame) => get(first.run(frame), second.run(frame), adapts));
  }
  if (fn !== 'mapEntry') return undefined;
  return sealed([first, second], (frame) => {
    const [key, value] = [first.run(frame), second.run(frame)];
    return isKey(key) && value !== null ? new Entry(key, value) : null;
  });
}

/** `list[condition].count()` is what most definitions ask, for each event: it makes no list. */
function compileFilteredCount(compiler: Compiler, node: ItemCall): Code {
  const { run } = compiler.node(node.list);
  const body = compileBody(compiler, node.body);
  return variable((frame) => {
    let passed = 0;
    for (const item of itemsOf(run(frame)) ?? []) if (truth(body(frame, item ?? null, null))) passed += 1;
    return passed;
  });
}

/** An object's keys are text; a grouping's keys are what was grouped by. */
function get(value: Value, key: Value, adapts: boolean): Value {
  if (!isKey(key)) return null;
  if (value instanceof Map) {
    if (value.has(key)) return value.get(key) ?? null;
    if (!adapts) return null;
    for (const [known, item] of value) if (relation(known, new Adaptive(key)) === 0) return item;
    return null;
  }
  if (entriesOf(value) === null || !(typeof key === 'string' || adapts)) return null;
  return Object.hasOwn(value as object, String(key))
    ? (((value as Record<string, unknown>)[String(key)] ?? null) as Value)
    : null;
}
