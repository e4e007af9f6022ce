/** EventBridge's schedule expressions: `rate(5 minutes)` and the common part of `cron(…)`. */

/** Milliseconds from `now` to the next time. */
export type Schedule = (now: number) => number;

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
]);
const MINUTE_MS = 60_000;
/** A year and a day: an expression that names no time within it never fires. */
const MINUTES_AHEAD_MAX = 367 * 24 * 60;

export function parseSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) {
    const period = Number(rate[1]) * (UNIT_MS.get(rate[2] ?? '') ?? Number.NaN);
    return () => period;
  }
  const cron = /^cron\((.+)\)$/.exec(expression);
  if (cron) return parseCron(cron[1] ?? '', expression);
  throw new Error(`the local runner doesn't know the schedule ${expression}`);
}

function parseCron(fields: string, expression: string): Schedule {
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = '', ...more] = fields.split(' ');
  if (year === '' || more.length > 0) throw new Error(`${expression}: a cron expression has six fields`);
  const range = (field: string, from: number, to: number) => parseField(field, { from, to, expression });
  const minutes = range(minute, 0, 59);
  const hours = range(hour, 0, 23);
  const days = range(day, 1, 31);
  const months = range(month, 1, 12);
  const weekdays = range(weekday, 1, 7);
  const years = range(year, 1970, 2199);
  const fires = (time: Date) =>
    minutes.has(time.getUTCMinutes()) &&
    hours.has(time.getUTCHours()) &&
    days.has(time.getUTCDate()) &&
    months.has(time.getUTCMonth() + 1) &&
    weekdays.has(time.getUTCDay() + 1) &&
    years.has(time.getUTCFullYear());
  return (now) => {
    const first = Math.floor(now / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    for (let ahead = 0; ahead < MINUTES_AHEAD_MAX; ahead++) {
      const time = first + ahead * MINUTE_MS;
      if (fires(new Date(time))) return time - now;
    }
    throw new Error(`${expression} never fires`);
  };
}

interface FieldBounds {
  readonly from: number;
  readonly to: number;
  readonly expression: string;
}

function parseField(field: string, { from, to, expression }: FieldBounds): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:[*?]|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) throw new Error(`${expression}: the local runner doesn't know the cron field ${field}`);
    const [, first, last, step] = match;
    const start = first === undefined ? from : Number(first);
    const end = last === undefined ? (first !== undefined && step === undefined ? start : to) : Number(last);
    for (let value = start; value <= end; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}
