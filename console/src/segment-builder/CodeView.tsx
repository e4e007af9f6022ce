/** The rule as text: the same rule as on the canvas, editable, with the compiler's own words under it. */
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, type Diagnostic as Mark, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { Decoration, EditorView, type KeyBinding, keymap, lineNumbers } from '@codemirror/view';
import { type RefObject, useEffect, useRef } from 'react';
import type { Diagnostic } from '#shared/pql/diagnostic.ts';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Button } from '../ui/Button.tsx';
import { useTools } from './builder-context.tsx';
import { fixOf } from './code-fix.ts';
import { completionOf, pqlColours, pqlLanguage, pqlTheme } from './code-language.ts';
import type { Span } from './effects.ts';

interface Props {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly formatted: string | undefined;
  /** The text of the row that has the focus. */
  readonly marked: Span | undefined;
  readonly onCaret: (at: number) => void;
  readonly onChange: (text: string) => void;
  /** Back to what compiled last; absent while the text does. */
  readonly onBack: (() => void) | undefined;
}

export function CodeView({ text, diagnostics, formatted, marked, onCaret, onChange, onBack }: Props) {
  const builder = useBuilderMessages();
  const { readOnly } = useTools();
  const { host, view } = useEditor({ text, onChange, onCaret, onBack });
  useMark(view, marked);
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    editor.dispatch(setDiagnostics(editor.state, marksOf(diagnostics, editor.state.doc.length)));
  }, [diagnostics, view]);
  return (
    <section className="code-view" aria-label={builder.code.title}>
      <div ref={host} className="code-host" />
      <div className="code-foot">
        <Mistakes
          diagnostics={diagnostics}
          text={text}
          onGo={(at) => goTo(view.current, at)}
          onFix={readOnly ? undefined : onChange}
        />
        <span className="small-text muted">{builder.code.keys}</span>
        {!readOnly && formatted !== undefined && formatted !== text && (
          <Button size="small" look="quiet" label={builder.code.format} onPress={() => onChange(formatted)} />
        )}
        {onBack !== undefined && <Button size="small" label={builder.code.back} onPress={onBack} />}
      </div>
    </section>
  );
}

type Editing = Pick<Props, 'text' | 'onChange' | 'onCaret' | 'onBack'>;

function useEditor(editing: Editing) {
  const { text } = editing;
  const builder = useBuilderMessages();
  const { vocabulary, readOnly } = useTools();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ ...editing, vocabulary });
  latest.current = { ...editing, vocabulary };
  const label = builder.code.label;
  // One editor for as long as it is shown: a new one would lose caret and focus of whoever is typing.
  useEffect(() => {
    const editor = new EditorView({
      parent: host.current as HTMLElement,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          // Before whatever Escape closes: that press counts as one of the two.
          Prec.highest(keymap.of([backKey(() => latest.current.onBack)])),
          ...[lineNumbers(), history(), closeBrackets(), bracketMatching(), lintGutter(), EditorView.lineWrapping],
          ...[
            pqlTheme,
            pqlLanguage,
            syntaxHighlighting(pqlColours),
            autocompletion({ override: [completionOf(() => latest.current.vocabulary)] }),
          ],
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          marks.of([]),
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-readonly': String(readOnly),
            spellcheck: 'false',
          }),
          EditorView.updateListener.of(({ docChanged, selectionSet, state, view }) => {
            const { text: known, onChange, onCaret } = latest.current;
            if (docChanged && state.doc.toString() !== known) onChange(state.doc.toString());
            else if (selectionSet && !docChanged && view.hasFocus) onCaret(state.selection.main.head);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [readOnly, label]);
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: smallestChange(editor.state.doc.toString(), text) });
  }, [text]);
  return { host, view };
}

const marks = new Compartment();
const MARK = Decoration.mark({ class: 'code-here' });

function useMark(view: RefObject<EditorView | undefined>, marked: Span | undefined): void {
  const { start = 0, end = 0 } = marked ?? {};
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const isThere = end > start && end <= editor.state.doc.length;
    const set = isThere ? EditorView.decorations.of(Decoration.set([MARK.range(start, end)])) : [];
    editor.dispatch({ effects: marks.reconfigure(set) });
  }, [view, start, end]);
}

const TWICE_MS = 1_000;

/** Escape twice leads back to what compiled last; once, it closes what is open. */
function backKey(onBack: () => (() => void) | undefined): KeyBinding {
  let pressedAt = Number.NEGATIVE_INFINITY;
  return {
    key: 'Escape',
    run: () => {
      const back = onBack();
      const isSecond = performance.now() - pressedAt < TWICE_MS;
      pressedAt = performance.now();
      if (!isSecond || back === undefined) return false;
      back();
      return true;
    },
  };
}

/** Only what differs is replaced, so that the caret stays where it is. */
function smallestChange(before: string, after: string) {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let [end, insertEnd] = [before.length, after.length];
  while (end > start && insertEnd > start && before[end - 1] === after[insertEnd - 1]) {
    end -= 1;
    insertEnd -= 1;
  }
  return { from: start, to: end, insert: after.slice(start, insertEnd) };
}

const marksOf = (diagnostics: readonly Diagnostic[], length: number): Mark[] =>
  diagnostics.map(({ start, end, severity, message, hint }) => ({
    from: Math.min(start, length),
    to: Math.min(Math.max(end, start + 1), length),
    severity: severity === 'error' ? 'error' : 'warning',
    message: hint === undefined ? message : `${message} (${hint})`,
  }));

function goTo(view: EditorView | undefined, at: number): void {
  view?.dispatch({ selection: { anchor: Math.min(at, view.state.doc.length) }, scrollIntoView: true });
  view?.focus();
}

interface MistakesProps {
  readonly diagnostics: readonly Diagnostic[];
  readonly text: string;
  readonly onGo: (at: number) => void;
  /** Takes the text with the mistake put right. */
  readonly onFix: ((text: string) => void) | undefined;
}

function Mistakes({ diagnostics, text, onGo, onFix }: MistakesProps) {
  const builder = useBuilderMessages();
  if (diagnostics.length === 0) return <p className="code-ok">{builder.code.ok}</p>;
  return (
    <ul className="mistakes" aria-label={builder.code.errors(diagnostics.length)}>
      {diagnostics.map((diagnostic) => {
        const { code, start, line, column, message, hint } = diagnostic;
        const fix = onFix && fixOf(diagnostic, text);
        return (
          <li key={`${code}:${start}`}>
            <button type="button" className="text-button" onClick={() => onGo(start)}>
              {builder.code.at(line, column)}
            </button>
            <span lang="en">
              {message}
              {hint !== undefined && ` (${hint})`}
            </span>
            {fix !== undefined && (
              <Button size="small" label={builder.code.fix(fix.name)} onPress={() => onFix?.(fix.text)} />
            )}
          </li>
        );
      })}
    </ul>
  );
}
