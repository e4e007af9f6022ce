/** What differs between two values of JSON, field by field: lists are compared as a whole, for their order means something. */
import * as z from 'zod';

export const difference = z.strictObject({
  /** A JSON pointer; empty for the whole. */
  path: z.string(),
  /** Absent where there was nothing. */
  before: z.unknown().optional(),
  /** Absent where there is nothing any more. */
  after: z.unknown().optional(),
});
export type Difference = z.output<typeof difference>;

export function differencesOf(before: unknown, after: unknown, path = ''): Difference[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => differencesOf(before[name], after[name], `${path}/${token(name)}`));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const token = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
