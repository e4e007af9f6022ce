/** String functions. Positions and lengths count code points, so that a flag or an emoji is not cut in two. */
import type { Call } from '../ast.ts';
import { compilePattern, isPattern, type Pattern } from '../regex.ts';
import type { Value } from '../value.ts';
import { type Code, type Compiler, sealed } from './code.ts';

type StringTest = (text: string, argument: string) => boolean;

const TESTS: ReadonlyMap<string, StringTest> = new Map<string, StringTest>([
  ['startsWith', (text, start) => text.startsWith(start)],
  ['doesNotStartWith', (text, start) => !text.startsWith(start)],
  ['endsWith', (text, end) => text.endsWith(end)],
  ['doesNotEndWith', (text, end) => !text.endsWith(end)],
  ['contains', (text, part) => text.includes(part)],
  ['doesNotContain', (text, part) => !text.includes(part)],
  ['like', isLike],
]);

/**
 * `%` is any text, `_` one code point. On a mismatch only the last `%` is widened, so the time is at most
 * text × pattern.
 */
function isLike(text: string, pattern: string): boolean {
  const [points, wanted] = [[...text], [...pattern]];
  let [at, in_] = [0, 0];
  let [star, resume] = [-1, 0];
  while (at < points.length) {
    if (wanted[in_] === '%') {
      star = in_;
      in_ += 1;
      resume = at;
    } else if (in_ < wanted.length && (wanted[in_] === '_' || wanted[in_] === points[at])) {
      at += 1;
      in_ += 1;
    } else if (star !== -1) {
      in_ = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  while (wanted[in_] === '%') in_ += 1;
  return in_ === wanted.length;
}

/** A function of one string or, over a list, of each of its elements. */
function lift(receiver: Code, rest: readonly Code[], apply: (text: string, args: readonly Value[]) => Value): Code {
  const { run } = receiver;
  return sealed([receiver, ...rest], (frame) => {
    const value = run(frame);
    const args = rest.map((argument) => argument.run(frame));
    if (typeof value === 'string') return apply(value, args);
    if (!Array.isArray(value)) return null;
    const results = value.map((item) => (typeof item === 'string' ? apply(item, args) : null));
    return results.filter((result) => result !== null);
  });
}

/** True if it is true of the string, or of any element of the list. */
function liftTest(receiver: Code, argument: Code, test: StringTest): Code {
  const { run } = receiver;
  const holdsOf = (value: Value, against: string) => typeof value === 'string' && test(value, against);
  if (argument.isConstant && typeof argument.value === 'string') {
    const against = argument.value;
    return sealed([receiver], (frame) => {
      const value = run(frame);
      return Array.isArray(value) ? value.some((item) => holdsOf(item, against)) : holdsOf(value, against);
    });
  }
  return sealed([receiver, argument], (frame) => {
    const value = run(frame);
    const against = argument.run(frame);
    if (typeof against !== 'string') return false;
    return Array.isArray(value) ? value.some((item) => holdsOf(item, against)) : holdsOf(value, against);
  });
}

export function compileText(compiler: Compiler, { fn, args, ignoreCase }: Call): Code | undefined {
  const [receiver, ...rest] = args.map((argument) => compiler.node(argument));
  const [first] = rest;
  const test = TESTS.get(fn);
  if (receiver === undefined) return undefined;
  if (test !== undefined && first !== undefined) {
    const folded: StringTest = (text, argument) => test(text.toLowerCase(), argument.toLowerCase());
    return liftTest(receiver, first, ignoreCase ? folded : test);
  }
  if (fn === 'matches' && first !== undefined) {
    const patternOf = patterns(first, ignoreCase === true);
    return liftTest(receiver, first, (text, source) => patternOf(source)?.finds(text) ?? false);
  }
  if (fn === 'regexGroup' && first !== undefined) {
    const patternOf = patterns(first, ignoreCase === true);
    return lift(receiver, rest, (text, [source, group]) => groupOf(patternOf, text, source, group));
  }
  if (fn === 'concat')
    return sealed([receiver, ...rest], (frame) => join([receiver, ...rest].map(({ run }) => run(frame))));
  if (fn === 'split' && first !== undefined) {
    return sealed([receiver, first], (frame) => split(receiver.run(frame), first.run(frame)));
  }
  const transform = TRANSFORMS.get(fn);
  return transform && lift(receiver, rest, (text, values) => transform(text, values, ignoreCase === true));
}

const DYNAMIC_PATTERNS_MAX = 100;

/** Compiled now if the pattern is written in the expression; otherwise kept, for it rarely changes. */
function patterns(source: Code, ignoreCase: boolean): (source: string) => Pattern | undefined {
  const known = new Map<string, Pattern | undefined>();
  const patternOf = (text: string): Pattern | undefined => {
    if (known.has(text)) return known.get(text);
    const compiled = compilePattern(text, ignoreCase);
    const pattern = isPattern(compiled) ? compiled : undefined;
    if (known.size >= DYNAMIC_PATTERNS_MAX) known.clear();
    known.set(text, pattern);
    return pattern;
  };
  if (source.isConstant && typeof source.value === 'string') patternOf(source.value);
  return patternOf;
}

function groupOf(
  patternOf: (source: string) => Pattern | undefined,
  text: string,
  source: Value | undefined,
  group: Value | undefined,
): Value {
  if (typeof source !== 'string' || typeof group !== 'number') return null;
  return Number.isInteger(group) && group >= 0 ? (patternOf(source)?.group(text, group) ?? null) : null;
}

function join(values: readonly Value[]): Value {
  if (values.some((value) => value === null || typeof value === 'object')) return null;
  return values.map(String).join('');
}

function split(text: Value, separator: Value): Value {
  if (typeof text !== 'string' || typeof separator !== 'string') return null;
  return separator === '' ? [...text] : text.split(separator);
}

type Transform = (text: string, args: readonly Value[], ignoreCase: boolean) => Value;

const TRANSFORMS: ReadonlyMap<string, Transform> = new Map<string, Transform>([
  ['lower', (text) => text.toLowerCase()],
  ['upper', (text) => text.toUpperCase()],
  ['trim', (text) => text.trim()],
  ['length', countCodePoints],
  ['substr', substr],
  ['replace', replace],
]);

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function substr(text: string, [start, length]: readonly Value[]): Value {
  if (typeof start !== 'number' || start < 0) return null;
  const from = Math.trunc(start);
  if (length === undefined) return [...text].slice(from).join('');
  if (typeof length !== 'number' || length < 0) return null;
  return [...text].slice(from, from + Math.trunc(length)).join('');
}

function replace(text: string, [from, to]: readonly Value[], ignoreCase: boolean): Value {
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  if (from === '') return text;
  return ignoreCase ? replaceIgnoringCase(text, from, to) : text.split(from).join(to);
}

function replaceIgnoringCase(text: string, from: string, to: string): string {
  const [lower, wanted] = [text.toLowerCase(), from.toLowerCase()];
  // Where lower case has another length, offsets would not fit the original.
  if (lower.length !== text.length) return text.split(from).join(to);
  let result = '';
  let done = 0;
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, done)) {
    result += text.slice(done, at) + to;
    done = at + wanted.length;
  }
  return result + text.slice(done);
}
