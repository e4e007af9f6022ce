/** Everything that dragging and keys do, as plain presses. */
import { memo } from 'react';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Button } from '../ui/Button.tsx';
import { Menu, MenuItem, MenuRule } from '../ui/Menu.tsx';
import { tell } from '../ui/toasts.tsx';
import { useIsEditing, useTools } from './builder-context.tsx';
import { fromPql } from './from-pql.ts';
import type { Attribute, EventRow, Group, NewId, Node } from './model.ts';
import { newAttribute, newGroup, newStep } from './new-rows.ts';
import { changeNode, duplicate, negate, replace, step, unwrap, type Way, withoutOrigin, wrap } from './operations.ts';
import { addStep } from './steps.ts';
import { toPql } from './to-pql.ts';

interface Props {
  readonly node: Node;
  readonly sentence: string;
}

const WAYS: readonly Way[] = ['up', 'down', 'in', 'out'];
const KEYS = { up: 'Alt ↑', down: 'Alt ↓', in: 'Alt →', out: 'Alt ←' } as const;

/** Drawn anew with its row, and not when the focus merely comes or goes. */
export const RowMenu = memo(function RowMenu({ node, sentence }: Props) {
  const builder = useBuilderMessages();
  const isEditing = useIsEditing();
  const run = useRowAction(node);
  const trigger = (
    <Button
      look="quiet"
      icon="more"
      className="row-more"
      aria-label={builder.canvas.more(sentence)}
      excludeFromTabOrder={!isEditing}
    />
  );
  return (
    <Menu
      trigger={trigger}
      label={builder.canvas.more(sentence)}
      placement="bottom end"
      onAction={(key) => run(String(key))}
    >
      {node.kind === 'event' && <MenuItem id="filter" label={builder.canvas.addFilter} />}
      {node.kind === 'segment' && <MenuItem id="convert" label={builder.menu.convert} />}
      {node.kind === 'sequence' && <MenuItem id="step" label={builder.canvas.addStep} />}
      {node.kind === 'sequence' && <MenuItem id="excluded" label={builder.canvas.addExcluded} />}
      {(node.kind === 'event' || node.kind === 'segment' || node.kind === 'sequence') && <MenuRule />}
      {WAYS.map((way) => (
        <MenuItem key={way} id={way} label={builder.menu[way]} keys={KEYS[way]} />
      ))}
      <MenuRule />
      <MenuItem id="negate" label={builder.menu.negate} keys="N" />
      <MenuItem id="wrap" label={builder.menu.wrap} keys="G" />
      {node.kind === 'group' && node.mode !== 'none' && <MenuItem id="unwrap" label={builder.menu.unwrap} />}
      <MenuItem id="duplicate" label={builder.menu.duplicate} keys="Ctrl D" />
      <MenuItem id="copy" label={builder.menu.copy} keys="Ctrl C" />
      <MenuRule />
      <MenuItem id="remove" label={builder.menu.remove} keys="Del" danger />
    </Menu>
  );
});

type Tools = ReturnType<typeof useTools>;

function useRowAction(node: Node) {
  const tools = useTools();
  const builder = useBuilderMessages();
  const { id } = node;
  const { change } = tools;
  const run: Readonly<Record<string, () => void>> = {
    filter: () => addFilter(tools, node as EventRow),
    convert: () => convert(tools, node),
    step: () => change((root, newId) => addStep(root, id, newStep(newId))),
    excluded: () => change((root, newId) => addStep(root, id, newStep(newId, true))),
    negate: () => change((root, newId) => negate(root, id, newId), { focus: id }),
    wrap: () => change((root, newId) => wrap(root, [id], 'any', newId), { focus: id }),
    unwrap: () => change((root) => unwrap(root, id)),
    duplicate: () => change((root, newId) => duplicate(root, id, newId)),
    copy: () => {
      void navigator.clipboard
        .writeText(toPql({ kind: 'group', id: '', mode: 'all', children: [node] }))
        .then(() => tools.say(builder.said.copied));
    },
    remove: () => {
      tools.dispatch({ type: 'remove', ids: [id], at: Date.now() });
      tell({
        text: builder.said.removed,
        action: { label: builder.said.undo, run: () => tools.dispatch({ type: 'undo' }) },
      });
    },
  };
  return (key: string) => {
    const way = WAYS.find((one) => one === key);
    if (way === undefined) run[key]?.();
    else change((root) => step(root, id, way), { focus: id });
  };
}

/** A filter begins as the question which field it is about. */
export const newFilter = (newId: NewId): Attribute => newAttribute([], 'text', newId);

export function withFilter<Row extends { readonly where?: Group }>(row: Row, filter: Node, newId: NewId): Row {
  const where = row.where ?? newGroup('all', [], newId);
  return { ...row, where: withoutOrigin({ ...where, children: [...where.children, filter] }) };
}

function addFilter(tools: Tools, row: EventRow): void {
  tools.change((root, newId) =>
    changeNode(root, row.id, (node) =>
      node.kind === 'event' ? withoutOrigin(withFilter(node, newFilter(newId), newId)) : node,
    ),
  );
}

/** The segment's rule in place of the question whether somebody is in it. */
function convert({ vocabulary, change }: Tools, node: Node): void {
  if (node.kind !== 'segment') return;
  const segment = vocabulary.segments.find(({ id, name }) => id === node.segmentId || name === node.segmentId);
  if (segment === undefined) return;
  change((root, newId) => {
    const read = fromPql(segment.expression.value, newId);
    if (!read.ok) return root;
    const { frame: _, ...rule } = withoutOrigin(read.value);
    const placed = replace(root, node.id, { ...rule, id: node.id });
    return node.in ? placed : negate(placed, node.id, newId);
  });
}
