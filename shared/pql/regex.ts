/**
 * Regular expressions come from users, so they run on re2js, whose time is linear in the text. What is left to bound
 * is the size of the program: `(a{1000}){1000}` is small as text only.
 */
import { RE2JS } from 're2js';
import { PATTERN_LENGTH_MAX, PATTERN_PROGRAM_MAX } from './limits.ts';

export interface Pattern {
  /** Whether it matches somewhere in the text. */
  readonly finds: (text: string) => boolean;
  /** A group of the first match; null without a match, without such a group, or if it took no part. */
  readonly group: (text: string, group: number) => string | null;
}

export type PatternRefusal = { readonly refused: string };

export function compilePattern(source: string, ignoreCase: boolean): Pattern | PatternRefusal {
  if (source.length > PATTERN_LENGTH_MAX) {
    return { refused: `at most ${PATTERN_LENGTH_MAX} characters (PATTERN_LENGTH_MAX)` };
  }
  try {
    const pattern = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    if (pattern.programSize() > PATTERN_PROGRAM_MAX) {
      return { refused: `more than ${PATTERN_PROGRAM_MAX} instructions (PATTERN_PROGRAM_MAX)` };
    }
    return patternOf(pattern);
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

function patternOf(pattern: RE2JS): Pattern {
  return {
    finds: (text) => pattern.test(text),
    group: (text, group) => {
      const matcher = pattern.matcher(text);
      if (!matcher.find() || group > matcher.groupCount()) return null;
      return matcher.group(group) ?? null;
    },
  };
}

export const isPattern = (compiled: Pattern | PatternRefusal): compiled is Pattern => !('refused' in compiled);
