import { DAY_MS, daysOf, instantOfLocal, isRealDate } from './calendar.ts';
import type { Zone } from './zone.ts';

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?))?$/;

/**
 * ISO 8601 to epoch milliseconds: a date with time and offset, or a date alone, which is midnight in the zone.
 * Anything else is null, also an impossible date and a time without an offset.
 */
export function parseInstant(text: string, zone: Zone): number | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (!isRealDate(year, month, day)) return null;
  const midnight = daysOf(year, month, day) * DAY_MS;
  if (match[4] === undefined) return instantOfLocal(midnight, zone);
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  const offset = offsetOf(match[8] ?? 'Z');
  if (hour > 23 || minute > 59 || second > 59 || offset === null) return null;
  const millisecond = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond - offset;
}

function offsetOf(text: string): number | null {
  if (text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** As a literal is printed. */
export const formatInstant = (instant: number): string => new Date(instant).toISOString();
