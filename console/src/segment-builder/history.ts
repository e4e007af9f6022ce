/** Undo and redo over whole trees: they share what did not change, so that two hundred steps are cheap. */
import type { Group, Id } from './model.ts';

export interface Snapshot {
  readonly root: Group;
  /** The row that has the focus, restored with the tree. */
  readonly focus: Id | undefined;
}

export interface History {
  readonly past: readonly Snapshot[];
  readonly present: Snapshot;
  readonly future: readonly Snapshot[];
  /** What the last step was, and when, if the next one may still be part of it. */
  readonly open: { readonly key: string; readonly at: number } | undefined;
}

const STEPS_MAX = 200;
/** Typing in one slot without a longer pause is one step. */
const PAUSE_MS = 500;

export const startHistory = (root: Group): History => ({
  past: [],
  present: { root, focus: undefined },
  future: [],
  open: undefined,
});

/** `key` names a slot that is typed into; without one the step stands alone. Nothing changed is no step. */
export function record(history: History, next: Snapshot, at: number, key?: string): History {
  const { past, present, open } = history;
  if (next.root === present.root) return { ...history, present: next };
  const continues = key !== undefined && open?.key === key && at - open.at <= PAUSE_MS;
  return {
    past: continues ? past : [...past, present].slice(-STEPS_MAX),
    present: next,
    future: [],
    open: key === undefined ? undefined : { key, at },
  };
}

export function undo(history: History): History {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  const { past, present, future } = history;
  return { past: past.slice(0, -1), present: before, future: [present, ...future], open: undefined };
}

export function redo(history: History): History {
  const [after, ...future] = history.future;
  if (after === undefined) return history;
  return { past: [...history.past, history.present], present: after, future, open: undefined };
}
