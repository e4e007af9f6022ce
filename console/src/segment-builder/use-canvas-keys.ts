/** The canvas by keyboard: everything that dragging does, and what it doesn't. Keys act on a row that has the focus. */
import type { KeyboardEvent } from 'react';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { tell } from '../ui/toasts.tsx';
import { type BuilderTools, useCursor, useTools } from './builder-context.tsx';
import { visibleRows } from './builder-state.ts';
import { fromPql } from './from-pql.ts';
import { findNode, type Group, type Id, type Mode, type Node, placeOf } from './model.ts';
import { duplicate, insert, negate, renamed, setMode, step, type Way, wrap } from './operations.ts';
import { moveStep, stepOwner } from './steps.ts';
import { toPql } from './to-pql.ts';

interface KeyContext {
  readonly tools: BuilderTools;
  readonly messages: ReturnType<typeof useBuilderMessages>;
  readonly selection: ReadonlySet<Id>;
  readonly id: Id;
  readonly row: HTMLElement;
}

type Command = (context: KeyContext) => void;

export function useCanvasKeys() {
  const tools = useTools();
  const messages = useBuilderMessages();
  const { selection } = useCursor();
  return (event: KeyboardEvent<HTMLElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    const id = row?.dataset.row;
    // A Korean syllable that is being composed ends with a key that is nobody's command.
    if (row === null || id === undefined || event.nativeEvent.isComposing) return;
    if (event.target !== row) {
      if (event.key === 'Escape') row.focus();
      return;
    }
    const command = commandFor(event, tools.readOnly);
    if (command === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    command({ tools, messages, selection, id, row });
  };
}

const WAYS: ReadonlyMap<string, Way> = new Map([
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
  ['ArrowRight', 'in'],
  ['ArrowLeft', 'out'],
]);

function commandFor(event: KeyboardEvent, readOnly: boolean): Command | undefined {
  const { key, altKey, shiftKey } = event;
  const isCommand = event.ctrlKey || event.metaKey;
  const walking = altKey || isCommand ? undefined : WALKING.get(key);
  if (shiftKey && key === 'ArrowDown') return extended(1);
  if (shiftKey && key === 'ArrowUp') return extended(-1);
  if (walking !== undefined) return walking;
  if (isCommand && key === 'c') return copy;
  if (readOnly) return undefined;
  const way = altKey ? WAYS.get(key) : undefined;
  if (way !== undefined) return moved(way);
  if (isCommand) return COMBINED.get(key.toLowerCase());
  return altKey ? undefined : SINGLE.get(key.length === 1 ? key.toLowerCase() : key);
}

const focusRow = ({ tools }: KeyContext, id: Id | undefined) => {
  if (id !== undefined) tools.dispatch({ type: 'focus', id, call: true });
};

const walkTo =
  (target: (rows: readonly Id[], at: number) => Id | undefined): Command =>
  (context) => {
    // Those that are drawn: a deep group's own view leaves out what stands round it.
    const drawn = context.row.closest('[role="treegrid"]')?.querySelectorAll<HTMLElement>('[data-row]') ?? [];
    const rows = [...drawn].flatMap(({ dataset }) => dataset.row ?? []);
    focusRow(context, target(rows, rows.indexOf(context.id)));
  };

function toParent(context: KeyContext): void {
  const root = context.tools.root();
  const parent = placeOf(root, context.id)?.parent.id ?? stepOwner(root, context.id)?.sequence.id;
  focusRow(context, parent ?? holderOf(root, context.id));
}

/** The row whose filters a group is. */
const holderOf = (root: Group, whereId: Id): Id | undefined =>
  visibleRows(root).find((id) => {
    const node = findNode(root, id);
    const { where } = node?.kind === 'event' ? node : (stepOwner(root, id)?.step ?? {});
    return where?.id === whereId;
  });

const WALKING: ReadonlyMap<string, Command> = new Map([
  ['ArrowUp', walkTo((rows, at) => rows[at - 1])],
  ['ArrowDown', walkTo((rows, at) => rows[at + 1])],
  ['Home', walkTo((rows) => rows[0])],
  ['End', walkTo((rows) => rows.at(-1))],
  ['ArrowLeft', toParent],
  ['ArrowRight', walkTo((rows, at) => rows[at + 1])],
]);

/** Rows that are selected together stand beside each other in one group. */
const extended =
  (by: 1 | -1): Command =>
  ({ tools, selection, id }) => {
    const siblings = placeOf(tools.root(), id)?.parent.children.map((child) => child.id) ?? [];
    const next = siblings[siblings.indexOf(id) + by];
    if (next === undefined) return;
    tools.dispatch({ type: 'select', ids: siblings.filter((one) => selection.has(one) || one === id || one === next) });
    tools.dispatch({ type: 'focus', id: next, call: true });
  };

const moved =
  (way: Way): Command =>
  ({ tools, messages, id }) => {
    const before = tools.root();
    const after = stepOwner(before, id) === undefined ? step(before, id, way) : moveStep(before, id, way);
    if (after === before) return;
    tools.change(() => after, { focus: id });
    const place = placeOf(after, id);
    if (place === undefined) return;
    const { parent, index } = place;
    const group = messages.sentence.modes[parent.mode];
    tools.say(messages.said.moved(index + 1, parent.children.length, group));
  };

const enter: Command = ({ row }) => {
  row.dispatchEvent(new CustomEvent('shoal-enter'));
};

const removeRows: Command = ({ tools, messages, selection, id }) => {
  const ids = selection.has(id) ? [...selection] : [id];
  if (ids.includes(tools.root().id)) return;
  tools.dispatch({ type: 'remove', ids, at: Date.now() });
  const { said } = messages;
  tell({ text: said.removed, action: { label: said.undo, run: () => tools.dispatch({ type: 'undo' }) } });
};

const MODES: readonly Mode[] = ['all', 'any', 'none'];

const nextMode: Command = ({ tools, id }) => {
  const root = tools.root();
  const node = findNode(root, id);
  const group = node?.kind === 'group' ? node : placeOf(root, id)?.parent;
  if (group === undefined) return;
  const mode = MODES[(MODES.indexOf(group.mode) + 1) % MODES.length] as Mode;
  tools.change((before) => setMode(before, group.id, mode), { focus: id });
};

const groupRows: Command = ({ tools, selection, id }) => {
  const ids = selection.has(id) ? [...selection] : [id];
  tools.change((before, newId) => wrap(before, ids, 'any', newId), { focus: id });
};

const copy: Command = ({ tools, messages, selection, id }) => {
  const root = tools.root();
  const ids = selection.has(id) ? [...selection] : [id];
  const children = ids.flatMap((one) => findNode(root, one) ?? []);
  const text = toPql({
    kind: 'group',
    id: '',
    mode: placeOf(root, id)?.parent.mode === 'any' ? 'any' : 'all',
    children,
  });
  void navigator.clipboard.writeText(text).then(() => tools.say(messages.said.copied));
};

const paste: Command = ({ tools, messages, id }) => {
  void navigator.clipboard.readText().then((text) => {
    const at = caretOf(tools.root(), id);
    tools.change((before, newId) => {
      const read = fromPql(text, newId);
      if (!read.ok) {
        tell({ text: messages.said.pasteFailed });
        return before;
      }
      const pasted: readonly Node[] = read.value.mode === 'all' ? read.value.children : [read.value];
      return pasted.reduce<Group>(
        (tree, node, index) => insert(tree, at.groupId, at.index + index, renamed(node, newId)),
        before,
      );
    });
  });
};

/** Where something new goes: behind the row, or into the group that has the focus. */
export function caretOf(root: Group, id: Id): { readonly groupId: Id; readonly index: number } {
  const node = findNode(root, id);
  if (node?.kind === 'group') return { groupId: node.id, index: node.children.length };
  const place = placeOf(root, id);
  if (place === undefined) return { groupId: root.id, index: root.children.length };
  return { groupId: place.parent.id, index: place.index + 1 };
}

const COMBINED: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['d', ({ tools, id }) => tools.change((before, newId) => duplicate(before, id, newId))],
  [
    'x',
    (context) => {
      copy(context);
      removeRows(context);
    },
  ],
  ['v', paste],
]);

const SINGLE: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['Enter', enter],
  ['Delete', removeRows],
  ['Backspace', removeRows],
  ['n', ({ tools, id }) => tools.change((before, newId) => negate(before, id, newId), { focus: id })],
  ['m', nextMode],
  ['g', groupRows],
]);
