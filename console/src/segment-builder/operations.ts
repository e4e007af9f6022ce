/**
 * What can be done to a rule. Pure and total: what makes no sense (a group into itself, a row that isn't there) returns
 * the same tree, so that pointer, keyboard and menu need no rules of their own.
 */
import {
  contains,
  findNode,
  type Group,
  type Id,
  innerGroups,
  type Mode,
  type NewId,
  type Node,
  placeOf,
  type Scope,
  type Sequence,
  type Step,
  scopeOf,
  walk,
} from './model.ts';

/** `change` of the node with that id; every node on the way is new, everything else the same. */
export function changeNode(root: Group, id: Id, change: (node: Node) => Node): Group {
  return changeIn(root, id, change) as Group;
}

function changeIn(node: Node, id: Id, change: (node: Node) => Node): Node {
  if (node.id === id) return change(node);
  switch (node.kind) {
    case 'group': {
      const children = mapKept(node.children, (child) => changeIn(child, id, change));
      return children === node.children ? node : withoutOrigin({ ...node, children });
    }
    case 'event': {
      const where = node.where && (changeIn(node.where, id, change) as Group);
      return where === node.where || where === undefined ? node : withoutOrigin({ ...node, where });
    }
    case 'sequence': {
      const steps = mapKept(node.steps, (step) => changeStep(step, id, change));
      return steps === node.steps ? node : withoutOrigin({ ...node, steps });
    }
    default:
      return node;
  }
}

function changeStep(step: Step, id: Id, change: (node: Node) => Node): Step {
  if (step.where === undefined) return step;
  const where = changeIn(step.where, id, change) as Group;
  return where === step.where ? step : { ...step, where };
}

function mapKept<Item>(items: readonly Item[], map: (item: Item) => Item): readonly Item[] {
  const mapped = items.map(map);
  return mapped.some((item, index) => item !== items[index]) ? mapped : items;
}

/** Its text no longer says what it is. */
export function withoutOrigin<Kind extends Node>(node: Kind): Kind {
  if (node.origin === undefined) return node;
  const { origin: _, ...rest } = node;
  return rest as Kind;
}

const withChildren = (group: Group, children: readonly Node[]): Group => withoutOrigin({ ...group, children });

const without = <Item>(items: readonly Item[], index: number): Item[] => items.filter((_, at) => at !== index);

const inserted = <Item>(items: readonly Item[], index: number, item: Item): Item[] => {
  const at = Math.max(0, Math.min(index, items.length));
  return [...items.slice(0, at), item, ...items.slice(at)];
};

/** Events, sequences and segments are asked of a person, never of an event; a row of an event's filters stays with events. */
export function fits(node: Node, scope: Scope, from: Scope | undefined): boolean {
  if (from !== undefined && from !== scope && !isEmptyGroup(node)) return false;
  if (scope === 'profile') return true;
  return [...walk(node)].every(({ kind }) => kind === 'group' || kind === 'attribute' || kind === 'code');
}

const isEmptyGroup = (node: Node) => node.kind === 'group' && node.children.length === 0;

/** Whether a node of the tree, or a new one, may stand in that group: the one rule for every way of putting it there. */
export function canPlace(root: Group, node: Node, groupId: Id): boolean {
  const scope = scopeOf(root, groupId);
  if (scope === undefined || contains(node, groupId)) return false;
  return fits(node, scope, placeOf(root, node.id)?.scope);
}

export function insert(root: Group, groupId: Id, index: number, node: Node): Group {
  if (!canPlace(root, node, groupId) || [...walk(node)].some(({ id }) => contains(root, id))) return root;
  return changeNode(root, groupId, (group) =>
    group.kind === 'group' ? withChildren(group, inserted(group.children, index, node)) : group,
  );
}

export function remove(root: Group, id: Id): Group {
  const place = placeOf(root, id);
  if (place === undefined) return root;
  return changeNode(root, place.parent.id, (group) =>
    group.kind === 'group' ? withChildren(group, without(group.children, place.index)) : group,
  );
}

/** `index` counts before the node is taken out of its place. */
export function move(root: Group, id: Id, groupId: Id, index: number): Group {
  const [node, from] = [findNode(root, id), placeOf(root, id)];
  if (node === undefined || from === undefined || !canPlace(root, node, groupId)) return root;
  const isSameGroup = from.parent.id === groupId;
  const target = isSameGroup && index > from.index ? index - 1 : index;
  const last = isSameGroup ? from.parent.children.length - 1 : Number.POSITIVE_INFINITY;
  if (isSameGroup && Math.max(0, Math.min(target, last)) === from.index) return root;
  return insert(remove(root, id), groupId, target, node);
}

export function setMode(root: Group, groupId: Id, mode: Mode): Group {
  return changeNode(root, groupId, (group) => {
    if (group.kind !== 'group' || group.mode === mode) return group;
    return withoutOrigin(reframed({ ...group, mode }, group.mode === 'none' || mode === 'none'));
  });
}

/** Comments between the children stay; brackets and a `not` before them belong to the mode that is gone. */
function reframed(group: Group, isNegationChanged: boolean): Group {
  const { frame, ...rest } = group;
  if (frame === undefined || !isNegationChanged) return group;
  return { ...rest, frame: { ...frame, before: '', after: '', level: 0 } };
}

