/** A value cut down to what a person reads. */
import { type ExperienceEvent, toJsonValue, type Value } from '../value.ts';
import { STRING_LENGTH_MAX, VALUE_DEPTH_SHOWN_MAX, VALUE_ITEMS_MAX } from './limits.ts';

export interface Shown {
  readonly value: unknown;
  readonly isCut: boolean;
}

/** `events` are those of the profile: one of them within a value is shown by its id. */
export function showValue(value: Value, events: ReadonlySet<unknown>): Shown {
  let isCut = false;
  const cut = <Part>(part: Part): Part => {
    isCut = true;
    return part;
  };
  const show = (part: unknown, depth: number): unknown => {
    if (events.has(part)) return (part as ExperienceEvent)._id ?? null;
    if (typeof part === 'string') {
      return part.length > STRING_LENGTH_MAX ? cut(`${part.slice(0, STRING_LENGTH_MAX)}…`) : part;
    }
    if (part === null || typeof part !== 'object') return toJsonValue((part ?? null) as Value);
    if (depth === VALUE_DEPTH_SHOWN_MAX) return cut(null);
    const pairs: readonly (readonly [string, unknown])[] = Array.isArray(part)
      ? part.map((item, index) => [String(index), item])
      : pairsOf(part);
    const kept = pairs.length > VALUE_ITEMS_MAX ? cut(pairs.slice(0, VALUE_ITEMS_MAX)) : pairs;
    if (Array.isArray(part)) return kept.map(([, item]) => show(item, depth + 1));
    return Object.fromEntries(kept.map(([key, item]) => [key, show(item, depth + 1)]));
  };
  const shown = show(value, 0);
  return { value: shown, isCut };
}

/** A map keeps its items as they are, so that events in a group are still known as such. */
function pairsOf(part: object): readonly (readonly [string, unknown])[] {
  if (part instanceof Map) return [...part].map(([key, item]) => [String(key), item]);
  const prototype: unknown = Object.getPrototypeOf(part);
  const isData = prototype === Object.prototype || prototype === null;
  return Object.entries(isData ? part : (toJsonValue(part as Value) as object));
}
