import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import type { Span, Unit } from '../model.ts';

const UNITS: readonly Unit[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'];

interface Props {
  readonly span: Span;
  readonly onChange: (span: Span) => void;
}

/** So many of a unit of time. */
export function SpanInput({ span, onChange }: Props) {
  const builder = useBuilderMessages();
  const units = UNITS.includes(span.unit) ? UNITS : [...UNITS, span.unit];
  return (
    <span className="span-input">
      <input
        className="input"
        type="number"
        min={0}
        required
        aria-label={builder.slots.count}
        value={span.count}
        onChange={({ target }) => onChange({ ...span, count: Math.max(0, Math.trunc(target.valueAsNumber || 0)) })}
      />
      <select
        className="input"
        aria-label={builder.slots.unit}
        value={span.unit}
        onChange={({ target }) => onChange({ ...span, unit: target.value as Unit })}
      >
        {units.map((unit) => (
          <option key={unit} value={unit}>
            {builder.sentence.units[unit]}
          </option>
        ))}
      </select>
    </span>
  );
}
