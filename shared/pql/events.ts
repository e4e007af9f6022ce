import { parseInstant } from './time/instant.ts';
import { UTC } from './time/zone.ts';
import type { ExperienceEvent } from './value.ts';

/**
 * Events as expressions see them: timestamps in epoch milliseconds, ordered by (timestamp, `_id`), each `_id` once
 * (the first given). What is no object is left out; an event without a readable timestamp comes first.
 */
export function normalizeEvents(raw: readonly unknown[]): ExperienceEvent[] {
  const seen = new Set<unknown>();
  const events: ExperienceEvent[] = [];
  for (const item of raw) {
    if (!isObject(item)) continue;
    const id = Object.hasOwn(item, '_id') ? item._id : undefined;
    if (id !== undefined && id !== null) {
      if (seen.has(id)) continue;
      seen.add(id);
    }
    events.push({ ...item, timestamp: instantOf(item.timestamp) } as ExperienceEvent);
  }
  return isSorted(events) ? events : events.sort(compareEvents);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const instantOf = (value: unknown): number | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' ? parseInstant(value, UTC) : null;
};

const isSorted = (events: readonly ExperienceEvent[]): boolean =>
  events.every((event, index) => index === 0 || compareEvents(events[index - 1] as ExperienceEvent, event) <= 0);

/** The order of events: by time, then `_id` by code point. */
export function compareEvents(left: ExperienceEvent, right: ExperienceEvent): number {
  const leftTime = left.timestamp ?? Number.NEGATIVE_INFINITY;
  const rightTime = right.timestamp ?? Number.NEGATIVE_INFINITY;
  if (leftTime !== rightTime) return leftTime < rightTime ? -1 : 1;
  return compareCodePoints(String(left._id ?? ''), String(right._id ?? ''));
}

/** `<` on strings compares UTF-16 units, which puts U+FFxx after the supplementary planes. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a === b) continue;
    const isPair = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
    return isPair(a) === isPair(b) ? a - b : isPair(a) ? 1 : -1;
  }
  return left.length - right.length;
}
