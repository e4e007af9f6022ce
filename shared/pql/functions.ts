/** Every function: what it takes and gives. Keyed by user text, hence a Map. A method's receiver is the first slot. */
import { ANY, BOOLEAN, DOUBLE, INTEGER, INTERVAL, listOf, STRING, type Type, unify } from './types.ts';

/** What an argument must be, where its type is declared; `any` is always taken. */
export type Slot =
  | 'any'
  | 'string'
  | 'number'
  /** Number or timestamp. */
  | 'quantity'
  /** Timestamp or interval. */
  | 'time'
  | 'list'
  | 'map'
  | 'collection'
  | 'place';

export interface Signature {
  readonly takes: readonly Slot[];
  /** How many of `takes` must be given; all of them unless said. */
  readonly required?: number;
  /** What more arguments must be. */
  readonly rest?: Slot;
  readonly returns: (args: readonly Type[]) => Type;
  /** A last Boolean literal says whether case matters. */
  readonly takesCaseFlag?: true;
  /** On a list the function is applied to each element: the results as a list, or "any" of a Boolean function. */
  readonly lifts?: true;
}

const boolean = () => BOOLEAN;
const integer = () => INTEGER;
const double = () => DOUBLE;
const string = () => STRING;
const any = () => ANY;
const first = (args: readonly Type[]): Type => args[0] ?? ANY;

const elementOf = (type: Type | undefined): Type => {
  if (type?.kind === 'list') return type.item;
  return type?.kind === 'map' ? type.value : ANY;
};

const stringTest: Signature = {
  takes: ['string', 'string'],
  returns: boolean,
  takesCaseFlag: true,
  lifts: true,
};
const stringToString: Signature = { takes: ['string'], returns: string, lifts: true };
const comparison: Signature = { takes: ['any', 'any'], returns: boolean };
const listTest: Signature = { takes: ['list', 'list'], returns: boolean };
const calendarField: Signature = { takes: ['time'], returns: integer, lifts: true };
const currentField: Signature = { takes: [], returns: integer };
const rounding: Signature = { takes: ['number'], returns: integer, lifts: true };
const junction: Signature = { takes: ['any'], rest: 'any', returns: boolean };

function arithmetic([left, right]: readonly Type[]): Type {
  if (left?.kind === 'timestamp' || right?.kind === 'timestamp') {
    return left?.kind === right?.kind ? INTEGER : { kind: 'timestamp' };
  }
  return left?.kind === 'integer' && right?.kind === 'integer' ? INTEGER : DOUBLE;
}

