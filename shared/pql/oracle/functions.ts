/** Functions of values that are there already: a table of one-liners, each the sentence of the language's definition. */
import type { Call } from '../ast.ts';
import { compilePattern, isPattern } from '../regex.ts';
import { dayInterval, dayOfWeek, localDate, localHour } from '../time/calendar.ts';
import type { Zone } from '../time/zone.ts';
import { Entry, type MapKey, type Value } from '../value.ts';
import { toInstant } from './time.ts';
import {
  areEqual,
  elementsOf,
  isBoolean,
  isList,
  isNumber,
  isString,
  lookUp,
  pairsOf,
  withoutRepetition,
} from './values.ts';

export interface Facts {
  readonly zone: Zone;
  readonly now: number;
  readonly call: Call;
}

type Apply = (args: readonly Value[], facts: Facts) => Value;

const orNothing = (value: number): Value => (Number.isFinite(value) ? value : null);

/** Of a list, each element; nulls are dropped. */
const each =
  (apply: Apply): Apply =>
  ([receiver = null, ...rest], facts) => {
    if (!isList(receiver)) return apply([receiver, ...rest], facts);
    return receiver.map((item) => apply([item, ...rest], facts)).filter((result) => result !== null);
  };

/** Of a list, any element. */
const anyOf =
  (apply: Apply): Apply =>
  ([receiver = null, ...rest], facts) =>
    isList(receiver)
      ? receiver.some((item) => apply([item, ...rest], facts) === true)
      : apply([receiver, ...rest], facts) === true;

const arithmetic =
  (apply: (left: number, right: number) => number): Apply =>
  ([left, right]) =>
    isNumber(left) && isNumber(right) ? orNothing(apply(left, right)) : null;

const ofNumber = (apply: (value: number) => number): Apply =>
  each(([value]) => (isNumber(value) ? apply(value) : null));

const ofText = (apply: (text: string, ...rest: Value[]) => Value): Apply =>
  each(([text, ...rest]) => (isString(text) ? apply(text, ...rest) : null));

const testsText = (apply: (text: string, argument: string) => boolean): Apply =>
  anyOf(([text, argument], { call }) => {
    if (!isString(text) || !isString(argument)) return false;
    return call.ignoreCase ? apply(text.toLowerCase(), argument.toLowerCase()) : apply(text, argument);
  });

const ofTime = (apply: (instant: number, zone: Zone) => number): Apply =>
  each(([value = null], { zone }) => {
    const instant = toInstant(value, zone);
    return instant === null ? null : apply(instant, zone);
  });

const ofNow =
  (apply: (instant: number, zone: Zone) => number): Apply =>
  (_, { now, zone }) =>
    apply(now, zone);

const ofLists =
  (apply: (left: readonly Value[], right: readonly Value[]) => Value, otherwise: Value): Apply =>
  ([left, right]) =>
    isList(left) && isList(right) ? apply(left, right) : otherwise;

const has = (list: readonly Value[], value: Value): boolean => list.some((item) => areEqual(item, value));

/** By trying every length that a `%` may stand for, column by column. */
function isLike(text: string, pattern: string): boolean {
  const [points, wanted] = [Array.from(text), Array.from(pattern)];
  let reachable = new Set([0]);
  for (const symbol of wanted) {
    const next = new Set<number>();
    for (const at of reachable) {
      if (symbol === '%') for (let to = at; to <= points.length; to += 1) next.add(to);
      else if (at < points.length && (symbol === '_' || symbol === points[at])) next.add(at + 1);
    }
    reachable = next;
  }
  return reachable.has(points.length);
}

const matches: Apply = anyOf(([text, source], { call }) => {
  if (!isString(text) || !isString(source)) return false;
  const pattern = compilePattern(source, call.ignoreCase === true);
  return isPattern(pattern) && pattern.finds(text);
});

const regexGroup: Apply = each(([text, source, group], { call }) => {
  if (!isString(text) || !isString(source) || !isNumber(group)) return null;
  const pattern = compilePattern(source, call.ignoreCase === true);
  return isPattern(pattern) && Number.isInteger(group) && group >= 0 ? pattern.group(text, group) : null;
});

const substr: Apply = ofText((text, start, length) => {
  if (!isNumber(start) || start < 0) return null;
  if (length !== undefined && (!isNumber(length) || length < 0)) return null;
  const from = Math.floor(start);
  const to = length === undefined ? Number.POSITIVE_INFINITY : from + Math.floor(length);
  return Array.from(text)
    .filter((_, at) => at >= from && at < to)
    .join('');
});

const replace: Apply = each(([text, from, to], { call }) => {
  if (!isString(text) || !isString(from) || !isString(to)) return null;
  if (from === '') return text;
  const keepsLength = text.toLowerCase().length === text.length;
  const isAt = (at: number) =>
    call.ignoreCase && keepsLength ? text.toLowerCase().startsWith(from.toLowerCase(), at) : text.startsWith(from, at);
  const width = call.ignoreCase && keepsLength ? from.toLowerCase().length : from.length;
  let result = '';
  for (let at = 0; at < text.length; ) {
    result += isAt(at) ? to : text.charAt(at);
    at += isAt(at) ? width : 1;
  }
  return result;
});

const concat: Apply = (args) => {
  const isWritable = (value: Value) => isString(value) || isNumber(value) || isBoolean(value);
  return args.every(isWritable) ? args.map((value) => `${value}`).join('') : null;
};

const split: Apply = ([text, separator]) =>
  isString(text) && isString(separator) ? (separator === '' ? Array.from(text) : text.split(separator)) : null;

