/** Reading data: fields, paths through lists, stored timestamps, and the items of what may be a list or a map. */
import { VALUE_DEPTH_MAX } from '../limits.ts';
import { parseInstant } from '../time/instant.ts';
import type { Zone } from '../time/zone.ts';
import { Entry, Interval, type MapKey, type Value } from '../value.ts';

/** Own properties only: a profile has no field `constructor` unless somebody sent one. */
export function readField(object: Value, name: string, depth = 0): Value {
  if (object === null || typeof object !== 'object') return null;
  if (Array.isArray(object)) return depth < VALUE_DEPTH_MAX ? readThrough(object, name, depth + 1) : [];
  if (Object.hasOwn(object, name)) {
    if (object instanceof Interval || object instanceof Entry) return null;
    return ((object as Record<string, unknown>)[name] ?? null) as Value;
  }
  return object instanceof Map ? (object.get(name) ?? null) : null;
}

function readThrough(list: readonly Value[], name: string, depth: number): Value {
  const values: Value[] = [];
  for (const item of list) {
    const value = readField(item, name, depth);
    if (Array.isArray(value)) {
      for (const element of value) if (element !== null && element !== undefined) values.push(element);
    } else if (value !== null) values.push(value);
  }
  return values;
}

/** A stored timestamp or date, or a list of them, as epoch milliseconds. */
export function readInstants(value: Value, zone: Zone, depth = 0): Value {
  if (typeof value === 'number') return value;
  if (depth > VALUE_DEPTH_MAX) return null;
  if (!Array.isArray(value)) return typeof value === 'string' ? parseInstant(value, zone) : null;
  return value.map((item) => readInstants(item, zone, depth + 1)).filter((item) => item !== null);
}

/** A point in time: an interval stands for its start. */
export function instantOf(value: Value, zone: Zone): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return parseInstant(value, zone);
  return value instanceof Interval ? value.start : null;
}

/** The entries of a map; an object of the profile is one. */
export function entriesOf(value: Value): readonly (readonly [MapKey, Value])[] | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  if (value instanceof Interval || value instanceof Entry) return null;
  if (value instanceof Map) return [...value];
  return Object.entries(value).map(([key, item]) => [key, (item ?? null) as Value]);
}

/** The items of a list, the values of a map; null for anything else. */
export function itemsOf(value: Value): readonly Value[] | null {
  if (Array.isArray(value)) return value;
  return entriesOf(value)?.map(([, item]) => item) ?? null;
}
