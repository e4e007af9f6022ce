/**
 * The place in the tokens and what the grammar's parts share: look-ahead, failure and recovery.
 *
 * A mistake is thrown as a SyntaxFailure and caught at the nearest operand of `and` or `or`, which then skips to
 * where an operand may end; that is how several mistakes are reported at once.
 */
import type { Expression } from '../ast.ts';
import { type Diagnostic, type DiagnosticCode, errorAt } from '../diagnostic.ts';
import type { Token } from '../lexer.ts';
import { DIAGNOSTICS_MAX, NESTING_DEPTH_MAX, NODE_COUNT_MAX } from '../limits.ts';
import { nullLiteral } from './nodes.ts';
import { INFIX_WORDS } from './words.ts';

/** The entries into the grammar by which its parts call one another without importing one another. */
export interface Grammar {
  readonly expression: (cursor: Cursor) => Expression;
  readonly sum: (cursor: Cursor) => Expression;
  readonly postfix: (cursor: Cursor) => Expression;
}

export class SyntaxFailure extends Error {
  readonly diagnostic: Diagnostic;
  /** A limit: going on would only meet it again. */
  readonly isFinal: boolean;

  constructor(diagnostic: Diagnostic, isFinal: boolean) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
    this.isFinal = isFinal;
  }
}

const OPENERS = new Set(['(', '[', '{']);
const CLOSERS = new Set([')', ']', '}']);
const OPERAND_STARTS = new Set(['(', '[', '{', '-', '!', '^', '$']);

export class Cursor {
  readonly grammar: Grammar;
  readonly diagnostics: Diagnostic[];
  /** Whether `in` ends the expression: inside the binding of a `let`, outside brackets. */
  isBinding = false;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #nodes = 0;

  constructor(tokens: readonly Token[], diagnostics: readonly Diagnostic[], grammar: Grammar) {
    this.#tokens = tokens;
    this.diagnostics = [...diagnostics];
    this.grammar = grammar;
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  /** The token before the next one: where what was just read ends. */
  last(): Token {
    return this.#tokens[Math.max(0, this.#at - 1)] as Token;
  }

  isSymbol(text: string, ahead = 0): boolean {
    const { kind, text: found } = this.peek(ahead);
    return kind === 'symbol' && found === text;
  }

  isWord(word: string, ahead = 0): boolean {
    const { kind, key } = this.peek(ahead);
    return kind === 'word' && key === word;
  }

  isName(ahead = 0): boolean {
    const { kind } = this.peek(ahead);
    return kind === 'word' || kind === 'quoted';
  }

  takeSymbol(text: string): boolean {
    const found = this.isSymbol(text);
    if (found) this.take();
    return found;
  }

  takeWord(word: string): boolean {
    const found = this.isWord(word);
    if (found) this.take();
    return found;
  }

  expectSymbol(text: string): Token {
    if (!this.isSymbol(text)) throw this.unexpected(`"${text}"`);
    return this.take();
  }

  expectWord(word: string): Token {
    if (!this.isWord(word)) throw this.unexpected(`"${word}"`);
    return this.take();
  }

  expectName(what: string): Token {
    if (!this.isName()) throw this.unexpected(what);
    return this.take();
  }

  /** Whether an operand may begin at the token. */
  startsOperand(ahead = 0): boolean {
    const { kind, key } = this.peek(ahead);
    if (kind === 'word') return !INFIX_WORDS.has(key);
    return kind === 'symbol' ? OPERAND_STARTS.has(key) : kind !== 'end' && kind !== 'stray';
  }

  /** Whether `id from` stands here. */
  startsDeclaration(ahead = 0): boolean {
    return this.isName(ahead) && this.isWord('from', ahead + 1);
  }

  unexpected(expected: string): SyntaxFailure {
    const token = this.peek();
    const found = token.kind === 'end' ? 'the expression ends' : `this is ${JSON.stringify(token.text)}`;
    return this.failure('PQL2001', token, `expected ${expected}, but ${found}`, this.#hint(token));
  }

  failure(code: DiagnosticCode, token: Token, message: string, hint?: string, isFinal = false): SyntaxFailure {
    return new SyntaxFailure(errorAt(token, code, message, hint), isFinal);
  }

  report(code: DiagnosticCode, token: Token, message: string, hint?: string): void {
    this.diagnostics.push(errorAt(token, code, message, hint));
  }

  #hint(token: Token): string | undefined {
    const before = this.last().text;
    if (token.text === '=' && before === '=') return 'equality is written with one "="';
    if (token.text === '>' && before === '<') return 'write "!="';
    return token.key === 'in' && this.last().key === 'not' ? 'write "notIn"' : undefined;
  }

  /** Every recursive part of the grammar goes through here. */
  nested<Result>(part: () => Result): Result {
    this.#nodes += 1;
    if (this.#depth >= NESTING_DEPTH_MAX) {
      const message = `at most ${NESTING_DEPTH_MAX} levels of nesting (NESTING_DEPTH_MAX)`;
      throw this.failure('PQL2102', this.peek(), message, undefined, true);
    }
    if (this.#nodes > NODE_COUNT_MAX) {
      const message = `at most ${NODE_COUNT_MAX} parts (NODE_COUNT_MAX)`;
      throw this.failure('PQL2103', this.peek(), message, undefined, true);
    }
    this.#depth += 1;
    try {
      return part();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Inside brackets an `in` is an operator again. */
  bracketed<Result>(part: () => Result): Result {
    const { isBinding } = this;
    this.isBinding = false;
    try {
      return part();
    } finally {
      this.isBinding = isBinding;
    }
  }

  /** Reads an operand; on a mistake records it and goes on where the operand may end. */
  recovering(part: () => Expression): Expression {
    const start = this.peek();
    const { isBinding } = this;
    try {
      return part();
    } catch (failure) {
      if (!(failure instanceof SyntaxFailure) || failure.isFinal) throw failure;
      this.diagnostics.push(failure.diagnostic);
      if (this.diagnostics.length >= DIAGNOSTICS_MAX) throw failure;
      this.isBinding = isBinding;
      this.#skipOperand();
      return nullLiteral(start);
    }
  }

  #skipOperand(): void {
    for (let open = 0; this.peek().kind !== 'end'; this.take()) {
      const { kind, key } = this.peek();
      if (kind === 'symbol' && OPENERS.has(key)) open += 1;
      else if (kind === 'symbol' && CLOSERS.has(key)) {
        if (open === 0) return;
        open -= 1;
      } else if (open === 0 && (key === ',' || (kind === 'word' && (key === 'and' || key === 'or')))) return;
    }
  }
}
