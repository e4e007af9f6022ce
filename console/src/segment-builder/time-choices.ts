/** The menu of times: which choice a time is, and the time that a choice begins as. */
import type { Moment, Span, Unit, When } from './model.ts';

export const CHOICES = [
  ...(['any', 'inLast', 'notInLast', 'range', 'inNext'] as const),
  ...(['today', 'yesterday', 'thisWeek', 'thisMonth', 'lastMonth', 'thisYear'] as const),
  ...(['before', 'after', 'on', 'between', 'other'] as const),
] as const;
export type Choice = (typeof CHOICES)[number];

const PERIODS: Readonly<Partial<Record<Choice, { readonly which: 'this' | 'last'; readonly unit: Unit }>>> = {
  today: { which: 'this', unit: 'day' },
  yesterday: { which: 'last', unit: 'day' },
  thisWeek: { which: 'this', unit: 'week' },
  thisMonth: { which: 'this', unit: 'month' },
  lastMonth: { which: 'last', unit: 'month' },
  thisYear: { which: 'this', unit: 'year' },
};

/** What the form holds while a time is chosen. */
export interface TimeForm {
  readonly choice: Choice;
  readonly span: Span;
  readonly near: Span;
  /** `2026-11-23` */
  readonly date: string;
  readonly until: string;
}

export function formOf(when: When | undefined, today: string): TimeForm {
  const base: TimeForm = {
    choice: choiceOf(when),
    span: { count: 30, unit: 'day' },
    near: { count: 7, unit: 'day' },
    date: today,
    until: today,
  };
  switch (when?.form) {
    case 'distance':
      return { ...base, span: { count: when.count, unit: when.unit } };
    case 'range':
      return { ...base, span: when.far, near: when.near };
    case 'direction':
    case 'on':
      return { ...base, date: dateOf(when.moment) ?? today };
    case 'between':
      return { ...base, date: dateOf(when.from) ?? today, until: dateOf(when.to) ?? today };
    default:
      return base;
  }
}

function choiceOf(when: When | undefined): Choice {
  switch (when?.form) {
    case undefined:
      return 'any';
    case 'range':
      return 'range';
    case 'distance':
      if (when.moment.kind !== 'now') return 'other';
      if (when.direction === 'after') return when.op === '<=' ? 'inNext' : 'other';
      return when.op === '<=' ? 'inLast' : when.op === '>' ? 'notInLast' : 'other';
    case 'between':
      return when.from.kind === 'day' && when.to.kind === 'day' ? 'between' : 'other';
    case 'direction':
      return when.moment.kind === 'day' ? when.direction : 'other';
    case 'on':
      return periodChoice(when.moment) ?? (when.moment.kind === 'day' ? 'on' : 'other');
  }
}

function periodChoice(moment: Moment): Choice | undefined {
  if (moment.kind !== 'period') return undefined;
  return CHOICES.find((choice) => PERIODS[choice]?.which === moment.which && PERIODS[choice]?.unit === moment.unit);
}

/** `undefined` for any time; what was written by hand stays as it was. */
export function whenOf({ choice, span, near, date, until }: TimeForm, before: When | undefined): When | undefined {
  const period = PERIODS[choice];
  if (period !== undefined) return { form: 'on', moment: { kind: 'period', ...period } };
  const distance = (op: '<=' | '>', direction: 'before' | 'after'): When => {
    return { form: 'distance', op, ...span, direction, moment: { kind: 'now' } };
  };
  switch (choice) {
    case 'inLast':
      return distance('<=', 'before');
    case 'notInLast':
      return distance('>', 'before');
    case 'inNext':
      return distance('<=', 'after');
    case 'range':
      return { form: 'range', near, far: span };
    case 'before':
    case 'after':
      return { form: 'direction', direction: choice, moment: dayOf(date) };
    case 'on':
      return { form: 'on', moment: dayOf(date) };
    case 'between':
      return { form: 'between', from: dayOf(date), to: dayOf(until) };
    case 'other':
      return before;
    default:
      return undefined;
  }
}

function dayOf(date: string): Moment {
  const [year = 1970, month = 1, day = 1] = date.split('-').map(Number);
  return { kind: 'day', year, month, day };
}

function dateOf(moment: Moment): string | undefined {
  if (moment.kind !== 'day') return undefined;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(moment.year).padStart(4, '0')}-${two(moment.month)}-${two(moment.day)}`;
}
