/** The rule as rows: a treegrid with one stop of the Tab key, walked by arrows. */
import { useLayoutEffect, useRef } from 'react';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { useCursor, useTools } from './builder-context.tsx';
import type { Group } from './model.ts';
import { GroupRows } from './Rows.tsx';
import { useCanvasKeys } from './use-canvas-keys.ts';

interface Props {
  readonly root: Group;
  readonly focusCalls: number;
  readonly isStale: boolean;
}

export function Canvas({ root, focusCalls, isStale }: Props) {
  const builder = useBuilderMessages();
  const canvas = useRef<HTMLDivElement>(null);
  const onKeyDown = useCanvasKeys();
  const { focus } = useCursor();
  const { dispatch, readOnly } = useTools();
  const called = useRef(focusCalls);
  useLayoutEffect(() => {
    if (called.current === focusCalls) return;
    called.current = focusCalls;
    canvas.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(focus)}"]`)?.focus();
  }, [focusCalls, focus]);
  return (
    <div
      ref={canvas}
      role="treegrid"
      aria-label={builder.canvas.title}
      aria-readonly={readOnly || isStale}
      className={isStale ? 'canvas stale' : 'canvas'}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => {
        const id = target.closest<HTMLElement>('[data-row]')?.dataset.row;
        if (id !== undefined && id !== focus) dispatch({ type: 'focus', id });
      }}
    >
      <GroupRows group={root} scope="profile" level={1} position={undefined} />
    </div>
  );
}
