/**
 * Dragging, by pointer and by keyboard, over rail and canvas. What is dragged is known to all places at once, so that a
 * place shows itself only where a drop is allowed; the one rule for that is `canPlace`.
 */
import {
  createContext,
  type HTMLAttributes,
  memo,
  type ReactNode,
  type Ref,
  use,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type DragItem, useDrag, useDrop } from 'react-aria';
import { Icon } from '../ui/Icon.tsx';
import { useTools } from './builder-context.tsx';
import { findNode, type Id, type Node } from './model.ts';
import { rowOf, type Tile } from './new-rows.ts';
import { canPlace, insert, move, renamed, wrap } from './operations.ts';
import { toPql } from './to-pql.ts';

type Dragged = { readonly kind: 'row'; readonly id: Id } | { readonly kind: 'tile'; readonly tile: Tile };

interface DragState {
  readonly dragged: Dragged | undefined;
  setDragged(dragged: Dragged | undefined): void;
}

const DragContext = createContext<DragState>({ dragged: undefined, setDragged: () => {} });
const useDragState = () => use(DragContext);

export function DragProvider({ children }: { readonly children: ReactNode }) {
  const [dragged, setDragged] = useState<Dragged>();
  const state = useMemo(() => ({ dragged, setDragged }), [dragged]);
  return <DragContext value={state}>{children}</DragContext>;
}

const ROW = 'application/x-shoal-row';

/** Browsers give up a drag whose beginning changes the page. */
const later = (run: () => void) => requestAnimationFrame(run);

function useDragged(dragged: Dragged, items: () => DragItem[]) {
  const { setDragged } = useDragState();
  return useDrag({
    getItems: items,
    getAllowedDropOperations: () => ['move', 'copy'],
    onDragStart: () => void later(() => setDragged(dragged)),
    onDragEnd: () => setDragged(undefined),
  });
}

interface GripProps {
  readonly node: Node;
  readonly label: string;
  readonly isTabStop: boolean;
}

export const Grip = memo(function Grip({ node, label, isTabStop }: GripProps) {
  const { dragProps } = useDragged({ kind: 'row', id: node.id }, () => [
    { [ROW]: node.id, 'text/plain': toPql({ kind: 'group', id: '', mode: 'all', children: [node] }) },
  ]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native button can't be dragged in every browser
    <div {...dragProps} className="grip" role="button" tabIndex={isTabStop ? 0 : -1} aria-label={label}>
      <Icon name="grip" />
    </div>
  );
});

export function useTileDrag(tile: Tile, label: string) {
  return useDragged({ kind: 'tile', tile }, () => [{ [ROW]: 'tile', 'text/plain': label }]);
}

interface Target {
  readonly groupId: Id;
  readonly index: number;
  /** The row that it is dropped on, to make a group of the two. */
  readonly onto?: Id;
}

/** `undefined` where what is dragged can't be put. */
function useTarget({ groupId, index, onto }: Target) {
  const { dragged, setDragged } = useDragState();
  const { change, root } = useTools();
  const ref = useRef<HTMLDivElement>(null);
  const isAllowed = dragged !== undefined && isPlaceFor(dragged, { groupId, onto }, root());
  const { dropProps, isDropTarget } = useDrop({
    ref,
    isDisabled: !isAllowed,
    getDropOperation: (_, allowed) => (isAllowed ? (allowed[0] ?? 'move') : 'cancel'),
    onDrop: ({ dropOperation }) => {
      if (dragged === undefined) return;
      drop(dragged, { groupId, index, ...(onto === undefined ? {} : { onto }) }, dropOperation === 'copy', change);
      setDragged(undefined);
    },
  });
  return { ref, dropProps, isDropTarget, isAllowed };
}

type Change = ReturnType<typeof useTools>['change'];

