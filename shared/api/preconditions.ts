import { Problem } from './problem.ts';

/**
 * `If-Match`, when sent, must name the version that is about to be changed; where there is none yet (`current` undefined)
 * nothing matches, `*` neither. `what`: "definition", as in a sentence. Source: RFC 9110 §13.1.1.
 */
export function requireEntityTag(
  headers: Readonly<Record<string, string | undefined>>,
  current: string | undefined,
  what: string,
): void {
  const wanted = headers['if-match'];
  if (wanted === undefined) return;
  const tags = wanted.split(',').map((tag) => tag.trim());
  if (current !== undefined && (tags.includes('*') || tags.includes(current))) return;
  const state = current === undefined ? `There is no ${what}` : `The ${what} is at ${current}`;
  throw new Problem('precondition-failed', `${state}, If-Match names ${wanted}: read it again and repeat the change.`);
}