/** Who met the row no longer does, and the other way round. */
export function negate(root: Group, id: Id, newId: NewId): Group {
  if (placeOf(root, id) === undefined) return root;
  return changeNode(root, id, (node) => negated(node, newId));
}

function negated(node: Node, newId: NewId): Node {
  switch (node.kind) {
    case 'attribute':
      return withoutOrigin({ ...node, negated: !node.negated });
    case 'event':
      return withoutOrigin({ ...node, did: !node.did });
    case 'segment':
      return withoutOrigin({ ...node, in: !node.in });
    case 'group':
      if (node.mode === 'none') return withoutOrigin(reframed({ ...node, mode: 'any' }, true));
      if (node.mode === 'any') return withoutOrigin(reframed({ ...node, mode: 'none' }, true));
      return { kind: 'group', id: newId(), mode: 'none', children: [node] };
    default:
      return { kind: 'group', id: newId(), mode: 'none', children: [node] };
  }
}

/** The rows, which are neighbours, as a group of their own in their place. */
export function wrap(root: Group, ids: readonly Id[], mode: Mode, newId: NewId): Group {
  const place = ids[0] === undefined ? undefined : placeOf(root, ids[0]);
  if (place === undefined) return root;
  const { parent } = place;
  const chosen = parent.children.filter(({ id }) => ids.includes(id));
  if (chosen.length !== new Set(ids).size) return root;
  const group: Group = { kind: 'group', id: newId(), mode, children: chosen };
  const at = parent.children.findIndex(({ id }) => ids.includes(id));
  const rest = parent.children.filter(({ id }) => !ids.includes(id));
  return changeNode(root, parent.id, (node) =>
    node.kind === 'group' ? withChildren(node, inserted(rest, at, group)) : node,
  );
}

/** Its rows take the group's place. Of `none`, whose rows would come to mean the opposite, only the reader can say how. */
export function unwrap(root: Group, groupId: Id): Group {
  const [group, place] = [findNode(root, groupId), placeOf(root, groupId)];
  if (place === undefined || group?.kind !== 'group' || group.mode === 'none') return root;
  const children = [
    ...place.parent.children.slice(0, place.index),
    ...group.children,
    ...place.parent.children.slice(place.index + 1),
  ];
  return changeNode(root, place.parent.id, (parent) =>
    parent.kind === 'group' ? withChildren(parent, children) : parent,
  );
}

/** Another row in its place, under its id. */
export function replace<Kind extends Node>(root: Group, id: Id, next: Kind): Group {
  if (findNode(root, id) === undefined) return root;
  return changeNode(root, id, () => withoutOrigin({ ...next, id }));
}

export function duplicate(root: Group, id: Id, newId: NewId): Group {
  const [node, place] = [findNode(root, id), placeOf(root, id)];
  if (node === undefined || place === undefined) return root;
  return insert(root, place.parent.id, place.index + 1, renamed(node, newId));
}

/** The same rows under ids of their own; what they were written as stays. */
export function renamed<Kind extends Node>(node: Kind, newId: NewId): Kind {
  const ids = new Map([...walk(node)].map((each) => [each.id, newId()]));
  return rename(node, ids, newId) as Kind;
}

function rename(node: Node, ids: ReadonlyMap<Id, Id>, newId: NewId): Node {
  const id = ids.get(node.id) ?? node.id;
  switch (node.kind) {
    case 'group': {
      const children = node.children.map((child) => rename(child, ids, newId));
      const joints = Object.entries(node.frame?.joints ?? {}).map(([key, joint]) => [ids.get(key) ?? key, joint]);
      const frame = node.frame && { ...node.frame, joints: Object.fromEntries(joints) };
      return { ...node, id, children, ...(frame === undefined ? {} : { frame }) };
    }
    case 'event':
      return node.where === undefined
        ? { ...node, id }
        : { ...node, id, where: rename(node.where, ids, newId) as Group };
    case 'sequence': {
      const steps = node.steps.map(({ where, ...step }) => ({
        ...step,
        id: newId(),
        ...(where === undefined ? {} : { where: rename(where, ids, newId) as Group }),
      }));
      return { ...node, id, steps };
    }
    default:
      return { ...node, id };
  }
}

export type Way = 'up' | 'down' | 'in' | 'out';

/** One place on by key: among its siblings, into the group before it, or out of its group. */
export function step(root: Group, id: Id, way: Way): Group {
  const place = placeOf(root, id);
  if (place === undefined) return root;
  const { parent, index } = place;
  if (way === 'up') return index === 0 ? root : move(root, id, parent.id, index - 1);
  if (way === 'down') return index === parent.children.length - 1 ? root : move(root, id, parent.id, index + 2);
  if (way === 'in') {
    const above = parent.children[index - 1];
    return above?.kind === 'group' ? move(root, id, above.id, above.children.length) : root;
  }
  const outer = placeOf(root, parent.id);
  return outer === undefined ? root : move(root, id, outer.parent.id, outer.index + 1);
}

export function changeSequence(root: Group, id: Id, change: (steps: readonly Step[]) => readonly Step[]): Group {
  return changeNode(root, id, (node) => {
    if (node.kind !== 'sequence') return node;
    const steps = change(node.steps);
    return steps === node.steps || steps.length === 0 ? node : withoutOrigin({ ...node, steps } satisfies Sequence);
  });
}

export const groupsOf = (root: Group): readonly Group[] =>
  [...walk(root)].flatMap((node) => [...(node.kind === 'group' ? [node] : []), ...innerGroups(node)]);
