/** What a value is, as far as its JSON shows. */
import { readTimestamp } from '#shared/profile/experience-event.ts';

export type Scalar = string | number | boolean;

export type Kind = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'date-time';

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** The kind; of a time written out also its instant, epoch milliseconds. */
export function kindOf(value: Scalar): { readonly kind: Kind; readonly time?: number } {
  if (typeof value === 'boolean') return { kind: 'boolean' };
  if (typeof value === 'number') return { kind: Number.isInteger(value) ? 'integer' : 'number' };
  const day = DATE.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(day)) return { kind: 'date', time: day };
  const time = value.length <= 40 ? readTimestamp(value) : undefined;
  return time === undefined ? { kind: 'string' } : { kind: 'date-time', time };
}

/** Whether a field that is declared so may hold it: a time may also be a number, and any number an integer's place. */
export function fits(kind: Kind, type: string | undefined, format: string | undefined): boolean {
  if (type === undefined) return true;
  if (type === 'number') return kind === 'number' || kind === 'integer';
  if (type !== 'string') return kind === type;
  if (format === 'date-time') return kind === 'date-time' || kind === 'date' || kind === 'integer';
  if (format === 'date') return kind === 'date' || kind === 'date-time';
  return kind === 'string' || kind === 'date' || kind === 'date-time';
}
