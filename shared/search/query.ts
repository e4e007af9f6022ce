/**
 * What a search asks for: words, and the operators of Lucene's query syntax that the published API names.
 *
 *   any      := all (OR all)*
 *   all      := clause ((AND)? clause)*
 *   clause   := (NOT | ! | + | -)? (field:)? atom
 *   atom     := ( any ) | "phrase"(~n)? | /expression/ | word(~n)?
 *
 * It is typed by people, so nothing is a mistake: what makes no sense as syntax is searched for as text. A field holds
 * until the next one or the end of its parentheses, as the published API describes it (Lucene's own ends with its term).
 */

export type Query =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  | { readonly kind: 'text'; readonly text: string; readonly field?: Field }
  | { readonly kind: 'wildcard' | 'expression'; readonly pattern: string; readonly field?: Field }
  | { readonly kind: 'fuzzy'; readonly word: string; readonly edits: number; readonly field?: Field }
  | { readonly kind: 'near'; readonly words: readonly string[]; readonly within: number; readonly field?: Field };

export const FIELDS = [
  'name',
  'description',
  'tag',
  'id',
  'segmentName',
  'segmentDescription',
  'segmentId',
  'folderId',
  'folderLocation',
  'parentFolderId',
] as const;
export type Field = (typeof FIELDS)[number];

/** More would cost more than a search is worth. */
export const TERMS_MAX = 32;

const EDITS_MAX = 2;
const isField = (name: string): name is Field => (FIELDS as readonly string[]).includes(name);

type Token =
  | { readonly kind: '(' | ')' | 'and' | 'or' | 'not' | 'plus' }
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'term'; readonly query: Query };

const TOKEN =
  /\s+|(?<bracket>[()])|(?<minus>[-!](?=\S))|(?<plus>\+(?=\S))|"(?<phrase>[^"]*)(?:"(?:~(?<within>\d+))?|$)|\/(?<expression>(?:\\.|[^/\\])+)\/(?=[\s)]|$)|(?<word>(?:\\[\s\S]|[^\s()"\\]|\\$)+)/gy;

const OPERATORS = new Map([
  ['AND', 'and'],
  ['&&', 'and'],
  ['OR', 'or'],
  ['||', 'or'],
  ['NOT', 'not'],
] as const);

function* tokensOf(text: string): Generator<Token> {
  for (const { groups = {} } of text.matchAll(TOKEN)) {
    const { bracket, minus, plus, phrase, within, expression, word } = groups;
    if (bracket !== undefined) yield { kind: bracket as '(' | ')' };
    else if (minus !== undefined) yield { kind: 'not' };
    else if (plus !== undefined) yield { kind: 'plus' };
    else if (phrase !== undefined) yield term(phraseQuery(phrase, within));
    else if (expression !== undefined) yield term({ kind: 'expression', pattern: expression });
    else if (word !== undefined) yield* wordTokens(word);
  }
}

const term = (query: Query): Token => ({ kind: 'term', query });

function* wordTokens(word: string): Generator<Token> {
  const operator = OPERATORS.get(word as 'AND');
  if (operator !== undefined) {
    yield { kind: operator };
    return;
  }
  const [, name = '', rest = ''] = /^(\w+):(.*)$/s.exec(word) ?? [];
  if (!isField(name)) yield term(wordQuery(word));
  else {
    yield { kind: 'field', field: name };
    if (rest !== '') yield* tokensOf(rest);
  }
}

function phraseQuery(phrase: string, within: string | undefined): Query {
  const words = wordsIn(phrase);
  if (within === undefined || words.length < 2) return { kind: 'text', text: fold(phrase.trim()) };
  return { kind: 'near', words, within: Number(within) };
}

function wordQuery(word: string): Query {
  const [, unboosted = word] = /^(.+)\^\d+(?:\.\d+)?$/s.exec(word) ?? [];
  const [, rough, edits] = /^(.+?)~(\d*)$/s.exec(unboosted) ?? [];
  if (rough !== undefined) {
    const most = edits === '' ? EDITS_MAX : Math.min(Number(edits), EDITS_MAX);
    return { kind: 'fuzzy', word: fold(unescaped(rough)), edits: most };
  }
  const isPattern = /(?<!\\)[*?]/.test(unboosted);
  return isPattern
    ? { kind: 'wildcard', pattern: fold(unboosted) }
    : { kind: 'text', text: fold(unescaped(unboosted)) };
}

const unescaped = (word: string) => word.replace(/\\(.)/gs, '$1');

export const fold = (text: string): string => text.normalize('NFC').toLowerCase();

export const wordsIn = (text: string): readonly string[] => fold(text).match(/[\p{L}\p{N}_]+/gu) ?? [];

/** Undefined where more is asked for than TERMS_MAX; without any term everything is wanted. */
export function parseQuery(text: string): Query | undefined {
  const tokens = [...tokensOf(text)];
  if (tokens.filter(({ kind }) => kind === 'term').length > TERMS_MAX) return undefined;
  const reader = new Reader(tokens);
  const parts: Query[] = [];
  // A bracket that closes nothing ends nothing.
  while (!reader.isAtEnd) {
    parts.push(reader.any(undefined));
    reader.skip(')');
  }
  return joined('all', parts);
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #field: Field | undefined;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  skip(kind: Token['kind']): boolean {
    const isThere = this.#tokens[this.#at]?.kind === kind;
    if (isThere) this.#at += 1;
    return isThere;
  }

  any(field: Field | undefined): Query {
    const outer = this.#field;
    this.#field = field;
    const parts = [this.#all()];
    while (this.skip('or')) parts.push(this.#all());
    this.#field = outer;
    // An OR at the beginning or the end chooses between nothing.
    const said = parts.filter((part) => !isEmpty(part));
    return joined('any', said);
  }

  #all(): Query {
    const parts: Query[] = [];
    for (;;) {
      const next = this.#tokens[this.#at]?.kind;
      if (next === undefined || next === ')' || next === 'or') return joined('all', parts);
      if (!this.skip('and') && !this.skip('plus')) parts.push(this.#clause());
    }
  }

  #clause(): Query {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token?.kind === 'not') return this.#negated();
    if (token?.kind === 'field') {
      this.#field = token.field;
      return ALL;
    }
    if (token?.kind === 'term')
      return this.#field === undefined ? token.query : ({ ...token.query, field: this.#field } as Query);
    const inner = this.any(this.#field);
    this.skip(')');
    return inner;
  }

  #negated(): Query {
    const next = this.#tokens[this.#at]?.kind;
    if (next === undefined || next === ')' || next === 'or') return ALL;
    const isNamed = next === 'field';
    const part = this.#clause();
    // `NOT name:word`: the field stands between the two.
    const whole = isNamed ? this.#clause() : part;
    return isEmpty(whole) ? ALL : { kind: 'not', part: whole };
  }
}

const ALL: Query = { kind: 'all', parts: [] };
const isEmpty = (query: Query) => query.kind === 'all' && query.parts.length === 0;

function joined(kind: 'all' | 'any', parts: readonly Query[]): Query {
  const said = parts.filter((part) => !isEmpty(part));
  const [only] = said;
  if (only === undefined) return ALL;
  return said.length === 1 ? only : { kind, parts: said };
}
