import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { useCursor, useTools } from './builder-context.tsx';
import { useTileDrag } from './drag.tsx';
import { rowOf, type Tile as TileKind } from './new-rows.ts';
import { canPlace, insert } from './operations.ts';
import { caretOf } from './use-canvas-keys.ts';

interface Props {
  readonly tile: TileKind;
  readonly title: string;
  readonly about?: string;
  readonly icon: IconName;
  readonly isTabStop: boolean;
}

/** A press adds it at the caret; Space does so by key, Enter picks it up. */
export function Tile({ tile, title, about, icon, isTabStop }: Props) {
  const builder = useBuilderMessages();
  const { readOnly } = useTools();
  const { dragProps, isDragging } = useTileDrag(tile, title);
  const add = useAdd(tile);
  if (readOnly) return <span className={`tile ${tile.kind}`}>{title}</span>;
  const { onClick, onKeyDown, ...drag } = dragProps;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native button can't be dragged in every browser
    <div
      {...drag}
      role="button"
      data-tile={title}
      tabIndex={isTabStop ? 0 : -1}
      className={isDragging ? `tile ${tile.kind} dragging` : `tile ${tile.kind}`}
      aria-label={builder.rail.add(title)}
      title={about}
      onClick={add}
      onKeyDown={(event) => {
        onKeyDown?.(event);
        if (event.key !== ' ' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        add();
      }}
    >
      <Icon name={icon} />
      <span className="tile-title">{title}</span>
    </div>
  );
}

function useAdd(tile: TileKind): () => void {
  const { change, root } = useTools();
  const { focus } = useCursor();
  return () => {
    const at = caretOf(root(), focus);
    change((before, newId) => {
      const node = rowOf(tile, newId);
      const end = { groupId: before.id, index: before.children.length };
      const { groupId, index } = canPlace(before, node, at.groupId) ? at : end;
      return insert(before, groupId, index, node);
    });
  };
}
