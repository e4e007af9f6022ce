/**
 * The text behind a tree, by its tokens. Spans of the tree leave out parentheses and comments; what the canvas keeps of a
 * row it does not touch must have both.
 */
import type { Expression, Span } from '#shared/pql/ast.ts';
import { lex, type Token } from '#shared/pql/lexer.ts';
import type { Joint, NewId, Node, Scope } from './model.ts';

/** Token numbers, `to` excluded. */
export interface Tokens {
  readonly from: number;
  readonly to: number;
}

/** What reading one kind of row needs of the reading of all. */
export interface Reader {
  readonly source: Source;
  readonly newId: NewId;
  /** `tokens` are those of the operand, with its parentheses. */
  read(expression: Expression, tokens: Tokens, scope: Scope): Node;
}

const OPEN = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const CLOSE = new Set([')', ']', '}']);

export class Source {
  readonly text: string;
  readonly #tokens: readonly Token[];
  /** Of each opening bracket, the number of its closing one. */
  readonly #matches: ReadonlyMap<number, number>;

  constructor(text: string) {
    this.text = text;
    this.#tokens = lex(text).tokens.filter(({ kind }) => kind !== 'end');
    this.#matches = matchesOf(this.#tokens);
  }

  get all(): Tokens {
    return { from: 0, to: this.#tokens.length };
  }

  #start(token: number): number {
    return this.#tokens[token]?.start ?? this.text.length;
  }

  #end(token: number): number {
    return this.#tokens[token]?.end ?? 0;
  }

  slice({ from, to }: Tokens): string {
    return this.text.slice(this.#start(from), this.#end(to - 1));
  }

  /** What stands before the first token and behind the last: comments, mostly. */
  margins(): readonly [string, string] {
    const { from, to } = this.all;
    return [this.text.slice(0, this.#start(from)), this.text.slice(this.#end(to - 1))];
  }

  #isSymbol(token: number, symbol: string): boolean {
    const found = this.#tokens[token];
    return found?.kind === 'symbol' && found.text === symbol;
  }

  /** Without the parentheses round the whole; the same object where there are none. */
  unwrapped(tokens: Tokens): Tokens {
    const isWrapped = this.#isSymbol(tokens.from, '(') && this.#matches.get(tokens.from) === tokens.to - 1;
    return isWrapped ? this.unwrapped({ from: tokens.from + 1, to: tokens.to - 1 }) : tokens;
  }

  /** The first token at or behind an offset. */
  at(offset: number): number {
    let [low, high] = [0, this.#tokens.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#start(middle) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The operands of a junction, each with its parentheses; `undefined` if the word doesn't stand between them. */
  operands(core: Tokens, parts: readonly { readonly span: Span }[], word: string): readonly Tokens[] | undefined {
    const operands: Tokens[] = [];
    let from = core.from;
    for (let index = 1; index < parts.length; index += 1) {
      const [left, right] = [parts[index - 1], parts[index]];
      if (left === undefined || right === undefined) return undefined;
      const joint = this.#find(word, this.at(left.span.end), this.at(right.span.start));
      if (joint === undefined) return undefined;
      operands.push({ from, to: joint });
      from = joint + 1;
    }
    return [...operands, { from, to: core.to }];
  }

  #find(word: string, from: number, to: number): number | undefined {
    for (let token = from; token < to; token += 1) {
      const found = this.#tokens[token];
      if (found?.kind === 'word' && found.key === word) return token;
    }
    return undefined;
  }

  /** The word between two operands, and what stands before and behind it. */
  joint(before: Tokens, after: Tokens): Joint {
    const word = before.to;
    return {
      lead: this.text.slice(this.#end(word - 1), this.#start(word)),
      word: this.slice({ from: word, to: word + 1 }),
      trail: this.text.slice(this.#end(word), this.#start(after.from)),
    };
  }

  brackets(outer: Tokens, operands: readonly Tokens[]): { readonly before: string; readonly after: string } {
    const [first, last] = [operands[0] ?? outer, operands.at(-1) ?? outer];
    const [before, after] = this.around(outer, { from: first.from, to: last.to });
    return { before, after };
  }

  around(outer: Tokens, inner: Tokens): readonly [string, string] {
    return [
      this.text.slice(this.#start(outer.from), this.#start(inner.from)),
      this.text.slice(this.#end(inner.to - 1), this.#end(outer.to - 1)),
    ];
  }

  /** The inside of the brackets in which a part stands: of a filter, a call, a step. */
  insideAround(part: Span): Tokens | undefined {
    let open: number | undefined;
    for (let token = this.at(part.start) - 1; token >= 0; token -= 1) {
      if (this.#isSymbol(token, '[')) return this.#inside(token);
      if (!this.#isSymbol(token, '(')) break;
      open = token;
    }
    return open === undefined ? undefined : this.#inside(open);
  }

  #inside(open: number): Tokens | undefined {
    const close = this.#matches.get(open);
    return close === undefined ? undefined : { from: open + 1, to: close };
  }
}

function matchesOf(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const matches = new Map<number, number>();
  const open: number[] = [];
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== 'symbol') continue;
    if (OPEN.has(text)) open.push(index);
    else if (CLOSE.has(text)) matches.set(open.pop() ?? -1, index);
  }
  return matches;
}
