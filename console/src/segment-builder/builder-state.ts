/** Everything that the builder knows and the server doesn't: one reducer over the rule, its history and its code. */
import type { Diagnostic } from '#shared/pql/diagnostic.ts';
import { fromPql } from './from-pql.ts';
import { type History, record, redo, type Snapshot, startHistory, undo } from './history.ts';
import {
  contains,
  countingIds,
  emptyRule,
  findNode,
  type Group,
  type Id,
  type NewId,
  type Node,
  placeOf,
  walk,
} from './model.ts';
import { changeSequence, remove as removeNode } from './operations.ts';
import { toPql } from './to-pql.ts';

export interface BuilderState {
  readonly history: History;
  /** The rule as PQL; what the editor holds while that doesn't compile. */
  readonly text: string;
  /** Why `text` is not the rule on the canvas. */
  readonly mistakes: readonly Diagnostic[];
  readonly selection: ReadonlySet<Id>;
  /** Rises when the focus must go to the focused row, and not only be remembered. */
  readonly focusCalls: number;
}

export type Edit = (root: Group, newId: NewId) => Group;

export type Action =
  | { readonly type: 'edit'; readonly edit: Edit; readonly focus?: Id; readonly key?: string; readonly at: number }
  | { readonly type: 'remove'; readonly ids: readonly Id[]; readonly at: number }
  | { readonly type: 'undo' | 'redo' }
  | { readonly type: 'focus'; readonly id: Id; readonly call?: true }
  | { readonly type: 'select'; readonly ids: readonly Id[] }
  | { readonly type: 'write'; readonly text: string; readonly at: number };

/** One for the page: no two trees of a session share an id. */
export const newId = countingIds('r');

export function startBuilder(text: string): BuilderState {
  const read = text.trim() === '' ? undefined : fromPql(text, newId);
  const root = read?.ok ? read.value : emptyRule(newId());
  return {
    history: startHistory(root),
    text,
    mistakes: read?.ok === false ? read.error : [],
    selection: new Set(),
    focusCalls: 0,
  };
}

export const rootOf = ({ history }: BuilderState): Group => history.present.root;

export function reduce(state: BuilderState, action: Action): BuilderState {
  switch (action.type) {
    case 'edit':
      return edited(state, action);
    case 'remove':
      return removed(state, action.ids, action.at);
    case 'undo':
      return shown(state, undo(state.history));
    case 'redo':
      return shown(state, redo(state.history));
    case 'focus': {
      const present = { ...state.history.present, focus: action.id };
      const focusCalls = state.focusCalls + (action.call ? 1 : 0);
      return { ...state, history: { ...state.history, present }, focusCalls };
    }
    case 'select':
      return { ...state, selection: new Set(action.ids) };
    case 'write':
      return written(state, action.text, action.at);
  }
}

function edited(state: BuilderState, { edit, focus, key, at }: Extract<Action, { type: 'edit' }>): BuilderState {
  // What doesn't compile is finished in the editor: a change of the last good rule would throw it away.
  if (state.mistakes.length > 0) return state;
  const root = edit(rootOf(state), newId);
  const snapshot = { root, focus: focus ?? state.history.present.focus };
  const next = withHistory(state, record(state.history, snapshot, at, key));
  return focus === undefined ? next : { ...next, focusCalls: state.focusCalls + 1 };
}

function removed(state: BuilderState, ids: readonly Id[], at: number): BuilderState {
  const root = rootOf(state);
  const focus = neighbourOf(root, ids);
  const edit: Edit = (before) => ids.reduce((tree, id) => removeRow(tree, id), before);
  return { ...edited(state, { type: 'edit', edit, focus, at }), selection: new Set() };
}

function removeRow(root: Group, id: Id): Group {
  const place = placeOf(root, id);
  if (place === undefined) return removeStep(root, id);
  return removeNode(root, id);
}

