/** Keys that work wherever the focus is. Letters alone do nothing while something is typed. */
import { type Dispatch, useEffect, useRef } from 'react';
import { BUILDER_VIEWS, type BuilderView } from './builder-search.ts';
import type { Action } from './builder-state.ts';

interface Keys {
  readonly dispatch: Dispatch<Action>;
  /** Looks for something to add. */
  readonly onAdd: () => void;
  readonly onView: (view: BuilderView) => void;
  readonly onSave: () => void;
  readonly onPublish: () => void;
}

export function useBuilderKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented) return;
      const run = commandFor(event, latest.current);
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  target.matches('input, textarea, select, [contenteditable="true"], [role="menuitem"], [role="option"]');

function commandFor(
  event: KeyboardEvent,
  { dispatch, onAdd, onView, onSave, onPublish }: Keys,
): (() => void) | undefined {
  const key = event.key.toLowerCase();
  const inEditor = event.target instanceof HTMLElement && event.target.closest('.cm-editor') !== null;
  if (event.ctrlKey || event.metaKey) {
    // The editor keeps its own history of what is typed in it.
    if (key === 'z' && !inEditor) return () => dispatch({ type: event.shiftKey ? 'redo' : 'undo' });
    if (key === 'y' && !inEditor) return () => dispatch({ type: 'redo' });
    if (key === 's') return onSave;
    return key === 'enter' ? onPublish : undefined;
  }
  if (event.altKey || isTyping(event) || inEditor) return undefined;
  if (key === 'f' || key === 'a') return onAdd;
  const view = BUILDER_VIEWS[Number(key) - 1];
  return view === undefined ? undefined : () => onView(view);
}
