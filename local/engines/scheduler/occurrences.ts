/** When a schedule is due: `rate(…)`, `cron(…)` and `at(…)`, in a time zone, as EventBridge Scheduler documents them. */
import { cronOccurrences } from '#shared/schedule/cron-occurrences.ts';

export interface Timing {
  readonly expression: string;
  readonly timezone: string;
  /** From which a rate counts: the start date, or when the schedule was made. */
  readonly base: number;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** The first instant after the given one, or `undefined`: never again. */
export type Occurrences = (after: number) => number | undefined;

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);

/** Throws what is wrong with the expression or the time zone. */
export function occurrences(timing: Timing): Occurrences {
  checkTimezone(timing.timezone);
  const next = parse(timing);
  // A one-time schedule knows neither start nor end.
  if (timing.expression.startsWith('at(')) return next;
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = timing;
  return (after) => {
    const found = next(Math.max(after, start - 1));
    return found !== undefined && found <= end ? found : undefined;
  };
}

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch (error) {
    throw new Error(`Invalid ScheduleExpressionTimezone ${timezone}.`, { cause: error });
  }
}

function parse({ expression, timezone, base }: Timing): Occurrences {
  const [, kind = '', inner = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return parseRate(inner, expression, base);
  if (kind === 'cron') return parseCron(inner, expression, timezone);
  if (kind === 'at') return parseAt(inner, expression, timezone);
  throw invalid(expression);
}

const invalid = (expression: string, cause?: unknown) =>
  new Error(`Invalid Schedule Expression ${expression}.`, { cause });

function parseRate(inner: string, expression: string, base: number): Occurrences {
  const [, value = '', unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(inner) ?? [];
  const period = Number(value) * (UNIT_MS.get(unit) ?? 0);
  if (period === 0) throw invalid(expression);
  return (after) => base + Math.max(0, Math.floor((after - base) / period) + 1) * period;
}

function parseCron(inner: string, expression: string, timezone: string): Occurrences {
  const [, , day, , weekday, year, ...more] = inner.split(' ');
  const isWhole = year !== undefined && more.length === 0;
  // One of the two days says which; the other is left open.
  if (!isWhole || [day, weekday].filter((field) => field === '?').length !== 1) throw invalid(expression);
  try {
    return cronOccurrences(inner, timezone);
  } catch (error) {
    throw invalid(expression, error);
  }
}

function parseAt(inner: string, expression: string, timezone: string): Occurrences {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner)) throw invalid(expression);
  const time = instantOf(inner, timezone);
  if (Number.isNaN(time)) throw invalid(expression);
  return (after) => (time > after ? time : undefined);
}

/** The instant at which clocks of the zone show this; of two, the first. */
function instantOf(local: string, timezone: string): number {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return asUtc;
  const day = 86_400_000;
  const candidates = [asUtc - day, asUtc + day].map((near) => asUtc - offsetAt(near, timezone));
  return (
    candidates.find((candidate) => candidate + offsetAt(candidate, timezone) === asUtc) ?? (candidates[0] as number)
  );
}

function offsetAt(instant: number, timezone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
