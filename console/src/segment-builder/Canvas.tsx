/** The rule as rows: a treegrid with one stop of the Tab key, walked by arrows; deep groups have a view of their own. */
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { OwnViewProvider, useCursor, useTools } from './builder-context.tsx';
import { findNode, type Group, type Id, placeOf, scopeOf } from './model.ts';
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
  const { shown, scope, open, leave } = useShown(root);
  const called = useRef(focusCalls);
  useLayoutEffect(() => {
    if (called.current === focusCalls) return;
    const row = canvas.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(focus)}"]`);
    // Outside of what is shown: the whole rule is, and the row is found when it is drawn.
    if (row === null && shown !== root) return leave();
    called.current = focusCalls;
    row?.focus();
  }, [focusCalls, focus, shown, root, leave]);
  return (
    <OwnViewProvider value={open}>
      {shown !== root && <Path root={root} shown={shown} onOpen={open} />}
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
        <GroupRows group={shown} scope={scope} level={1} position={undefined} />
      </div>
    </OwnViewProvider>
  );
}

/** The whole rule, or one group of it for as long as it is there. */
function useShown(root: Group) {
  const { dispatch } = useTools();
  const [id, setId] = useState<Id>();
  const shown = useMemo(() => {
    const node = id === undefined ? undefined : findNode(root, id);
    return node?.kind === 'group' ? node : root;
  }, [root, id]);
  const open = useCallback(
    (next: Id) => {
      setId(next);
      dispatch({ type: 'focus', id: next, call: true });
    },
    [dispatch],
  );
  const leave = useCallback(() => setId(undefined), []);
  return { shown, scope: scopeOf(root, shown.id) ?? 'profile', open, leave };
}

interface PathProps {
  readonly root: Group;
  readonly shown: Group;
  readonly onOpen: (id: Id) => void;
}

/** From the whole rule to the group that is shown. */
function Path({ root, shown, onOpen }: PathProps) {
  const builder = useBuilderMessages();
  const above: Group[] = [];
  for (let at = placeOf(root, shown.id)?.parent; at !== undefined; at = placeOf(root, at.id)?.parent) above.unshift(at);
  return (
    <nav className="own-path" aria-label={builder.canvas.path}>
      <ol>
        {above.map((group) => (
          <li key={group.id}>
            <button type="button" className="text-button" onClick={() => onOpen(group.id)}>
              {(group === root ? builder.sentence.peopleWho : builder.sentence.meet)[group.mode]}
            </button>
          </li>
        ))}
        <li aria-current="true">{builder.sentence.meet[shown.mode]}</li>
      </ol>
    </nav>
  );
}
