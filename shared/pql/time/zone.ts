/**
 * Offsets of named time zones, from the engine's own tables (the same for everybody on one version of Node).
 * Offsets are kept per quarter of an hour, the step in which clocks have been changed since 1972.
 */
export interface Zone {
  readonly name: string;
  /** Milliseconds to add to UTC to get local time. */
  readonly offsetAt: (instant: number) => number;
}

export const UTC: Zone = { name: 'UTC', offsetAt: () => 0 };

const QUARTER_HOUR_MS = 900_000;
const YEAR_1972 = 63_072_000_000;
const INSTANT_MAX = 8.64e15;
/** A profile's events fall into few quarters; the bound is for what is not a profile. */
const CACHED_OFFSETS_MAX = 50_000;

const zones = new Map<string, Zone>();

export function zoneOf(name: string | undefined): Zone | undefined {
  if (name === undefined || name === 'UTC') return UTC;
  const known = zones.get(name);
  if (known !== undefined) return known;
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const zone = cached(name, (instant) => offsetBy(format, instant));
  zones.set(name, zone);
  return zone;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const parts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric' } as const;
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      minute: 'numeric',
      second: 'numeric',
      ...parts,
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function cached(name: string, compute: (instant: number) => number): Zone {
  const offsets = new Map<number, number>();
  const offsetAt = (instant: number): number => {
    if (!(Math.abs(instant) <= INSTANT_MAX)) return 0;
    if (instant < YEAR_1972) return compute(instant);
    const quarter = Math.floor(instant / QUARTER_HOUR_MS);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= CACHED_OFFSETS_MAX) offsets.clear();
    const offset = compute(quarter * QUARTER_HOUR_MS);
    offsets.set(quarter, offset);
    return offset;
  };
  return { name, offsetAt };
}

function offsetBy(format: Intl.DateTimeFormat, instant: number): number {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get('era') === 'BC' || parts.get('era') === 'B' ? 1 - part('year') : part('year');
  const local = new Date(0);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'), 0);
  return local.getTime() - Math.floor(instant / 1000) * 1000;
}