/** The row that takes the focus of those that go: the next of its siblings, the one before, or what they stood in. */
function neighbourOf(root: Group, ids: readonly Id[]): Id {
  const rows = visibleRows(root);
  const gone = new Set(ids.flatMap((id) => rowsOf(findNode(root, id)) ?? [id]));
  const at = rows.findIndex((id) => gone.has(id));
  const after = rows.slice(at).find((id) => !gone.has(id));
  return after ?? rows.slice(0, Math.max(0, at)).findLast((id) => !gone.has(id)) ?? root.id;
}

const rowsOf = (node: Node | undefined): readonly Id[] | undefined => node && [...walk(node)].map(({ id }) => id);

/** Rows in the order in which they stand below each other. */
export function visibleRows(root: Group): readonly Id[] {
  const rows: Id[] = [];
  const visitFilters = (where: Group | undefined): void => {
    if (where !== undefined && where.children.length > 0) visit(where);
  };
  const visit = (node: Node): void => {
    rows.push(node.id);
    if (node.kind === 'group') node.children.forEach(visit);
    if (node.kind === 'event') visitFilters(node.where);
    if (node.kind === 'sequence') {
      for (const { id, where } of node.steps) {
        rows.push(id);
        visitFilters(where);
      }
    }
  };
  visit(root);
  return rows;
}

function shown(state: BuilderState, history: History): BuilderState {
  if (history === state.history) return state;
  return { ...withHistory(state, history), focusCalls: state.focusCalls + 1 };
}

function withHistory(state: BuilderState, history: History): BuilderState {
  const { root, focus } = history.present;
  const isThere = focus !== undefined && visibleRows(root).includes(focus);
  const present: Snapshot = isThere ? history.present : { root, focus: undefined };
  const kept = [...state.selection].filter((id) => contains(root, id));
  // The same set where nothing of it went: every row is drawn by it.
  const selection = kept.length === state.selection.size ? state.selection : new Set(kept);
  return { ...state, history: { ...history, present }, text: toPql(root), mistakes: [], selection };
}

function written(state: BuilderState, text: string, at: number): BuilderState {
  if (text === state.text) return state;
  if (text.trim() === '')
    return { ...withHistory(state, record(state.history, fresh(emptyRule(newId())), at, 'code')), text };
  const read = fromPql(text, newId);
  if (!read.ok) return { ...state, text, mistakes: read.error };
  const root = adoptIds(rootOf(state), read.value);
  return { ...withHistory(state, record(state.history, fresh(root), at, 'code')), text };
}

const fresh = (root: Group): Snapshot => ({ root, focus: undefined });

/** Rows that say what they said before keep their ids, so that typing code redraws what it changes and nothing else. */
function adoptIds(before: Group, after: Group): Group {
  const known = new Map<string, Node[]>();
  for (const node of walk(before)) {
    const text = node.origin?.text;
    if (text !== undefined) known.set(text, [...(known.get(text) ?? []), node]);
  }
  const adopt = (node: Node): Node => {
    const same = known.get(node.origin?.text ?? '')?.shift();
    if (same?.kind === node.kind) return same;
    return node.kind === 'group' ? adoptedChildren(node, node.children.map(adopt)) : node;
  };
  return { ...adoptedChildren(after, after.children.map(adopt)), id: before.id };
}

/** The frame knows the children by their ids. */
function adoptedChildren(group: Group, children: readonly Node[]): Group {
  const { frame } = group;
  if (frame === undefined) return { ...group, children };
  const joints = group.children.flatMap(({ id }, index) => {
    const [joint, child] = [frame.joints[id], children[index]];
    return joint === undefined || child === undefined ? [] : [[child.id, joint] as const];
  });
  return { ...group, children, frame: { ...frame, joints: Object.fromEntries(joints) } };
}

export function removeStep(root: Group, id: Id): Group {
  for (const node of walk(root)) {
    if (node.kind !== 'sequence' || !node.steps.some((step) => step.id === id)) continue;
    return changeSequence(root, node.id, (steps) => steps.filter((step) => step.id !== id));
  }
  return root;
}
