/** Times as files hold them: ISO 8601, seconds or milliseconds since 1970, or a pattern such as `dd.MM.yyyy HH:mm`. */

import { instantOfLocal, isRealDate } from '#shared/pql/time/calendar.ts';
import { zoneOf } from '#shared/pql/time/zone.ts';
import { readTimestamp } from '#shared/profile/experience-event.ts';

/** Epoch milliseconds, or `undefined` for a text of another form. */
export type ReadInstant = (value: unknown) => number | undefined;

const TOKENS: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  MM: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  SSS: '(?<milli>\\d{3})',
};

export interface InstantFormat {
  readonly format: string;
  /** Of times without an offset. */
  readonly timeZone: string;
}

/** Fails, in words, for a format or a time zone that there is not. */
export function instantReader({ format, timeZone }: InstantFormat): ReadInstant | string {
  const zone = zoneOf(timeZone);
  if (zone === undefined) return `there is no time zone ${timeZone}`;
  if (format === 'iso') return isoReader((local) => instantOfLocal(local, zone));
  if (format === 'epochSeconds') return (value) => inUnits(value, 1000);
  if (format === 'epochMilliseconds') return (value) => inUnits(value, 1);
  const pattern = patternOf(format);
  if (pattern === undefined)
    return `${format} is no format: iso, epochSeconds, epochMilliseconds or a pattern with yyyy, MM and dd`;
  return (value) => {
    const local = localOf(pattern.exec(String(value).trim())?.groups);
    return local === undefined ? undefined : instantOfLocal(local, zone);
  };
}

function inUnits(value: unknown, milliseconds: number): number | undefined {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof count === 'number' ? readTimestamp(count * milliseconds) : undefined;
}

/** With an offset, or without one in the zone; a date alone is its midnight. */
function isoReader(toInstant: (local: number) => number): ReadInstant {
  return (value) => {
    const text = String(value).trim();
    const exact = readTimestamp(text);
    if (exact !== undefined) return exact;
    const local = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : `${text}Z`;
    const wall = readTimestamp(local);
    return wall === undefined ? undefined : toInstant(wall);
  };
}

function patternOf(format: string): RegExp | undefined {
  const parts = format.match(/yyyy|MM|dd|HH|mm|ss|SSS|./gs) ?? [];
  if (!['yyyy', 'MM', 'dd'].every((token) => parts.filter((part) => part === token).length === 1)) return undefined;
  if (new Set(parts.filter(isToken)).size < parts.filter(isToken).length) return undefined;
  const sources = parts.map((part, index) => {
    const source = TOKENS[part];
    if (source === undefined) return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    // Without a separator beside it, its width is what tells a part from the next.
    const isAlone = !isToken(parts[index - 1]) && !isToken(parts[index + 1]);
    return isAlone ? source : source.replace('{1,2}', '{2}');
  });
  return new RegExp(`^${sources.join('')}$`);
}

const isToken = (part: string | undefined) => part !== undefined && Object.hasOwn(TOKENS, part);

function localOf(groups: Readonly<Record<string, string>> | undefined): number | undefined {
  if (groups === undefined) return undefined;
  const { year, month, day, hour = '0', minute = '0', second = '0', milli = '0' } = groups;
  if (!isRealDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(milli),
  );
}