const EARTH_RADIUS_METRES = 6_371_008.8;

/** The angle between two points by the haversine formula. */
function metres(place: Value, latitude: Value | undefined, longitude: Value | undefined): number | null {
  const [lat1, lon1] = [lookUp(place, 'latitude'), lookUp(place, 'longitude')];
  if (!isNumber(lat1) || !isNumber(lon1) || !isNumber(latitude) || !isNumber(longitude)) return null;
  const toRadians = Math.PI / 180;
  const sine = (degrees: number) => Math.sin((degrees * toRadians) / 2);
  const cosines = Math.cos(lat1 * toRadians) * Math.cos(latitude * toRadians);
  const h = sine(latitude - lat1) ** 2 + cosines * sine(longitude - lon1) ** 2;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}

const isKey = (value: Value | undefined): value is MapKey => isString(value) || isNumber(value) || isBoolean(value);

const get: Apply = ([map = null, key = null], { call }) => {
  const pairs = pairsOf(map);
  if (pairs === undefined || !isKey(key)) return null;
  const found = pairs.find(([known]) => known === key);
  if (found !== undefined) return found[1];
  const written = call.args[1];
  if (written?.kind !== 'literal' || !written.adapts) return null;
  const fits = (known: MapKey) =>
    isString(known)
      ? known === String(key)
      : isNumber(known)
        ? isString(key) && isDecimal(key) && Number(key) === known
        : String(known) === key;
  return pairs.find(([known]) => fits(known))?.[1] ?? null;
};

const isDecimal = (text: string): boolean => /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text);

export const FUNCTIONS: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['+', arithmetic((left, right) => left + right)],
  ['-', arithmetic((left, right) => left - right)],
  ['*', arithmetic((left, right) => left * right)],
  // Division by zero is not finite, and so null.
  ['/', arithmetic((left, right) => left / right)],
  ['%', arithmetic((left, right) => left % right)],
  ['negate', ofNumber((value) => -value)],
  ['abs', ofNumber((value) => (value < 0 ? -value : value))],
  ['floor', ofNumber((value) => Math.floor(value))],
  ['ceil', ofNumber((value) => Math.ceil(value))],
  ['round', ofNumber((value) => (value < 0 ? -Math.round(-value) : Math.round(value)))],
  ['like', testsText(isLike)],
  ['startsWith', testsText((text, start) => text.slice(0, start.length) === start)],
  ['doesNotStartWith', testsText((text, start) => text.slice(0, start.length) !== start)],
  ['endsWith', testsText((text, end) => end.length <= text.length && text.slice(text.length - end.length) === end)],
  [
    'doesNotEndWith',
    testsText((text, end) => end.length > text.length || text.slice(text.length - end.length) !== end),
  ],
  ['contains', testsText((text, part) => text.indexOf(part) >= 0)],
  ['doesNotContain', testsText((text, part) => text.indexOf(part) < 0)],
  ['matches', matches],
  ['regexGroup', regexGroup],
  ['lower', ofText((text) => text.toLowerCase())],
  ['upper', ofText((text) => text.toUpperCase())],
  ['trim', ofText((text) => text.trim())],
  ['length', ofText((text) => Array.from(text).length)],
  ['substr', substr],
  ['replace', replace],
  ['concat', concat],
  ['split', split],
  ['intersects', ofLists((left, right) => left.some((item) => has(right, item)), false)],
  ['subsetOf', ofLists((left, right) => left.every((item) => has(right, item)), false)],
  ['supersetOf', ofLists((left, right) => right.every((item) => has(left, item)), false)],
  ['distinct', ([list = null]) => (isList(list) ? withoutRepetition(list) : null)],
  ['count', ([value = null]) => elementsOf(value)?.length ?? 0],
  ['head', ([value = null]) => elementsOf(value)?.[0] ?? null],
  ['get', get],
  ['keys', ([value = null]) => pairsOf(value)?.map(([key]) => key) ?? null],
  ['values', ([value = null]) => pairsOf(value)?.map(([, item]) => item) ?? null],
  ['mapEntry', ([key, value = null]) => (isKey(key) && value !== null ? new Entry(key, value) : null)],
  ['isNull', ([value]) => value === null],
  ['isNotNull', ([value]) => value !== null],
  ['date', date],
  ['currentYear', ofNow((instant, zone) => localDate(instant, zone).year)],
  ['currentMonth', ofNow((instant, zone) => localDate(instant, zone).month)],
  ['currentDayOfMonth', ofNow((instant, zone) => localDate(instant, zone).day)],
  ['getYear', ofTime((instant, zone) => localDate(instant, zone).year)],
  ['getMonth', ofTime((instant, zone) => localDate(instant, zone).month)],
  ['getDayOfMonth', ofTime((instant, zone) => localDate(instant, zone).day)],
  ['getHour', ofTime(localHour)],
  ['dayOfWeek', ofTime(dayOfWeek)],
  ['distanceTo', each(([place = null, latitude, longitude]) => metres(place, latitude, longitude))],
  ['within', anyOf(([place = null, ...rest]) => isNear(place, rest))],
]);

function date([year, month, day]: readonly Value[], { zone }: Facts): Value {
  return isNumber(year) && isNumber(month) && isNumber(day) ? dayInterval(year, month, day, zone) : null;
}

function isNear(place: Value, [latitude, longitude, most]: readonly Value[]): boolean {
  const distance = metres(place, latitude, longitude);
  return distance !== null && isNumber(most) && distance <= most;
}
