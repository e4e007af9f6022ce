/**
 * The time of a group: that of all its events, where they agree. It is no second limit beside those of the rows, so that
 * the two can never say different things; to set it sets every row.
 */
import { type EventRow, type Group, type Id, type Node, type When, walk } from './model.ts';
import { changeNode, withoutOrigin } from './operations.ts';

export type GroupTime = { readonly kind: 'same'; readonly when: When | undefined } | { readonly kind: 'different' };

/** With fewer there is nothing to agree on. */
const EVENTS_MIN = 2;

/** `undefined` where the group has no two events. */
export function commonTime(group: Group): GroupTime | undefined {
  const rows = eventsIn(group);
  const [first] = rows;
  if (first === undefined || rows.length < EVENTS_MIN) return undefined;
  const isSame = rows.every(({ when }) => JSON.stringify(when) === JSON.stringify(first.when));
  return isSame ? { kind: 'same', when: first.when } : { kind: 'different' };
}

export function setGroupTime(root: Group, groupId: Id, when: When | undefined): Group {
  return changeNode(root, groupId, (group) =>
    group.kind !== 'group'
      ? group
      : eventsIn(group).reduce<Group>((tree, { id }) => changeNode(tree, id, (row) => withTime(row, when)), group),
  );
}

/** Rows of other kinds have no time of their own. */
export function withTime(node: Node, when: When | undefined): Node {
  if (node.kind !== 'event' || node.when === when) return node;
  const { when: _, ...rest } = node;
  return withoutOrigin(when === undefined ? rest : { ...rest, when });
}

const eventsIn = (group: Group): readonly EventRow[] =>
  [...walk(group)].filter((node): node is EventRow => node.kind === 'event');
