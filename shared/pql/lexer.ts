/**
 * Text to tokens. Knows no keyword: whether a word is one depends on where it stands, which only the parser can say.
 * A bad character is a diagnostic and a token of its own, so that the parser can look for more mistakes behind it.
 */
import type { Span } from './ast.ts';
import { type Diagnostic, errorAt } from './diagnostic.ts';

export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'stray' | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As written; of a string, its value; of a back-ticked name, the name. */
  readonly text: string;
  /** The word in lower case, since keywords are case-insensitive; otherwise the text. */
  readonly key: string;
}

const BLANK = /[\s\uFEFF]+/uy;
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SYMBOL = /=>|!=|<=|>=|[=<>!()[\]{},.:+\-*/%^$]/y;
const QUOTES = new Map([
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['”', '”'],
  ['„', '“”'],
  ['«', '»'],
  ['‘', '’'],
  ['’', '’'],
]);
const ESCAPES = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['n', '\n'],
  ['t', '\t'],
]);

export interface Lexed {
  readonly tokens: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
}

export function lex(source: string): Lexed {
  const scanner = new Scanner(source);
  while (scanner.offset < source.length) scanToken(scanner);
  scanner.push('end', '', source.length);
  return scanner;
}

class Scanner implements Lexed {
  readonly tokens: Token[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly source: string;
  offset = 0;
  #line = 1;
  #lineStart = 0;
  #counted = 0;

  constructor(source: string) {
    this.source = source;
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    return pattern.exec(this.source)?.[0];
  }

  /** Offsets must be asked for in rising order: lines are counted once. */
  span(start: number, end: number): Span {
    for (let at = this.source.indexOf('\n', this.#counted); at !== -1 && at < start; ) {
      this.#line += 1;
      this.#lineStart = at + 1;
      this.#counted = at + 1;
      at = this.source.indexOf('\n', this.#counted);
    }
    return { start, end, line: this.#line, column: start - this.#lineStart + 1 };
  }

  push(kind: TokenKind, text: string, end: number): void {
    const key = kind === 'word' ? text.toLowerCase() : text;
    this.tokens.push({ kind, text, key, ...this.span(this.offset, end) });
    this.offset = end;
  }

  fail(code: Diagnostic['code'], start: number, end: number, message: string, hint?: string): void {
    const { line, column } = this.span(this.offset, end);
    const sameLine = this.source.slice(this.offset, start).includes('\n') === false;
    const span = { start, end, line, column: sameLine ? column + start - this.offset : column };
    this.diagnostics.push(errorAt(span, code, message, hint));
  }
}

function scanToken(scanner: Scanner): void {
  const { source, offset } = scanner;
  const blank = scanner.match(BLANK);
  if (blank !== undefined) {
    scanner.offset += blank.length;
    return;
  }
  const first = source[offset] as string;
  if (source.startsWith('//', offset)) skipLine(scanner);
  else if (source.startsWith('/*', offset)) skipComment(scanner);
  else if (QUOTES.has(first)) scanString(scanner, first);
  else if (first === '`') scanBackTicked(scanner);
  else scanPlain(scanner);
}

function scanPlain(scanner: Scanner): void {
  const { offset } = scanner;
  const word = scanner.match(WORD);
  const number = scanner.match(NUMBER);
  const symbol = scanner.match(SYMBOL);
  if (word !== undefined) scanner.push('word', word, offset + word.length);
  else if (number !== undefined) scanNumber(scanner, number);
  else if (symbol !== undefined) scanner.push('symbol', symbol, offset + symbol.length);
  else scanStray(scanner);
}

function skipLine(scanner: Scanner): void {
  const end = scanner.source.indexOf('\n', scanner.offset);
  scanner.offset = end === -1 ? scanner.source.length : end;
}

function skipComment(scanner: Scanner): void {
  const close = scanner.source.indexOf('*/', scanner.offset + 2);
  const end = close === -1 ? scanner.source.length : close + 2;
  if (close === -1) scanner.fail('PQL1002', scanner.offset, end, 'this comment has no end', 'close it by */');
  scanner.offset = end;
}

function scanNumber(scanner: Scanner, text: string): void {
  const end = scanner.offset + text.length;
  if (!Number.isFinite(Number(text))) scanner.fail('PQL1005', scanner.offset, end, `${text} is out of range`);
  scanner.push('number', text, end);
}

function scanBackTicked(scanner: Scanner): void {
  const close = scanner.source.indexOf('`', scanner.offset + 1);
  const end = close === -1 ? scanner.source.length : close + 1;
  const name = scanner.source.slice(scanner.offset + 1, close === -1 ? end : close);
  if (close === -1) scanner.fail('PQL1002', scanner.offset, end, 'this back-ticked name has no end');
  if (close !== -1 && name === '') scanner.fail('PQL1001', scanner.offset, end, 'a name has at least one character');
  scanner.push('quoted', name, end);
}

/** Typographic quotes come from word processors: read as a string, so that only they are reported. */
function scanString(scanner: Scanner, open: string): void {
  const { source } = scanner;
  const closers = `${QUOTES.get(open)}${open === '"' ? '' : '"'}`;
  let end = scanner.offset + 1;
  let value = '';
  while (end < source.length && !closers.includes(source[end] as string)) {
    const [text, length] = source[end] === '\\' ? readEscape(scanner, end) : [source[end] as string, 1];
    value += text;
    end += length;
  }
  if (end >= source.length) {
    const typographic = /[“”„«»]/.exec(source.slice(scanner.offset + 1));
    const hint = typographic === null ? 'close it by "' : `close it by a straight " instead of ${typographic[0]}`;
    scanner.fail('PQL1002', scanner.offset, source.length, 'this string has no end', hint);
    scanner.push('string', value, source.length);
    return;
  }
  if (open !== '"') {
    const hint = `write ${JSON.stringify(value)}`;
    scanner.fail('PQL1004', scanner.offset, end + 1, 'a string stands in straight double quotes', hint);
  }
  scanner.push('string', value, end + 1);
}

/** Published expressions write patterns as in `regexGroup("@(\w+)", 1)`: what only a pattern can mean is kept for it. */
const PATTERN_ESCAPE = /^[dDwWsSbB.*+?()[\]{}^$|/-]$/;

function readEscape(scanner: Scanner, at: number): readonly [string, number] {
  const escaped = scanner.source[at + 1] ?? '';
  const simple = ESCAPES.get(escaped);
  if (simple !== undefined) return [simple, 2];
  const hex = scanner.source.slice(at + 2, at + 6);
  if (escaped === 'u' && /^[0-9a-fA-F]{4}$/.test(hex)) return [String.fromCharCode(Number.parseInt(hex, 16)), 6];
  if (PATTERN_ESCAPE.test(escaped)) return [`\\${escaped}`, 2];
  const hint = 'known are \\" \\\\ \\n \\t \\uXXXX';
  scanner.fail('PQL1003', at, Math.min(at + 2, scanner.source.length), `\\${escaped} is no escape`, hint);
  return [escaped, Math.min(2, scanner.source.length - at)];
}

function scanStray(scanner: Scanner): void {
  const character = String.fromCodePoint(scanner.source.codePointAt(scanner.offset) as number);
  const end = scanner.offset + character.length;
  const hint = character === '&' || character === '|' ? 'write "and" or "or"' : undefined;
  scanner.fail('PQL1001', scanner.offset, end, `${JSON.stringify(character)} means nothing here`, hint);
  scanner.push('stray', character, end);
}
