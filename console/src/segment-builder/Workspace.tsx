/** Rail, canvas, code and panel beside each other; on small screens the rail is a dialog and the panel a bar below. */
import { lazy, type RefObject, Suspense, useCallback, useMemo, useRef } from 'react';
import { useMessages } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { TemplateCards } from '../segments/TemplateCards.tsx';
import { Button } from '../ui/Button.tsx';
import { Boundary } from '../ui/FailureNotice.tsx';
import { EffectsProvider, useCursor, useTools } from './builder-context.tsx';
import type { BuilderView } from './builder-search.ts';
import { type BuilderState, rootOf } from './builder-state.ts';
import { Canvas } from './Canvas.tsx';
import type { CompiledRule } from './compile-rule.ts';
import { type Effect, effectsOf, rowAt, type Span, spansOf, unfinishedRows } from './effects.ts';
import type { Group, Id } from './model.ts';
import { Panel } from './Panel.tsx';
import { Rail } from './Rail.tsx';
import { toPql } from './to-pql.ts';
import { type Compiled, useCompiled } from './use-compiled.ts';
import { useMedia } from './use-media.ts';
import { type Preview, usePreview } from './use-preview.ts';

const CodeView = lazy(async () => ({ default: (await import('./CodeView.tsx')).CodeView }));
const Hints = lazy(async () => ({ default: (await import('./Hints.tsx')).Hints }));

interface Props {
  readonly view: BuilderView;
  readonly state: BuilderState;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly seed: string;
  readonly ownId: string | undefined;
  readonly onAdd: () => void;
}

/** Too small for a rail beside the rule, and for a panel beside it. */
export const NARROW = '(max-width: 800px)';
const MIDDLING = '(max-width: 1100px)';

const NO_SPANS: ReadonlyMap<Id, Span> = new Map();

export function Workspace({ view, state, searchRef, seed, ownId, onAdd }: Props) {
  const builder = useBuilderMessages();
  const root = rootOf(state);
  const isStale = state.mistakes.length > 0;
  const counted = isStale ? '' : toPql(root);
  const compiled = useCompiled(state.text);
  const preview = usePreview({ text: useAsked(counted, compiled), seed, clauses: true });
  const isCurrent = preview.text === counted && !preview.isCounting;
  const effects = useEffectsOf(root, counted, preview);
  const { focus } = useCursor();
  const [isNarrow, isBar] = [useMedia(NARROW), useMedia(MIDDLING)];
  return (
    <EffectsProvider value={effects}>
      <div className={`workspace ${view}`}>
        {!isNarrow && (
          <section className="rail" aria-label={builder.rail.title}>
            <Rail searchRef={searchRef} ownId={ownId} />
          </section>
        )}
        {view !== 'code' && (
          <CanvasSide state={state} isStale={isStale} onAdd={onAdd}>
            {!isStale && (
              <Suspense>
                <Hints root={root} effects={effects} preview={isCurrent ? preview : undefined} />
              </Suspense>
            )}
          </CanvasSide>
        )}
        {view !== 'canvas' && <CodeSide state={state} compiled={compiled?.result} focus={focus} />}
        <Boundary>
          <Panel
            root={root}
            preview={preview}
            effects={effects}
            compiled={compiled?.result}
            unfinished={unfinishedRows(root).length}
            isBar={isBar}
          />
        </Boundary>
      </div>
    </EffectsProvider>
  );
}

/** What is counted: the rule once it has compiled, and until then the one before, so that its number stays. */
function useAsked(counted: string, compiled: Compiled | undefined): string {
  const asked = useRef('');
  if (counted === '') asked.current = '';
  else if (compiled?.text === counted) asked.current = compiled.result.plan === undefined ? '' : counted;
  return asked.current;
}

/** The figures of the last rule that was counted stay with their rows until there are new ones. */
function useEffectsOf(root: Group, counted: string, { estimate, text }: Preview): ReadonlyMap<Id, Effect> {
  const known = useRef<ReadonlyMap<Id, Effect>>(new Map());
  return useMemo(() => {
    if (text === counted) known.current = effectsOf(root, estimate?.clauses ?? []);
    return known.current;
  }, [root, counted, estimate, text]);
}

interface CanvasSideProps {
  readonly state: BuilderState;
  readonly isStale: boolean;
  readonly onAdd: () => void;
  readonly children: React.ReactNode;
}

function CanvasSide({ state, isStale, onAdd, children }: CanvasSideProps) {
  const builder = useBuilderMessages();
  const { readOnly } = useTools();
  const root = rootOf(state);
  const isEmpty = root.children.length === 0;
  return (
    <section className="canvas-side" aria-label={builder.views.canvas}>
      {isStale && <p className="notice">{builder.canvas.stale}</p>}
      <Boundary>
        <Canvas root={root} focusCalls={state.focusCalls} isStale={isStale} />
      </Boundary>
      {!readOnly && !isStale && (
        <div className="canvas-foot">
          <Button icon="plus" label={builder.canvas.add} keys="A" onPress={onAdd} />
        </div>
      )}
      {children}
      {isEmpty && !isStale && (
        <div className="canvas-empty">
          <h2>{builder.canvas.empty}</h2>
          <p className="muted">{builder.canvas.emptyHint}</p>
          <TemplateCards />
        </div>
      )}
    </section>
  );
}

interface CodeSideProps {
  readonly state: BuilderState;
  readonly compiled: CompiledRule | undefined;
  readonly focus: Id;
}

/** The text of the row that has the focus is marked, and the row in whose text the caret stands has the focus. */
function CodeSide({ state, compiled, focus }: CodeSideProps) {
  const { app } = useMessages();
  const { dispatch } = useTools();
  const root = rootOf(state);
  const isStale = state.mistakes.length > 0;
  const spans = useMemo(() => (isStale ? NO_SPANS : spansOf(root)), [root, isStale]);
  const diagnostics = isStale ? state.mistakes : (compiled?.diagnostics ?? []);
  const onCaret = useCallback(
    (at: number) => {
      const id = rowAt(spans, at);
      if (id !== undefined) dispatch({ type: 'focus', id });
    },
    [spans, dispatch],
  );
  return (
    <Suspense fallback={<p className="muted">{app.loading}</p>}>
      <Boundary>
        <CodeView
          text={state.text}
          diagnostics={diagnostics}
          formatted={isStale ? undefined : compiled?.formatted}
          marked={focus === root.id ? undefined : spans.get(focus)}
          onCaret={onCaret}
          onChange={(text) => dispatch({ type: 'write', text, at: Date.now() })}
          onBack={isStale ? () => dispatch({ type: 'write', text: toPql(root), at: Date.now() }) : undefined}
        />
      </Boundary>
    </Suspense>
  );
}
