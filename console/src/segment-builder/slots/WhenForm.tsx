/** The choice of a time; loaded when somebody first makes one. */
import { useState } from 'react';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { Button } from '../../ui/Button.tsx';
import type { When } from '../model.ts';
import { CHOICES, type Choice, formOf, type TimeForm, whenOf } from '../time-choices.ts';
import { SpanInput } from './SpanInput.tsx';

interface FormProps {
  readonly when: When | undefined;
  readonly isOptional: boolean;
  readonly takesRange: boolean;
  readonly onChange: (when: When | undefined) => void;
}

export function WhenForm({ when, isOptional, takesRange, onChange }: FormProps) {
  const builder = useBuilderMessages();
  const [form, setForm] = useState(() => formOf(when, new Date().toISOString().slice(0, 10)));
  const offered = CHOICES.filter(
    (choice) =>
      (isOptional || choice !== 'any') &&
      (takesRange || choice !== 'range') &&
      (choice !== 'other' || form.choice === 'other'),
  );
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
