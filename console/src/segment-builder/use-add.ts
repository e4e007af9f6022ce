/** A press on a tile: the row it stands for comes behind the one that has the focus. */
import { createContext, use } from 'react';
import { useTools } from './builder-context.tsx';
import { commonTime, withTime } from './group-time.ts';
import { findNode } from './model.ts';
import { rowOf, type Tile } from './new-rows.ts';
import { canPlace, insert } from './operations.ts';
import { caretOf } from './use-canvas-keys.ts';

/** What else a press does: a rail in a dialog closes. */
export const AfterAddContext = createContext<() => void>(() => {});

export function useAdd(tile: Tile): () => void {
  const { change, root, focus } = useTools();
  const afterAdd = use(AfterAddContext);
  return () => {
    const at = caretOf(root(), focus());
    change((before, newId) => {
      const node = rowOf(tile, newId);
      const end = { groupId: before.id, index: before.children.length };
      const { groupId, index } = canPlace(before, node, at.groupId) ? at : end;
      const group = findNode(before, groupId);
      const time = group?.kind === 'group' ? commonTime(group) : undefined;
      return insert(before, groupId, index, time?.kind === 'same' ? withTime(node, time.when) : node);
    });
    afterAdd();
  };
}
