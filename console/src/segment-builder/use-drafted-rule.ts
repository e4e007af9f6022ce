/** The rule that is being made, with what is known of it by the service: its draft, what is live, and what may be done. */
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useReducer, useRef, useState } from 'react';
import { useApi } from '../app/surroundings.tsx';
import { usePermissions } from '../app/use-permissions.ts';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import type { Segment } from '../segments/find-segments.ts';
import { SEGMENTS_KEY } from '../segments/segments-key.ts';
import { tell } from '../ui/toasts.tsx';
import { reduce, startBuilder } from './builder-state.ts';
import { dropServerDraft, type ServerDraft, takesDraftBeside } from './server-draft.ts';
import { looking } from './use-builder-tools.ts';
import { forgetLocalDraft, readLocalDraft, useDraft } from './use-draft.ts';

export interface Beginning {
  readonly segment: Segment | undefined;
  readonly start: { readonly name: string; readonly text: string };
  /** Beside a rule that has been live. */
  readonly serverDraft: ServerDraft | undefined;
  /** Whether what this browser kept from before comes first. */
  readonly takesLocalDraft: boolean;
}

export function useDraftedRule({ segment: opened, start: live, serverDraft, takesLocalDraft }: Beginning) {
  const api = useApi();
  const builder = useBuilderMessages();
  const queries = useQueryClient();
  const [segment, setSegment] = useState(opened);
  const [start] = useState({ name: serverDraft?.name ?? live.name, text: serverDraft?.text ?? live.text });
  const can = usePermissions();
  const readOnly = !can(opened === undefined ? 'createSegmentDefinition' : 'saveSegmentDraft');
  const [first] = useState(() => (takesLocalDraft && !readOnly ? readLocalDraft(api, opened?.id) : undefined) ?? start);
  const [name, setName] = useState(first.name);
  const [state, change] = useReducer(reduce, first.text, startBuilder);
  const dispatch = useMemo(() => (readOnly ? looking(change) : change), [readOnly]);
  const onSaved = useRef((saved: Segment) => {
    setSegment(saved);
    void queries.invalidateQueries({ queryKey: SEGMENTS_KEY });
  });
  const isSound = state.mistakes.length === 0;
  const [isPublishing, setPublishing] = useState(false);
  const beginning = { segment, start, isPaused: isPublishing, serverDraft, readOnly };
  const draft = useDraft({ name, text: state.text, isSound }, beginning, onSaved.current);
  const onPublished = (published: Segment) => {
    setPublishing(false);
    forgetLocalDraft(api, segment?.id);
    onSaved.current(published);
    draft.startOver({ name: published.name, text: published.expression.value });
    tell({ text: builder.publishing.done(published.name) });
  };
  const discard = async () => {
    const { segment: known, draft: kept } = await draft.settled();
    if (known === undefined) return;
    if (kept !== undefined) await dropServerDraft(api, known.id);
    forgetLocalDraft(api, known.id);
    const words = { name: known.name, text: known.expression.value };
    draft.startOver(words);
    setName(words.name);
    dispatch({ type: 'write', text: words.text, at: Date.now() });
    const undo = { label: builder.said.undo, run: () => dispatch({ type: 'undo' }) };
    tell({ text: builder.discarding.done, action: undo });
  };
  const canDiscard = !readOnly && takesDraftBeside(segment) && draft.hasServerDraft;
  const isWhole = isSound && state.text.trim() !== '' && name.trim() !== '';
  return {
    ...{ segment, name, setName, state, dispatch, draft, readOnly, isPublishing, setPublishing, onPublished },
    discard: canDiscard ? () => void discard() : undefined,
    canPublish: can('publishSegmentDraft') && isWhole && !readOnly,
  };
}
