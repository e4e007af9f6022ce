/** The builder at work: one reducer, and round it rail, canvas, code and panel. */
import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import type { Segment } from '../segments/find-segments.ts';
import { showAddress } from './address.ts';
import { BuilderBar } from './BuilderBar.tsx';
import { BuilderToolsProvider, CursorProvider } from './builder-context.tsx';
import type { BuilderSearch } from './builder-search.ts';
import { rootOf } from './builder-state.ts';
import { DragProvider } from './drag.tsx';
import { useBuilderKeys } from './use-builder-keys.ts';
import { useBuilderTools } from './use-builder-tools.ts';
import { type Beginning, useDraftedRule } from './use-drafted-rule.ts';
import { useMedia } from './use-media.ts';
import { NARROW, Workspace } from './Workspace.tsx';

const RailDialog = lazy(async () => ({ default: (await import('./RailDialog.tsx')).RailDialog }));
const PublishDialog = lazy(async () => ({ default: (await import('./PublishDialog.tsx')).PublishDialog }));

interface Props extends Beginning {
  readonly segments: readonly Segment[] | undefined;
}

const NO_SEGMENTS: readonly Segment[] = [];

export function Builder({ segments = NO_SEGMENTS, ...beginning }: Props) {
  const rule = useDraftedRule(beginning);
  const { segment, name, state, dispatch, draft, readOnly, isPublishing, setPublishing } = rule;
  const { tools, said } = useBuilderTools(state, { dispatch, readOnly }, segments);
  const { view: firstView = 'canvas' } = useSearch({ strict: false }) as BuilderSearch;
  const [view, setView] = useState(firstView);
  useEffect(() => showAddress(segment?.id, view, draft.isChanged), [segment?.id, view, draft.isChanged]);
  const builder = useBuilderMessages();
  const searchRef = useRef<HTMLInputElement>(null);
  const isNarrow = useMedia(NARROW);
  const [isAdding, setAdding] = useState(false);
  const onAdd = () => (isNarrow ? setAdding(!readOnly) : searchRef.current?.focus());
  const onPublish = () => rule.canPublish && setPublishing(true);
  useBuilderKeys({ dispatch, onAdd, onView: setView, onSave: draft.save, onPublish });
  const [seed] = useState(() => crypto.randomUUID());
  const focus = state.history.present.focus ?? rootOf(state).id;
  const cursor = useMemo(() => ({ focus, selection: state.selection }), [focus, state.selection]);
  return (
    <BuilderToolsProvider value={tools}>
      <CursorProvider value={cursor}>
        <DragProvider>
          <BuilderBar {...{ rule, view, onPublish }} onView={setView} />
          {readOnly && <p className="notice looking">{builder.readOnly}</p>}
          <Workspace {...{ view, state, searchRef, seed, onAdd }} ownId={segment?.id} />
          <Suspense>
            {isAdding && <RailDialog ownId={segment?.id} onClose={() => setAdding(false)} />}
            {isPublishing && (
              <PublishDialog
                {...{ name, segment, seed }}
                text={state.text}
                settled={draft.settled}
                onClose={() => setPublishing(false)}
                onPublished={rule.onPublished}
              />
            )}
          </Suspense>
          <p className="visually-hidden" role="status" aria-live="polite">
            {said}
          </p>
        </DragProvider>
      </CursorProvider>
    </BuilderToolsProvider>
  );
}
