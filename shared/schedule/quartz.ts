/**
 * Quartz cron, as the published API takes it, to the six fields of EventBridge Scheduler's `cron(…)`.
 *
 *     seconds minutes hours day-of-month month day-of-week [year]     0 0/15 8-18 ? * MON-FRI
 *             minutes hours day-of-month month day-of-week  year        0/15 8-18 ? *   2-6   *
 *
 * Both count Sunday as 1. What the one says and the other can't is refused with what to write instead.
 */
import { fail, ok, type Result } from '#shared/kernel/result.ts';

interface FieldRule {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** A step is written out as a list: the service knows none in this field. */
  readonly isListed?: true;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const MINUTES: FieldRule = { name: 'minutes', min: 0, max: 59 };
const HOURS: FieldRule = { name: 'hours', min: 0, max: 23 };
const DAY_OF_MONTH: FieldRule = { name: 'day of month', min: 1, max: 31 };
const MONTH: FieldRule = { name: 'month', min: 1, max: 12, names: MONTHS };
const DAY_OF_WEEK: FieldRule = { name: 'day of week', min: 1, max: 7, names: DAYS, isListed: true };
const YEAR: FieldRule = { name: 'year', min: 1970, max: 2199 };

class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The fields, or what a schedule has instead. */
export function convertQuartz(text: string): Result<string, string> {
  try {
    return ok(convert(text.trim().toUpperCase().split(/\s+/)).join(' '));
  } catch (error) {
    if (error instanceof Refusal) return fail(error.message);
    throw error;
  }
}

function convert(parts: readonly string[]): string[] {
  if (parts.length !== 6 && parts.length !== 7) {
    throw new Refusal(
      'has six or seven fields: seconds, minutes, hours, day of month, month, day of week, and a year if it must be',
    );
  }
  const [seconds, minutes, hours, dayOfMonth, month, dayOfWeek, year = '*'] = parts as [string, ...string[]];
  if (!/^0{1,2}$/.test(seconds)) {
    throw new Refusal(`has 0 as its seconds, not ${seconds}: a schedule fires with a minute, at most once in each`);
  }
  return [
    field(minutes as string, MINUTES),
    field(hours as string, HOURS),
    ...days(dayOfMonthField(dayOfMonth as string), field(month as string, MONTH), dayOfWeekField(dayOfWeek as string)),
    field(year, YEAR),
  ];
}

/** One of the two days says which; the other is left open. */
function days(dayOfMonth: string, month: string, dayOfWeek: string): string[] {
  if (dayOfMonth === '?' && dayOfWeek === '?') throw new Refusal('has ? as one of its days, not as both');
  if (dayOfWeek === '?') return [dayOfMonth, month, '?'];
  if (dayOfMonth === '?') return ['?', month, dayOfWeek];
  if (dayOfWeek === '*') return [dayOfMonth, month, '?'];
  if (dayOfMonth === '*') return ['?', month, dayOfWeek];
  throw new Refusal('says a day of the month or a day of the week, not both: write ? for the other');
}

function dayOfMonthField(text: string): string {
  if (text === '?' || text === 'L') return text;
  const [, day] = /^(\d{1,2})W$/.exec(text) ?? [];
  if (day !== undefined) return `${numberOf(day, DAY_OF_MONTH)}W`;
  if (/[LW]/.test(text)) {
    throw new Refusal(`has L or a day with W, alone, as its day of month: ${text} can't be scheduled`);
  }
  return field(text, DAY_OF_MONTH);
}

function dayOfWeekField(text: string): string {
  if (text === '?') return text;
  if (text === 'L') return '7';
  const [, last] = /^(\w+?)L$/.exec(text) ?? [];
  if (last !== undefined) return `${numberOf(last, DAY_OF_WEEK)}L`;
  const [, day, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (day !== undefined) return `${numberOf(day, DAY_OF_WEEK)}#${nth}`;
  if (text.includes('#')) throw new Refusal(`has a day and a number from 1 to 5 around the # of ${text}, alone`);
  return field(text, DAY_OF_WEEK);
}

function field(text: string, rule: FieldRule): string {
  if (text === '*') return text;
  return text
    .split(',')
    .map((item) => itemOf(item, rule))
    .join(',');
}

function itemOf(item: string, rule: FieldRule): string {
  const [values = '', step, ...more] = item.split('/');
  if (more.length > 0) throw unreadable(item, rule);
  const [first = '', last, ...others] = values.split('-');
  if (others.length > 0) throw unreadable(item, rule);
  const isOpen = step !== undefined && (first === '*' || first === '') && last === undefined;
  const from = isOpen ? rule.min : numberOf(first, rule);
  const to = last === undefined ? undefined : numberOf(last, rule);
  if (to !== undefined && to < from) {
    throw new Refusal(`has ranges from the smaller to the greater: write two for the ${item} of its ${rule.name}`);
  }
  if (step === undefined) return to === undefined ? `${from}` : `${from}-${to}`;
  const by = stepOf(step, rule);
  return to === undefined && !rule.isListed ? `${from}/${by}` : listed(from, to ?? rule.max, by);
}

function listed(from: number, to: number, by: number): string {
  const values: number[] = [];
  for (let value = from; value <= to; value += by) values.push(value);
  return values.join(',');
}

function stepOf(text: string, { name, min, max }: FieldRule): number {
  const step = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (step >= 1 && step <= max - min + 1) return step;
  throw new Refusal(`has steps of 1 to ${max - min + 1} in its ${name}, not ${text}`);
}

function numberOf(text: string, { name, min, max, names = [] }: FieldRule): number {
  const named = names.indexOf(text);
  if (named >= 0) return named + min;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const words = names.length > 0 ? ` or ${names[0]} to ${names.at(-1)}` : '';
  throw new Refusal(`has ${min} to ${max}${words} as its ${name}, not ${text === '' ? 'nothing' : text}`);
}

const unreadable = (item: string, { name }: FieldRule) =>
  new Refusal(`has values, ranges and steps as its ${name}: ${item} is none of them`);
