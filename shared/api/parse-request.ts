import type * as z from 'zod';
import { type Mistake, Problem } from './problem.ts';

/** A body by its schema, or a problem that names every mistake at once. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  if (body === undefined) throw new Problem('invalid-request', 'The body is missing: send JSON.');
  const mistakes = mistakesIn(parsed.error, (path) => `/${path.join('/')}`);
  throw new Problem('invalid-request', `The body has ${count(mistakes)}.`, { mistakes });
}

export function parseQuery<Schema extends z.ZodType>(schema: Schema, query: unknown): z.output<Schema> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const mistakes = mistakesIn(parsed.error, (path) => `?${path.join('.')}`);
  throw new Problem('invalid-request', `The query has ${count(mistakes)}.`, { mistakes });
}

const count = ({ length }: readonly unknown[]) => (length === 1 ? 'one mistake' : `${length} mistakes`);

type Place = (path: readonly PropertyKey[]) => string;

function mistakesIn(error: z.ZodError, place: Place): Mistake[] {
  return error.issues.flatMap(closest).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ pointer: place(issue.path), message: issue.message }];
    return issue.keys.map((key) => ({ pointer: place([...issue.path, key]), message: 'is not known here' }));
  });
}

/** Of a choice the mistakes of the one alternative that is of the kind that was sent: "invalid input" helps nobody. */
function closest(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const ofKind = issue.errors.filter((inner) => !inner.some(isOfAnotherKind));
  const [only] = ofKind;
  if (only === undefined || ofKind.length > 1) return [issue];
  return only.flatMap((inner) => closest({ ...inner, path: [...issue.path, ...inner.path] }));
}

const isOfAnotherKind = ({ code, path }: z.core.$ZodIssue) => code === 'invalid_type' && path.length === 0;
