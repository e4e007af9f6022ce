/**
 * Names and descriptions as people write them for other people: without characters that nobody sees, which let one name
 * look like another, turn a line around, or break a terminal and a log.
 */
import * as z from 'zod';

/** Controls, what turns the direction of text around, what has no width, and what is no character. */
const UNSEEN = /[\p{Cc}\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]/u;
/** The same, but for tabs and new lines. */
const UNSEEN_IN_LINES = /(?![\t\n\r])[\p{Cc}\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]/u;

/** One line: a name, a tag. */
export const authoredLine = (lengthMax: number, lengthMin = 1) => textWithout(UNSEEN, lengthMax).min(lengthMin);
/** Several lines, or none. */
export const authoredLines = (lengthMax: number) => textWithout(UNSEEN_IN_LINES, lengthMax);

function textWithout(unseen: RegExp, lengthMax: number) {
  return z
    .string()
    .max(lengthMax)
    .refine((text) => !unseen.test(text), {
      error: ({ input }) => `holds ${codeOf(unseen.exec(String(input))?.[0])}, which nobody sees: leave it out`,
    });
}

const codeOf = (character = '') => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
