/** What every part of the builder is given, and what was said last to a screen reader. */
import { useMemo, useRef, useState } from 'react';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import type { Segment } from '../segments/find-segments.ts';
import type { BuilderTools } from './builder-context.tsx';
import { type BuilderState, rootOf } from './builder-state.ts';
import { useVocabulary } from './use-vocabulary.ts';

/** Whoever may only look walks the rule, and changes nothing of it. */
export const looking =
  (dispatch: BuilderTools['dispatch']): BuilderTools['dispatch'] =>
  (action) => {
    if (action.type === 'focus' || action.type === 'select') dispatch(action);
  };

export function useBuilderTools(
  state: BuilderState,
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
      focus: () => latest.current.history.present.focus ?? rootOf(latest.current).id,
      change: (edit, options = {}) => dispatch({ type: 'edit', edit, at: Date.now(), ...options }),
      say,
    }),
    [dispatch, readOnly, vocabulary, builder],
  );
  return { tools, said };
}
