/** The slots of an event row: whether, which, how often, of what, and when. */

import type { SlotName } from '../../messages/parts.ts';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { MenuItem, MenuRule } from '../../ui/Menu.tsx';
import { useTools } from '../builder-context.tsx';
import { AGGREGATES, type Aggregate, type Comparison, type EventRow, type Fold, type PlainWhen } from '../model.ts';
import { LAST_30_DAYS } from '../new-rows.ts';
import { replace } from '../operations.ts';
import { pathOf } from '../vocabulary.ts';
import { EventTypesSlot } from './EventTypesSlot.tsx';
import { FieldPicker } from './FieldPicker.tsx';
import { NumberSlot } from './NumberSlot.tsx';
import { SlotMenu } from './SlotMenu.tsx';
import { SlotPopover } from './SlotPopover.tsx';
import { WhenSlot } from './WhenSlot.tsx';

interface Props {
  readonly name: SlotName;
  readonly text: string;
  readonly node: EventRow;
}

/** Typing in one slot is one step of undo. */
function useRowChange(node: EventRow) {
  const { change } = useTools();
  return (next: Partial<EventRow>, key?: string) => {
    const { when, ...row } = { ...node, ...next };
    const changed = when === undefined ? row : { ...row, when };
    change((root) => replace(root, node.id, changed), key === undefined ? {} : { key: `${key}:${node.id}` });
  };
}

export function EventSlot({ name, text, node }: Props) {
  const set = useRowChange(node);
  const { fold } = node;
  switch (name) {
    case 'did':
      return <DidSlot text={text} node={node} />;
    case 'events':
      return <EventTypesSlot types={node.types} onChange={(types) => set({ types })} />;
    case 'fold':
      return <FoldSlot text={text} node={node} />;
    case 'when':
      return (
        <WhenSlot
          when={node.when}
          isOptional
          onChange={(when) => set({ when: when as NonNullable<EventRow['when']> })}
        />
      );
    case 'from':
    case 'to':
      return <CountSlot name={name} node={node} />;
    case 'amount':
      if (fold.kind === 'first' || fold.kind === 'last') {
        const change = (when: unknown) => set({ fold: { kind: fold.kind, when: when as PlainWhen } });
        return <WhenSlot when={fold.when} scope="profile" takesRange={false} onChange={change} />;
      }
      return <MeasureAmount node={node} />;
    case 'measure':
      return <MeasureField text={text} node={node} />;
    default:
      return <ComparisonSlot text={text} node={node} />;
  }
}

function DidSlot({ text, node }: { readonly text: string; readonly node: EventRow }) {
  const builder = useBuilderMessages();
  const set = useRowChange(node);
  return (
    <SlotMenu
      label={builder.slots.did}
      text={text}
      chosen={String(node.did)}
      onChoose={(key) => set({ did: key === 'true' })}
    >
      <MenuItem id="true" label={builder.sentence.did} />
      <MenuItem id="false" label={builder.sentence.didNot} />
    </SlotMenu>
  );
}

const COUNTS = ['>=', '<=', '='] as const;

function FoldSlot({ text, node }: { readonly text: string; readonly node: EventRow }) {
  const builder = useBuilderMessages();
  const set = useRowChange(node);
  const { folds } = builder.sentence;
  const { fold } = node;
  return (
    <SlotMenu
      label={builder.slots.fold}
      text={text}
      chosen={fold.kind === 'count' ? fold.op : fold.kind}
      onChoose={(key) => set({ fold: foldFrom(key, fold) })}
    >
      {COUNTS.map((op) => (
        <MenuItem key={op} id={op} label={folds[op]} />
      ))}
      <MenuItem id="between" label={folds.between} />
      <MenuRule />
      {AGGREGATES.map((kind) => (
        <MenuItem key={kind} id={kind} label={folds[kind]} />
      ))}
      <MenuRule />
      <MenuItem id="first" label={folds.first} />
      <MenuItem id="last" label={folds.last} />
    </SlotMenu>
  );
}

/** What still makes sense of the number that stood there is kept. */
function foldFrom(key: string, before: Fold): Fold {
  const count = before.kind === 'count' ? before.count : before.kind === 'between' ? before.from : 1;
  if (key === '>=' || key === '<=' || key === '=') return { kind: 'count', op: key, count };
  if (key === 'between') return { kind: 'between', from: count, to: Math.max(count, count + 4) };
  if (key === 'first' || key === 'last') return { kind: key, when: LAST_30_DAYS as PlainWhen };
  const kind = AGGREGATES.find((one) => one === key) ?? 'sum';
  return 'field' in before ? { ...before, kind } : { kind, op: '>=' };
}

function CountSlot({ name, node }: { readonly name: 'from' | 'to'; readonly node: EventRow }) {
  const builder = useBuilderMessages();
  const set = useRowChange(node);
  const { fold } = node;
  if (fold.kind === 'count') {
    const change = (count: number) => set({ fold: { ...fold, count } }, 'count');
    return <NumberSlot label={builder.slots.number} value={fold.count} min={0} onChange={change} />;
  }
  if (fold.kind !== 'between') return null;
  const change = (value: number) => set({ fold: { ...fold, [name]: value } }, name);
  return <NumberSlot label={builder.slots[name]} value={fold[name]} min={0} onChange={change} />;
}

type Measure = Extract<Fold, { readonly kind: Aggregate }>;

const isMeasure = (fold: Fold): fold is Measure => (AGGREGATES as readonly string[]).includes(fold.kind);

function MeasureField({ text, node }: { readonly text: string; readonly node: EventRow }) {
  const builder = useBuilderMessages();
  const set = useRowChange(node);
  const { fold } = node;
  if (!isMeasure(fold)) return null;
  return (
    <SlotPopover label={builder.slots.field} text={text} isMissing={fold.field === undefined}>
      {(close) => (
        <FieldPicker
          scope="event"
          types={node.types}
          onChoose={(field) => {
            set({ fold: { ...fold, field: pathOf(field) } });
            close();
          }}
        />
      )}
    </SlotPopover>
  );
}

function MeasureAmount({ node }: { readonly node: EventRow }) {
  const builder = useBuilderMessages();
  const set = useRowChange(node);
  const { fold } = node;
  if (!isMeasure(fold)) return null;
  return (
    <NumberSlot
      label={builder.slots.number}
      value={fold.value}
      isWhole={false}
      placeholder={builder.slots.choose}
      onChange={(value) => set({ fold: { ...fold, value } }, 'amount')}
    />
  );
}

const COMPARISONS: readonly Comparison[] = ['>=', '<=', '=', '>', '<', '!='];

function ComparisonSlot({ text, node }: { readonly text: string; readonly node: EventRow }) {
  const builder = useBuilderMessages();
  const set = useRowChange(node);
  const { fold } = node;
  if (!isMeasure(fold)) return null;
  return (
    <SlotMenu
      label={builder.slots.comparison}
      text={text}
      chosen={fold.op}
      onChoose={(op) => set({ fold: { ...fold, op: op as Comparison } })}
    >
      {COMPARISONS.map((op) => (
        <MenuItem key={op} id={op} label={builder.sentence.tests[op]} />
      ))}
    </SlotMenu>
  );
}
