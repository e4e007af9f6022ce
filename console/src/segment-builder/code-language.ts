/** PQL in the editor: colours from the language's own lexer, completion from what the sandbox has. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { HighlightStyle, StreamLanguage, type StringStream } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { FUNCTIONS } from './function-names.ts';
import type { Vocabulary } from './vocabulary.ts';

const KEYWORDS = new Set(
  [
    ...['and', 'or', 'not', 'in', 'notin', 'like', 'matches', 'occurs', 'let', 'select', 'from', 'where', 'over'],
    ...['true', 'false', 'null', 'this', 'exists', 'forall', 'before', 'after', 'on', 'between', 'now', 'today'],
    ...['yesterday', 'tomorrow', 'last', 'next', 'chain', 'what', 'when', 'count'],
  ].map((word) => word.toLowerCase()),
);

interface State {
  inComment: boolean;
}

function token(stream: StringStream, state: State): string | null {
  if (state.inComment) {
    if (stream.skipTo('*/')) {
      stream.match('*/');
      state.inComment = false;
    } else stream.skipToEnd();
    return 'comment';
  }
  if (stream.eatSpace()) return null;
  if (stream.match('//')) {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.match('/*')) {
    state.inComment = true;
    return 'comment';
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
  if (stream.match(/^(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/)) return 'number';
  if (stream.match(/^`[^`]*`?/)) return 'variableName';
  const word = stream.match(/^[\p{L}_][\p{L}\p{M}\p{N}_]*/u);
  if (Array.isArray(word)) return KEYWORDS.has((word[0] as string).toLowerCase()) ? 'keyword' : 'variableName';
  stream.next();
  return 'operator';
}

export const pqlLanguage = StreamLanguage.define<State>({
  name: 'pql',
  startState: () => ({ inComment: false }),
  token,
  languageData: {
    commentTokens: { line: '//', block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['(', '[', '{', '"'] },
  },
});

export const pqlColours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--model)' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: tags.number, color: 'var(--group)' },
  { tag: tags.comment, color: 'var(--muted)' },
  { tag: tags.variableName, color: 'var(--text)' },
]);

interface Completions {
  readonly types: readonly Completion[];
  readonly segments: readonly Completion[];
  readonly names: readonly Completion[];
}

const KNOWN_TO_ALL: readonly Completion[] = [
  { label: 'xEvent', type: 'variable' },
  { label: 'inSegment("', type: 'function' },
  ...[...KEYWORDS].map((label): Completion => ({ label, type: 'keyword', boost: -1 })),
];
const functions = FUNCTIONS.map((label): Completion => ({ label: `${label}(`, type: 'function' }));

const completionsByVocabulary = new WeakMap<Vocabulary, Completions>();

function completionsFrom(vocabulary: Vocabulary): Completions {
  const known = completionsByVocabulary.get(vocabulary);
  if (known !== undefined) return known;
  const fields = (['profile', 'event'] as const).flatMap((scope) =>
    vocabulary.fields[scope].map(({ path, title }): Completion => ({ label: path, detail: title, type: 'property' })),
  );
  const made: Completions = {
    types: vocabulary.eventTypes.map(({ type, title }) => ({ label: type, detail: title, type: 'enum' })),
    segments: vocabulary.segments.map(({ id, name }) => ({ label: id, displayLabel: name, type: 'class' })),
    names: [...KNOWN_TO_ALL, ...fields],
  };
  completionsByVocabulary.set(vocabulary, made);
  return made;
}

/** Inside a text: event types and segments. Else fields, and functions after a dot. */
export function completionOf(vocabulary: () => Vocabulary) {
  return (context: CompletionContext): CompletionResult | null => {
    const { types, segments, names } = completionsFrom(vocabulary());
    const inText = context.matchBefore(/"[^"\n]*/);
    if (inText !== null && isOpenText(context, inText.from)) {
      const before = context.state.sliceDoc(0, inText.from);
      return { from: inText.from + 1, options: /inSegment\(\s*$/.test(before) ? segments : types, validFor: /^[^"]*$/ };
    }
    const path = context.matchBefore(/[\p{L}_][\p{L}\p{N}_.]*/u);
    const call = context.matchBefore(/[\])]\.\p{L}*/u);
    if (call !== null) return { from: call.from + 2, options: functions, validFor: /^\p{L}*$/u };
    if (path === null) return context.explicit ? { from: context.pos, options: names } : null;
    return { from: path.from, options: names, validFor: /^[\p{L}\p{N}_.]*$/u };
  };
}

function isOpenText(context: CompletionContext, quoteAt: number): boolean {
  const line = context.state.doc.lineAt(quoteAt);
  const quotes = context.state.sliceDoc(line.from, quoteAt).match(/(?<!\\)"/g)?.length ?? 0;
  return quotes % 2 === 0;
}

/** The editor brings styles of its own, which no layer of ours outranks: colours are given to it. */
export const pqlTheme = EditorView.theme({
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { fontFamily: 'var(--mono)', caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--rail)', color: 'var(--muted)', borderRightColor: 'var(--hairline)' },
  '.cm-tooltip': { backgroundColor: 'var(--panel)', color: 'var(--text)', borderColor: 'var(--hairline)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--selection)', color: 'var(--text)' },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { backgroundColor: 'var(--selection)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--selection)' },
});
