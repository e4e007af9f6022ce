/** One menu for every time constraint. */
import { useState } from 'react';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { Button } from '../../ui/Button.tsx';
import { useTools } from '../builder-context.tsx';
import type { Scope, When } from '../model.ts';
import { whenWords } from '../sentence.ts';
import { CHOICES, type Choice, formOf, type TimeForm, whenOf } from '../time-choices.ts';
import { SlotPopover } from './SlotPopover.tsx';
import { SpanInput } from './SpanInput.tsx';

interface Props {
  readonly when: When | undefined;
  readonly scope?: Scope;
  /** Whether "at any time" is a choice. */
  readonly isOptional?: boolean;
  /** A range is two conditions, which not every place takes. */
  readonly takesRange?: boolean;
  readonly text?: string;
  readonly onChange: (when: When | undefined) => void;
}

export function WhenSlot({ when, scope = 'event', isOptional = false, takesRange = true, text, onChange }: Props) {
  const builder = useBuilderMessages();
  const { wording } = useTools();
  const shown = text ?? (when === undefined ? wording.words.anyTime : whenWords(when, scope, wording));
  return (
    <SlotPopover label={builder.slots.when} text={shown}>
      {(close) => (
        <WhenForm
          when={when}
          choices={CHOICES.filter((choice) => (isOptional || choice !== 'any') && (takesRange || choice !== 'range'))}
          onChange={(next) => {
            onChange(next);
            close();
          }}
        />
      )}
    </SlotPopover>
  );
}

interface FormProps {
  readonly when: When | undefined;
  readonly choices: readonly Choice[];
  readonly onChange: (when: When | undefined) => void;
}

function WhenForm({ when, choices, onChange }: FormProps) {
  const builder = useBuilderMessages();
  const [form, setForm] = useState(() => formOf(when, new Date().toISOString().slice(0, 10)));
  const offered = choices.filter((choice) => choice !== 'other' || form.choice === 'other');
  return (
    <form
      className="slot-form"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(whenOf(form, when));
      }}
    >
      <select
        className="input"
        aria-label={builder.slots.when}
        value={form.choice}
        onChange={({ target }) => setForm({ ...form, choice: target.value as Choice })}
      >
        {offered.map((choice) => (
          <option key={choice} value={choice}>
            {builder.whenChoices[choice]}
          </option>
        ))}
      </select>
      <WhenInputs form={form} onChange={setForm} />
      <Button type="submit" look="primary" label={builder.slots.apply} />
    </form>
  );
}

const WITH_SPAN: readonly Choice[] = ['inLast', 'notInLast', 'inNext', 'range'];
const WITH_DATE: readonly Choice[] = ['before', 'after', 'on', 'between'];

function WhenInputs({ form, onChange }: { readonly form: TimeForm; readonly onChange: (form: TimeForm) => void }) {
  const builder = useBuilderMessages();
  return (
    <>
      {WITH_SPAN.includes(form.choice) && (
        <SpanInput span={form.span} onChange={(span) => onChange({ ...form, span })} />
      )}
      {form.choice === 'range' && <SpanInput span={form.near} onChange={(near) => onChange({ ...form, near })} />}
      {WITH_DATE.includes(form.choice) && (
        <input
          className="input"
          type="date"
          required
          aria-label={builder.slots.date}
          value={form.date}
          onChange={({ target }) => onChange({ ...form, date: target.value })}
        />
      )}
      {form.choice === 'between' && (
        <input
          className="input"
          type="date"
          required
          aria-label={builder.slots.until}
          value={form.until}
          onChange={({ target }) => onChange({ ...form, until: target.value })}
        />
      )}
    </>
  );
}