export const FUNCTIONS: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ['and', junction],
  ['or', junction],
  ['not', { takes: ['any'], returns: boolean }],
  ['if', { takes: ['any', 'any', 'any'], returns: ([, yes, no]) => unify(yes ?? ANY, no ?? ANY) }],
  ['=', comparison],
  ['!=', comparison],
  ['<', comparison],
  ['<=', comparison],
  ['>', comparison],
  ['>=', comparison],
  ['like', stringTest],
  ['matches', stringTest],
  ['startsWith', stringTest],
  ['doesNotStartWith', stringTest],
  ['endsWith', stringTest],
  ['doesNotEndWith', stringTest],
  ['contains', stringTest],
  ['doesNotContain', stringTest],
  ['equals', { takes: ['any', 'any'], rest: 'any', returns: boolean, takesCaseFlag: true }],
  ['notEqualTo', { takes: ['any', 'any'], returns: boolean, takesCaseFlag: true }],
  ['regexGroup', { takes: ['string', 'string', 'number'], returns: string, takesCaseFlag: true, lifts: true }],
  ['lower', stringToString],
  ['upper', stringToString],
  ['trim', stringToString],
  ['length', { takes: ['string'], returns: integer, lifts: true }],
  ['concat', { takes: ['any'], rest: 'any', returns: string }],
  ['substr', { takes: ['string', 'number', 'number'], required: 2, returns: string, lifts: true }],
  ['replace', { takes: ['string', 'string', 'string'], returns: string, takesCaseFlag: true, lifts: true }],
  ['split', { takes: ['string', 'string'], returns: () => listOf(STRING) }],
  ['in', { takes: ['any', 'list'], returns: boolean }],
  ['notIn', { takes: ['any', 'list'], returns: boolean }],
  ['intersects', listTest],
  ['intersection', { takes: ['list', 'list'], returns: first }],
  ['subsetOf', listTest],
  ['supersetOf', listTest],
  ['includes', { takes: ['list', 'any'], returns: boolean }],
  ['distinct', { takes: ['list'], returns: first }],
  ['head', { takes: ['collection'], returns: ([list]) => elementOf(list) }],
  ['count', { takes: ['collection'], returns: integer }],
  ['get', { takes: ['map', 'any'], returns: ([map]) => elementOf(map) }],
  ['keys', { takes: ['map'], returns: ([map]) => listOf(map?.kind === 'map' ? map.key : STRING) }],
  ['values', { takes: ['map'], returns: ([map]) => listOf(elementOf(map)) }],
  [
    'mapEntry',
    { takes: ['any', 'any'], returns: ([key, value]) => ({ kind: 'entry', key: key ?? ANY, value: value ?? ANY }) },
  ],
  ['isNull', { takes: ['any'], returns: boolean }],
  ['isNotNull', { takes: ['any'], returns: boolean }],
  ['+', { takes: ['quantity', 'quantity'], returns: arithmetic }],
  ['-', { takes: ['quantity', 'quantity'], returns: arithmetic }],
  ['*', { takes: ['number', 'number'], returns: arithmetic }],
  ['/', { takes: ['number', 'number'], returns: double }],
  ['%', { takes: ['number', 'number'], returns: arithmetic }],
  ['negate', { takes: ['number'], returns: first }],
  ['abs', { takes: ['number'], returns: first, lifts: true }],
  ['round', rounding],
  ['floor', rounding],
  ['ceil', rounding],
  ['date', { takes: ['number', 'number', 'number'], returns: () => INTERVAL }],
  ['currentYear', currentField],
  ['currentMonth', currentField],
  ['currentDayOfMonth', currentField],
  ['getYear', calendarField],
  ['getMonth', calendarField],
  ['getDayOfMonth', calendarField],
  ['getHour', calendarField],
  ['dayOfWeek', calendarField],
  ['inSegment', { takes: ['string'], returns: boolean }],
  ['distanceTo', { takes: ['place', 'number', 'number'], returns: double, lifts: true }],
  ['within', { takes: ['place', 'number', 'number', 'number'], returns: boolean, lifts: true }],
]);

/** A function with a per-item argument: how many arguments follow the list, and what comes of the body's type. */
export interface ItemSignature {
  readonly args: readonly [min: number, max: number];
  readonly returns: (list: Type, body: Type) => Type;
}

const folded = (list: Type, body: Type): Type => {
  const item = body.kind === 'list' ? body.item : body;
  return item.kind === 'null' ? elementOf(list) : item;
};

export const ITEM_SIGNATURES: ReadonlyMap<string, ItemSignature> = new Map<string, ItemSignature>([
  ['filter', { args: [1, 1], returns: (list) => list }],
  ['map', { args: [1, 1], returns: mapped }],
  ['exists', { args: [0, 1], returns: boolean }],
  ['forall', { args: [1, 1], returns: boolean }],
  ['sum', { args: [0, 1], returns: double }],
  ['average', { args: [0, 1], returns: double }],
  ['min', { args: [0, 1], returns: folded }],
  ['max', { args: [0, 1], returns: folded }],
  ['distinctCount', { args: [0, 1], returns: integer }],
  ['groupBy', { args: [1, 1], returns: (list, key) => ({ kind: 'map', key: folded(list, key), value: asList(list) }) }],
  ['topN', { args: [2, 2], returns: asList }],
  ['bottomN', { args: [2, 2], returns: asList }],
]);

/** A body of map entries makes a map; on a map a body without parameters keeps the keys. */
function mapped(list: Type, body: Type): Type {
  if (body.kind === 'function') {
    const { result } = body;
    return result.kind === 'entry' ? { kind: 'map', key: result.key, value: result.value } : listOf(result);
  }
  if (body.kind === 'entry') return { kind: 'map', key: body.key, value: body.value };
  if (list.kind === 'map') return { kind: 'map', key: list.key, value: body };
  return list.kind === 'any' ? any() : listOf(body);
}

function asList(list: Type): Type {
  return list.kind === 'list' ? list : listOf(elementOf(list));
}
