/** What an expression computes with. Data read from a profile stays as it is; an absent or undefined field is null. */
import { VALUE_DEPTH_MAX } from './limits.ts';

export interface ExperienceEvent {
  readonly _id: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly [field: string]: unknown;
}

export interface EvaluationInput {
  readonly profile: Readonly<Record<string, unknown>>;
  /** As `normalizeEvents` returns them: ordered, without duplicates, timestamps in epoch milliseconds. */
  readonly events: readonly ExperienceEvent[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly inSegment?: (idOrName: string) => boolean;
  /** The rows of a leaf, for an expression from which leaves were cut. */
  readonly rows?: (leaf: number) => readonly ExperienceEvent[];
}

/** A date interval, `[start, end)` in epoch milliseconds. */
export class Interval {
  readonly start: number;
  readonly end: number;

  constructor(start: number, end: number) {
    this.start = start;
    this.end = end;
  }
}

/** What mapEntry makes. */
export class Entry {
  readonly key: MapKey;
  readonly value: Value;

  constructor(key: MapKey, value: Value) {
    this.key = key;
    this.value = value;
  }
}

export type MapKey = string | number | boolean;
export type StoredObject = { readonly [key: string]: unknown };
export type Value =
  | null
  | boolean
  | number
  | string
  | Interval
  | Entry
  | readonly Value[]
  | ReadonlyMap<MapKey, Value>
  | StoredObject;

/** A value as JSON shows it: a map as an object, an interval by its bounds. What nests too deep is null. */
export function toJsonValue(value: Value, depth = 0): unknown {
  if (value === null || typeof value !== 'object') return Object.is(value, -0) ? 0 : value;
  if (depth > VALUE_DEPTH_MAX) return null;
  const show = (item: unknown) => toJsonValue((item ?? null) as Value, depth + 1);
  if (Array.isArray(value)) return value.map(show);
  if (value instanceof Interval) return { start: value.start, end: value.end };
  if (value instanceof Entry) return plainObject([[String(value.key), show(value.value)]]);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return plainObject(entries.map(([key, item]) => [String(key), show(item)]));
}

/** `Object.fromEntries` defines own properties, so a key `__proto__` stays data. */
const plainObject = (entries: readonly (readonly [string, unknown])[]): unknown => Object.fromEntries(entries);
