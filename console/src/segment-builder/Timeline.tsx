/** A sequence: its steps in time, each a row, with the gap before it and what must not happen in between. */
import { type ComponentType, memo, useId } from 'react';
import type { SlotName } from '../messages/parts.ts';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Menu, MenuItem, MenuRule } from '../ui/Menu.tsx';
import { EditingProvider, useCursor, useTools } from './builder-context.tsx';
import { removeStep } from './builder-state.ts';
import type { Pattern, Scope, Sequence, Step } from './model.ts';
import { newStep } from './new-rows.ts';
import { RowEffect } from './RowEffect.tsx';
import { type Position, RowFrame, useEditing } from './RowFrame.tsx';
import { newFilter, withFilter } from './RowMenu.tsx';
import { stepParts, stepWords } from './sentence.ts';
import { EventTypesSlot } from './slots/EventTypesSlot.tsx';
import { GapSlot } from './slots/GapSlot.tsx';
import { NumberSlot } from './slots/NumberSlot.tsx';
import { WhenSlot } from './slots/WhenSlot.tsx';
import { addStep, changeStep, moveStep } from './steps.ts';

/** The rows of a step's filters are rows like any other; who draws rows hands them in. */
type FiltersOf = ComponentType<{ readonly row: Pick<Pattern, 'where'>; readonly level: number }>;

interface Props {
  readonly Filters: FiltersOf;
  readonly sequence: Sequence;
  readonly scope: Scope;
  readonly level: number;
  readonly position: Position;
}

export const Timeline = memo(function Timeline({ Filters, sequence, scope, level, position }: Props) {
  const builder = useBuilderMessages();
  const { change, readOnly } = useTools();
  const add = (excluded: boolean) => change((root, newId) => addStep(root, sequence.id, newStep(newId, excluded)));
  return (
    <div className="timeline" role="presentation">
      <RowFrame node={sequence} scope={scope} level={level} position={position} kind="sequence">
        <span className="words">{builder.sentence.sequence}</span>
      </RowFrame>
      <div className="steps" role="presentation">
        {sequence.steps.map((step, index) => (
          <StepRow
            Filters={Filters}
            key={step.id}
            step={step}
            index={index}
            total={sequence.steps.length}
            level={level + 1}
          />
        ))}
        {!readOnly && (
          <div className="step-actions" aria-hidden="true">
            <Button
              look="quiet"
              size="small"
              icon="plus"
              label={builder.canvas.addStep}
              onPress={() => add(false)}
              excludeFromTabOrder
            />
            <Button
              look="quiet"
              size="small"
              icon="close"
              label={builder.canvas.addExcluded}
              onPress={() => add(true)}
              excludeFromTabOrder
            />
          </div>
        )}
      </div>
    </div>
  );
});

interface StepProps {
  readonly Filters: FiltersOf;
  readonly step: Step;
  readonly index: number;
  readonly total: number;
  readonly level: number;
}

const StepRow = memo(function StepRow({ Filters, step, index, total, level }: StepProps) {
  const builder = useBuilderMessages();
  const { wording, readOnly } = useTools();
  const { focus } = useCursor();
  const { row, isEditing, onBlur, onFocus } = useEditing();
  const effectId = useId();
  const words = builder.sentence.step(index + 1, total, stepWords(step, wording));
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a table has no rows within rows */}
      <div
        ref={row}
        role="row"
        className={step.excluded ? 'row-frame step excluded' : 'row-frame step'}
        data-row={step.id}
        tabIndex={focus === step.id ? 0 : -1}
        aria-level={level}
        aria-posinset={index + 1}
        aria-setsize={total}
        aria-label={words}
        aria-describedby={effectId}
        onBlur={onBlur}
        onFocus={onFocus}
      >
        <EditingProvider value={isEditing}>
          {/* biome-ignore lint/a11y/useSemanticElements: a table has no rows within rows */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: the row has the focus, its cells never do */}
          <div role="gridcell" className="row-body">
            <span className="step-mark">{step.excluded ? <Icon name="close" /> : index + 1}</span>
            <StepBody step={step} isFirst={index === 0} />
            <RowEffect nodeId={step.id} id={effectId} />
            {!readOnly && <StepMenu step={step} words={words} />}
          </div>
        </EditingProvider>
      </div>
      <Filters row={step} level={level + 1} />
    </>
  );
});

function StepBody({ step, isFirst }: { readonly step: Step; readonly isFirst: boolean }) {
  const { wording } = useTools();
  return (
    <span className="words">
      {stepParts(step, isFirst, wording).map((part, index) =>
        typeof part === 'string' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the words of one sentence, always in this order
          <span key={index}>{part}</span>
        ) : (
          <StepSlot key={part.slot} name={part.slot} step={step} />
        ),
      )}
    </span>
  );
}

function StepSlot({ name, step }: { readonly name: SlotName; readonly step: Step }) {
  const builder = useBuilderMessages();
  const { change } = useTools();
  const set = (next: Partial<Step>, key?: string) =>
    change((root) => changeStep(root, step.id, (before) => ({ ...before, ...next })), key === undefined ? {} : { key });
  switch (name) {
    case 'gap':
      return <GapSlot step={step} onChange={set} />;
    case 'events':
      return <EventTypesSlot types={step.types} onChange={(types) => set({ types })} />;
    case 'from':
      return (
        <NumberSlot
          label={builder.slots.stepCount}
          value={step.count}
          min={1}
          onChange={(count) => set({ count }, `count:${step.id}`)}
        />
      );
    default:
      return (
        <WhenSlot when={step.when} isOptional onChange={(when) => set({ when: when as NonNullable<Step['when']> })} />
      );
  }
}

function StepMenu({ step, words }: { readonly step: Step; readonly words: string }) {
  const builder = useBuilderMessages();
  const tools = useTools();
  const { change } = tools;
  const { id } = step;
  return (
    <Menu
      trigger={
        <Button
          look="quiet"
          icon="more"
          className="row-more"
          aria-label={builder.canvas.more(words)}
          excludeFromTabOrder
        />
      }
      label={builder.canvas.more(words)}
      placement="bottom end"
    >
      <MenuItem
        id="filter"
        label={builder.canvas.addFilter}
        onAction={() =>
          change((root, newId) => changeStep(root, id, (one) => withFilter(one, newFilter(newId), newId)))
        }
      />
      <MenuRule />
      <MenuItem
        id="left"
        label={builder.slots.moveLeft}
        keys="Alt ↑"
        onAction={() => change((root) => moveStep(root, id, 'up'), { focus: id })}
      />
      <MenuItem
        id="right"
        label={builder.slots.moveRight}
        keys="Alt ↓"
        onAction={() => change((root) => moveStep(root, id, 'down'), { focus: id })}
      />
      <MenuRule />
      <MenuItem
        id="remove"
        label={builder.menu.remove}
        keys="Del"
        danger
        onAction={() => change((root) => removeStep(root, id))}
      />
    </Menu>
  );
}
