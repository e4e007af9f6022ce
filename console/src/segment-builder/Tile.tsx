import { useSpeech } from '../messages/language.tsx';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { useTools } from './builder-context.tsx';
import { useTileDrag } from './drag.tsx';
import type { Tile as TileKind } from './new-rows.ts';
import { useAdd } from './use-add.ts';

interface Props {
  readonly tile: TileKind;
  readonly title: string;
  readonly about?: string;
  readonly icon: IconName;
  readonly people?: number;
  readonly isTabStop: boolean;
}

/** A press adds it at the caret; Space does so by key, Enter picks it up. */
export function Tile({ tile, title, about, icon, people, isTabStop }: Props) {
  const builder = useBuilderMessages();
  const { readOnly } = useTools();
  const { number } = useSpeech();
  const { dragProps, isDragging } = useTileDrag(tile, title);
  const add = useAdd(tile);
  const body = (
    <>
      <Icon name={icon} />
      <span className="tile-title">{title}</span>
      {people !== undefined && <span className="tile-people">{number(people)}</span>}
    </>
  );
  if (readOnly) return <span className={`tile ${tile.kind}`}>{body}</span>;
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
      {body}
    </div>
  );
}
