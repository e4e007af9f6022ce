/** A name that was mistyped, put right: where the compiler knows which one is meant. */
import type { Diagnostic } from '#shared/pql/diagnostic.ts';

export interface CodeFix {
  readonly name: string;
  readonly text: string;
}

type Mistyped = Pick<Diagnostic, 'start' | 'end' | 'message' | 'hint'>;

export function fixOf({ start, end, message, hint }: Mistyped, text: string): CodeFix | undefined {
  const name = /did you mean "([^"]+)"/.exec(hint ?? '')?.[1];
  const typed = /"([^"]+)"/.exec(message)?.[1];
  if (name === undefined || typed === undefined) return undefined;
  // What is marked may be the whole call: the name stands last in it.
  const at = text.slice(0, end).lastIndexOf(typed);
  if (at < start) return undefined;
  return { name, text: text.slice(0, at) + name + text.slice(at + typed.length) };
}
