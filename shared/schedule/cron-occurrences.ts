/** When the fields of EventBridge Scheduler's `cron(…)` are due, by the clock of a time zone. */
import { Cron } from 'croner';

/** The first instant after the given one, or `undefined`: never again. */
export type NextOccurrence = (after: number) => number | undefined;

/** `fields`: minutes, hours, day of month, month, day of week, year. Throws what is wrong with them. */
export function cronOccurrences(fields: string, timezone: string): NextOccurrence {
  // Sunday is 1, and `0/15` begins at 0.
  const options = { timezone, mode: '7-part', alternativeWeekdays: true, sloppyRanges: true, paused: true } as const;
  const cron = new Cron(`0 ${fields}`, options);
  return (after) => {
    let next = cron.nextRun(new Date(after));
    // What a change to summer time leaves out is skipped, not moved.
    while (next && !cron.match(next)) next = cron.nextRun(next);
    return next?.getTime();
  };
}

/** Offsets are no zones: the service takes names of the tz database only. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
