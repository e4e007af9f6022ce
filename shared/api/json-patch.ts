/** JSON Patch (RFC 6902) as requests of the API carry it. */
import { applyPatch, type Operation } from 'rfc6902';
import * as z from 'zod';
import { Problem } from './problem.ts';

export const PATCH_OPERATIONS_MAX = 50;
const POINTER_LENGTH_MAX = 500;

const pointer = z.string().max(POINTER_LENGTH_MAX);

export const jsonPatch = z
  .array(
    z.discriminatedUnion('op', [
      z.strictObject({ op: z.enum(['add', 'replace', 'test']), path: pointer, value: z.json() }),
      z.strictObject({ op: z.literal('remove'), path: pointer }),
      z.strictObject({ op: z.enum(['move', 'copy']), from: pointer, path: pointer }),
    ]),
  )
  .min(1)
  .max(PATCH_OPERATIONS_MAX);
export type JsonPatch = z.output<typeof jsonPatch>;

/** What becomes of the document, which stays as it is. A patch that can't be applied whole is refused whole. */
export function patched(document: object, patch: JsonPatch): unknown {
  // The root itself can be replaced, so it is held by something.
  const holder = { document: structuredClone(document) };
  const operations = patch.map((operation) => ({
    ...operation,
    path: `/document${operation.path}`,
    ...('from' in operation && { from: `/document${operation.from}` }),
  })) as Operation[];
  for (const [index, operation] of operations.entries()) {
    const error = applyOne(holder, operation);
    if (error !== undefined) throw refusal(error, index, patch[index] as JsonPatch[number]);
  }
  return holder.document;
}

function applyOne(holder: object, operation: Operation): Error | undefined {
  try {
    return applyPatch(holder, [operation])[0] ?? undefined;
  } catch (error) {
    return error as Error;
  }
}

function refusal({ name }: Error, index: number, { op, path }: JsonPatch[number]): Problem {
  if (name === 'TestError') {
    return new Problem('conflict', `Operation ${index + 1} of the patch tests ${path}, which has another value.`);
  }
  const mistakes = [{ pointer: `/${index}`, message: `${op} ${path || '""'} is not possible: nothing is there` }];
  return new Problem('invalid-request', 'The patch does not fit what it is applied to.', { mistakes });
}
