/** The time between two steps: more than, within, or both. */
import { useState } from 'react';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { Button } from '../../ui/Button.tsx';
import { useTools } from '../builder-context.tsx';
import type { Span, Step } from '../model.ts';
import { gapWords } from '../sentence.ts';
import { SlotPopover } from './SlotPopover.tsx';
import { SpanInput } from './SpanInput.tsx';

interface Props {
  readonly step: Step;
  readonly onChange: (change: Partial<Step>) => void;
}

export function GapSlot({ step, onChange }: Props) {
  const builder = useBuilderMessages();
  const { wording } = useTools();
  const text = gapWords(step, wording.words);
  return (
    <SlotPopover label={builder.slots.gap} text={text}>
      {(close) => (
        <GapForm
          step={step}
          onChange={(change) => {
            onChange(change);
            close();
          }}
        />
      )}
    </SlotPopover>
  );
}

const DAY: Span = { count: 1, unit: 'day' };
const WEEK: Span = { count: 7, unit: 'day' };

function GapForm({ step, onChange }: Props) {
  const builder = useBuilderMessages();
  const [after, setAfter] = useState(step.after);
  const [within, setWithin] = useState(step.within);
  return (
    <form
      className="slot-form"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ after: after as Span, within: within as Span });
      }}
    >
      <label className="check-line">
        <input
          type="checkbox"
          checked={after !== undefined}
          onChange={() => setAfter(after === undefined ? DAY : undefined)}
        />
        {builder.slots.gapAfter}
      </label>
      {after !== undefined && <SpanInput span={after} onChange={setAfter} />}
      <label className="check-line">
        <input
          type="checkbox"
          checked={within !== undefined}
          onChange={() => setWithin(within === undefined ? WEEK : undefined)}
        />
        {builder.slots.gapWithin}
      </label>
      {within !== undefined && <SpanInput span={within} onChange={setWithin} />}
      <Button type="submit" look="primary" label={builder.slots.apply} />
    </form>
  );
}
