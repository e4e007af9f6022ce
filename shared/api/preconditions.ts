import { Problem } from './problem.ts';

/** `If-Match`, when sent, must name the version that is about to be changed. `what`: "The definition". */
export function requireEntityTag(
  headers: Readonly<Record<string, string | undefined>>,
  etag: string,
  what: string,
): void {
  const wanted = headers['if-match'];
  if (wanted === undefined || wanted.trim() === '*') return;
  const tags = wanted.split(',').map((tag) => tag.trim());
  if (tags.includes(etag)) return;
  throw new Problem(
    'precondition-failed',
    `${what} is at ${etag}, If-Match names ${wanted}: read it again and repeat the change.`,
  );
}