function drop(dragged: Dragged, { groupId, index, onto }: Target, isCopy: boolean, change: Change): void {
  change((before, newId) => {
    if (dragged.kind === 'row' && !isCopy && onto === undefined) return move(before, dragged.id, groupId, index);
    const source = dragged.kind === 'row' ? findNode(before, dragged.id) : rowOf(dragged.tile, newId);
    if (source === undefined) return before;
    if (onto === undefined)
      return insert(before, groupId, index, dragged.kind === 'row' ? renamed(source, newId) : source);
    return grouped(before, source, { groupId, index, onto }, dragged.kind === 'row', newId);
  });
}

function grouped(
  root: Parameters<typeof wrap>[0],
  source: Node,
  { groupId, index, onto }: Required<Target>,
  isRow: boolean,
  newId: () => string,
) {
  const placed = isRow ? move(root, source.id, groupId, index + 1) : insert(root, groupId, index + 1, source);
  return wrap(placed, [onto, source.id], 'any', newId);
}

function isPlaceFor(
  dragged: Dragged,
  { groupId, onto }: { groupId: Id; onto: Id | undefined },
  root: ReturnType<ReturnType<typeof useTools>['root']>,
): boolean {
  if (dragged.kind === 'row') {
    const node = findNode(root, dragged.id);
    return node !== undefined && dragged.id !== onto && canPlace(root, node, groupId);
  }
  const node = rowOf(dragged.tile, () => 'dragged');
  const { tile } = dragged;
  if (!canPlace(root, node, groupId)) return false;
  // A field of events asks nothing of a person, nor the other way round.
  return tile.kind !== 'attribute' || tile.scope === scopeAt(root, groupId);
}

function scopeAt(root: Parameters<typeof wrap>[0], groupId: Id): 'profile' | 'event' {
  return canPlace(root, { kind: 'segment', id: 'probe', segmentId: '', in: true }, groupId) ? 'profile' : 'event';
}

interface GapProps {
  readonly groupId: Id;
  readonly index: number;
  /** Asked for only while something is dragged. */
  readonly label: string | (() => string);
}

/** The place before a row, or at the end of a group: there only while something that fits is dragged. */
export function Gap(props: GapProps) {
  return useDragState().dragged === undefined ? null : <OpenGap {...props} />;
}

function OpenGap({ groupId, index, label }: GapProps) {
  const { ref, dropProps, isDropTarget, isAllowed } = useTarget({ groupId, index });
  if (!isAllowed) return null;
  return (
    // A grid holds rows only, and a row cells.
    // biome-ignore lint/a11y/useSemanticElements: a table has no rows within rows
    <div role="row" className="gap-row" tabIndex={-1}>
      <PlaceCell
        ref={ref}
        dropProps={dropProps}
        className={isDropTarget ? 'gap over' : 'gap'}
        label={typeof label === 'string' ? label : label()}
      />
    </div>
  );
}

interface PlaceProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly dropProps: HTMLAttributes<HTMLElement>;
  readonly className: string;
  readonly label: string;
}

function PlaceCell({ ref, dropProps, className, label }: PlaceProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table has no rows within rows
    // biome-ignore lint/a11y/useFocusableInteractive: the place has the focus, its cell never does
    <div role="gridcell" className="place-cell">
      {/* biome-ignore lint/a11y/useSemanticElements: a place to drop on is no button of a form */}
      <div {...dropProps} ref={ref} className={className} role="button" tabIndex={0} aria-label={label} />
    </div>
  );
}

interface OntoProps extends GapProps {
  readonly label: string;
  readonly onto: Id;
}

/** On a row: the two become a group. */
export function Onto(props: OntoProps) {
  return useDragState().dragged === undefined ? null : <OpenOnto {...props} />;
}

function OpenOnto({ groupId, index, label, onto }: OntoProps) {
  const { ref, dropProps, isDropTarget, isAllowed } = useTarget({ groupId, index, onto });
  if (!isAllowed) return null;
  const className = isDropTarget ? 'onto over' : 'onto';
  return <PlaceCell ref={ref} dropProps={dropProps} className={className} label={label} />;
}
