/** What every row has: grip, edge and icon of its kind, its effect on the number, and a menu of all that can be done. */
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { EditingProvider, useCursor, useTools } from './builder-context.tsx';
import { Grip, Onto } from './drag.tsx';
import { isFinished } from './effects.ts';
import type { Id, Mode, Node, Scope } from './model.ts';
import { RowEffect } from './RowEffect.tsx';
import { RowMenu } from './RowMenu.tsx';
import { sentenceOf, type Wording } from './sentence.ts';

export interface Position {
  readonly groupId: Id;
  readonly mode: Mode;
  readonly index: number;
  readonly total: number;
}

export type RowKind = 'group' | 'attribute' | 'event' | 'sequence' | 'segment' | 'code';

const ICONS: Readonly<Record<RowKind, IconName>> = {
  group: 'group',
  attribute: 'person',
  event: 'event',
  sequence: 'sequence',
  segment: 'segment',
  code: 'code',
};

interface Props {
  readonly node: Node;
  readonly scope: Scope;
  readonly level: number;
  /** Absent for the whole rule, which can't go anywhere. */
  readonly position: Position | undefined;
  readonly kind: RowKind;
  readonly children: ReactNode;
}

export function RowFrame({ node, scope, level, position, kind, children }: Props) {
  const builder = useBuilderMessages();
  const { wording, readOnly } = useTools();
  const { focus, selection } = useCursor();
  const effectId = useId();
  const { row, isEditing, onBlur, onFocus } = useEditing();
  const sentence = nameOf(node, scope, wording, position === undefined);
  const place =
    position && builder.canvas.position(position.index + 1, position.total, builder.sentence.modes[position.mode]);
  const names = [
    'row-frame',
    kind,
    selection.has(node.id) && 'selected',
    focus === node.id && position !== undefined && 'here',
    kind !== 'group' && !isFinished(node) && 'unfinished',
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table has no rows within rows
    <div
      ref={row}
      role="row"
      className={names.filter(Boolean).join(' ')}
      data-row={node.id}
      tabIndex={focus === node.id ? 0 : -1}
      aria-level={level}
      aria-posinset={position === undefined ? 1 : position.index + 1}
      aria-setsize={position === undefined ? 1 : position.total}
      aria-selected={selection.has(node.id)}
      aria-label={place === undefined ? sentence : `${sentence}. ${place}`}
      {...(position === undefined ? {} : { 'aria-describedby': effectId })}
      {...(node.kind === 'group' ? { 'aria-expanded': true } : {})}
      onBlur={onBlur}
      onFocus={onFocus}
    >
      <EditingProvider value={isEditing}>
        {/* biome-ignore lint/a11y/useSemanticElements: a table has no rows within rows */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the row has the focus, its cells never do */}
        <div role="gridcell" className="row-body">
          {position !== undefined && !readOnly && (
            <Grip node={node} label={builder.canvas.grip(sentence)} isTabStop={isEditing} />
          )}
          {kind !== 'group' && (
            <span className="kind-icon">
              <Icon name={ICONS[kind]} />
            </span>
          )}
          {children}
          {position !== undefined && <RowEffect nodeId={node.id} id={effectId} />}
          {position !== undefined && !readOnly && <RowMenu node={node} sentence={sentence} />}
        </div>
      </EditingProvider>
      {position !== undefined && kind !== 'group' && (
        <Onto
          groupId={position.groupId}
          index={position.index}
          onto={node.id}
          label={builder.canvas.dropOn(sentence)}
        />
      )}
    </div>
  );
}

/** A group is called by how its rows go together: the rows below it say the rest. */
function nameOf(node: Node, scope: Scope, wording: Wording, isRoot: boolean): string {
  if (node.kind !== 'group') return sentenceOf(node, scope, wording);
  return (isRoot ? wording.words.peopleWho : wording.words.meet)[node.mode];
}

const STOPS = 'button, input, [role="button"]:not(.grip)';

/** Enter steps into a row: its slots become stops of the Tab key until the focus leaves it. */
export function useEditing() {
  const row = useRef<HTMLDivElement>(null);
  const [isEditing, setEditing] = useState(false);
  useEffect(() => {
    const element = row.current;
    const onEnter = () => {
      setEditing(true);
      element?.querySelector<HTMLElement>(STOPS)?.focus();
    };
    element?.addEventListener('shoal-enter', onEnter);
    return () => element?.removeEventListener('shoal-enter', onEnter);
  }, []);
  const onBlur = ({ relatedTarget }: { relatedTarget: EventTarget | null }) => {
    if (!row.current?.contains(relatedTarget as globalThis.Node | null)) setEditing(false);
  };
  // However a slot was reached, by pointer or key, Tab goes on from it to the next one.
  const onFocus = ({ target }: { target: EventTarget }) => {
    if (target !== row.current) setEditing(true);
  };
  return { row, isEditing, onBlur, onFocus };
}
