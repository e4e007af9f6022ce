/** The builder at work: one reducer, and round it rail, canvas, code and panel. */
import { useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { useApi } from '../app/surroundings.tsx';
import { usePermissions } from '../app/use-permissions.ts';
import { useMessages } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import type { Segment } from '../segments/find-segments.ts';
import { SEGMENTS_KEY } from '../segments/segments-key.ts';
import { TemplateCards } from '../segments/TemplateCards.tsx';
import { Boundary } from '../ui/FailureNotice.tsx';
import { tell } from '../ui/toasts.tsx';
import { showAddress } from './address.ts';
import { BuilderBar } from './BuilderBar.tsx';
import {
  type BuilderTools,
  BuilderToolsProvider,
  CursorProvider,
  EffectsProvider,
  useTools,
} from './builder-context.tsx';
import type { BuilderSearch, BuilderView } from './builder-search.ts';
import { reduce, rootOf, startBuilder } from './builder-state.ts';
import { Canvas } from './Canvas.tsx';
import type { CompiledRule } from './compile-rule.ts';
import { DragProvider } from './drag.tsx';
import { effectsOf, unfinishedRows } from './effects.ts';
import { Panel } from './Panel.tsx';
import { Rail } from './Rail.tsx';
import type { ServerDraft } from './server-draft.ts';
import { toPql } from './to-pql.ts';
import { useBuilderKeys } from './use-builder-keys.ts';
import { useCompiled } from './use-compiled.ts';
import { forgetLocalDraft, readLocalDraft, useDraft } from './use-draft.ts';
import { usePreview } from './use-preview.ts';
import { useVocabulary } from './use-vocabulary.ts';

const PublishDialog = lazy(async () => ({ default: (await import('./PublishDialog.tsx')).PublishDialog }));
const CodeView = lazy(async () => ({ default: (await import('./CodeView.tsx')).CodeView }));

interface Props {
  readonly segment: Segment | undefined;
  readonly start: { readonly name: string; readonly text: string };
  /** Beside a rule that has been live. */
  readonly serverDraft: ServerDraft | undefined;
  /** Whether what this browser kept from before comes first. */
  readonly takesLocalDraft: boolean;
  readonly segments: readonly Segment[] | undefined;
}

const NO_SEGMENTS: readonly Segment[] = [];

export function Builder({ segment: opened, start: live, serverDraft, takesLocalDraft, segments = NO_SEGMENTS }: Props) {
  const api = useApi();
  const [segment, setSegment] = useState(opened);
  const [start] = useState({ name: serverDraft?.name ?? live.name, text: serverDraft?.text ?? live.text });
  const can = usePermissions();
  const readOnly = !can(opened === undefined ? 'createSegmentDefinition' : 'saveSegmentDraft');
  const [first] = useState(() => (takesLocalDraft && !readOnly ? readLocalDraft(api, opened?.id) : undefined) ?? start);
  const [name, setName] = useState(first.name);
  const [state, change] = useReducer(reduce, first.text, startBuilder);
  const dispatch = useMemo(() => (readOnly ? looking(change) : change), [readOnly]);
  const { tools, said } = useBuilderTools(state, { dispatch, readOnly }, segments);
  const queries = useQueryClient();
  const onSaved = useRef((saved: Segment) => {
    setSegment(saved);
    void queries.invalidateQueries({ queryKey: SEGMENTS_KEY });
  });
  const isSound = state.mistakes.length === 0;
  const [isPublishing, setPublishing] = useState(false);
  const beginning = { segment, start, isPaused: isPublishing, serverDraft, readOnly };
  const draft = useDraft({ name, text: state.text, isSound }, beginning, onSaved.current);
  const { view: firstView = 'canvas' } = useSearch({ strict: false }) as BuilderSearch;
  const [view, setView] = useState(firstView);
  useEffect(() => showAddress(segment?.id, view), [segment?.id, view]);
  const builder = useBuilderMessages();
  const searchRef = useRef<HTMLInputElement>(null);
  useBuilderKeys({ dispatch, searchRef, onSave: draft.save, onPublish: () => setPublishing(true) });
  const [seed] = useState(() => crypto.randomUUID());
  return (
    <BuilderToolsProvider value={tools}>
      <DragProvider>
        <BuilderBar
          name={name}
          onName={setName}
          history={state.history}
          draft={draft.state}
          segment={segment}
          canPublish={can('publishSegmentDraft') && isSound && state.text.trim() !== '' && name.trim() !== ''}
          onPublish={() => setPublishing(true)}
          view={view}
          onView={setView}
        />
        {readOnly && <p className="notice looking">{builder.readOnly}</p>}
        <Workspace view={view} state={state} searchRef={searchRef} seed={seed} ownId={segment?.id} />
        {isPublishing && (
          <Suspense>
            <PublishDialog
              name={name}
              text={state.text}
              segment={segment}
              settled={draft.settled}
              seed={seed}
              onClose={() => setPublishing(false)}
              onPublished={(published) => {
                setPublishing(false);
                forgetLocalDraft(api, segment?.id);
                onSaved.current(published);
                draft.startOver({ name: published.name, text: published.expression.value });
                tell({ text: builder.publishing.done(published.name) });
              }}
            />
          </Suspense>
        )}
        <p className="visually-hidden" role="status" aria-live="polite">
          {said}
        </p>
      </DragProvider>
    </BuilderToolsProvider>
  );
}

type State = ReturnType<typeof startBuilder>;

/** Whoever may only look walks the rule, and changes nothing of it. */
const looking =
  (dispatch: BuilderTools['dispatch']): BuilderTools['dispatch'] =>
  (action) => {
    if (action.type === 'focus' || action.type === 'select') dispatch(action);
  };

function useBuilderTools(
  state: State,
  { dispatch, readOnly }: Pick<BuilderTools, 'dispatch' | 'readOnly'>,
  segments: readonly Segment[],
) {
  const builder = useBuilderMessages();
  const vocabulary = useVocabulary(segments);
  const [said, say] = useState('');
  const latest = useRef(state);
  latest.current = state;
  const tools = useMemo<BuilderTools>(
    () => ({
      dispatch,
      vocabulary,
      wording: { words: builder.sentence, names: vocabulary.names },
      readOnly,
      root: () => rootOf(latest.current),
      change: (edit, options = {}) => dispatch({ type: 'edit', edit, at: Date.now(), ...options }),
      say,
    }),
    [dispatch, readOnly, vocabulary, builder],
  );
  return { tools, said };
}

interface WorkspaceProps {
  readonly view: BuilderView;
  readonly state: State;
  readonly searchRef: React.RefObject<HTMLInputElement | null>;
  readonly seed: string;
  readonly ownId: string | undefined;
}

function Workspace({ view, state, searchRef, seed, ownId }: WorkspaceProps) {
  const root = rootOf(state);
  const isStale = state.mistakes.length > 0;
  const counted = isStale ? '' : toPql(root);
  const compiled = useCompiled(state.text);
  const isCounted = compiled?.text === counted && compiled.result.plan !== undefined;
  const preview = usePreview({ text: isCounted ? counted : '', seed, clauses: true });
  const effects = useMemo(() => {
    const { estimate, text } = preview;
    return text === counted ? effectsOf(root, estimate?.clauses ?? []) : new Map();
  }, [preview, root, counted]);
  const cursor = useMemo(
    () => ({ focus: state.history.present.focus ?? root.id, selection: state.selection }),
    [state.history.present.focus, root.id, state.selection],
  );
  return (
    <EffectsProvider value={effects}>
      <CursorProvider value={cursor}>
        <div className={`workspace ${view}`}>
          <Rail searchRef={searchRef} ownId={ownId} />
          {view !== 'code' && <CanvasSide state={state} isStale={isStale} />}
          {view !== 'canvas' && <CodeSide state={state} compiled={compiled?.result} />}
          <Boundary>
            <Panel
              root={root}
              preview={preview}
              effects={effects}
              compiled={compiled?.result}
              unfinished={unfinishedRows(root).length}
            />
          </Boundary>
        </div>
      </CursorProvider>
    </EffectsProvider>
  );
}

function CanvasSide({ state, isStale }: { readonly state: State; readonly isStale: boolean }) {
  const builder = useBuilderMessages();
  const root = rootOf(state);
  return (
    <section className="canvas-side" aria-label={builder.views.canvas}>
      {isStale && <p className="notice">{builder.canvas.stale}</p>}
      <Boundary>
        <Canvas root={root} focusCalls={state.focusCalls} isStale={isStale} />
      </Boundary>
      {root.children.length === 0 && !isStale && (
        <div className="canvas-empty">
          <h2>{builder.canvas.empty}</h2>
          <p className="muted">{builder.canvas.emptyHint}</p>
          <TemplateCards />
        </div>
      )}
    </section>
  );
}

function CodeSide({ state, compiled }: { readonly state: State; readonly compiled: CompiledRule | undefined }) {
  const { app } = useMessages();
  const { dispatch } = useTools();
  const diagnostics = state.mistakes.length > 0 ? state.mistakes : (compiled?.diagnostics ?? []);
  return (
    <Suspense fallback={<p className="muted">{app.loading}</p>}>
      <Boundary>
        <CodeView
          text={state.text}
          diagnostics={diagnostics}
          formatted={state.mistakes.length > 0 ? undefined : compiled?.formatted}
          onChange={(text) => dispatch({ type: 'write', text, at: Date.now() })}
          onBack={
            state.mistakes.length > 0
              ? () => dispatch({ type: 'write', text: toPql(rootOf(state)), at: Date.now() })
              : undefined
          }
        />
      </Boundary>
    </Suspense>
  );
}
