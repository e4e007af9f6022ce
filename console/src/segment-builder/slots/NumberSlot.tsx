import { useState } from 'react';
import { useIsEditing, useTools } from '../builder-context.tsx';

interface Props {
  readonly label: string;
  readonly value: number | undefined;
  readonly min?: number;
  readonly isWhole?: boolean;
  readonly placeholder?: string;
  readonly onChange: (value: number) => void;
}

/** A number typed where it stands. What is no number stays in the box and out of the rule. */
export function NumberSlot({ label, value, min, isWhole = true, placeholder, onChange }: Props) {
  const isEditing = useIsEditing();
  const { readOnly } = useTools();
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? (value === undefined ? '' : String(value));
  if (readOnly) return <strong className="slot-text">{shown}</strong>;
  return (
    <input
      className={value === undefined ? 'slot slot-input missing' : 'slot slot-input'}
      inputMode={isWhole ? 'numeric' : 'decimal'}
      aria-label={label}
      aria-invalid={typed !== undefined && readNumber(typed, { min, isWhole }) === undefined}
      placeholder={placeholder}
      size={Math.max(1, shown.length || (placeholder?.length ?? 1))}
      tabIndex={isEditing ? 0 : -1}
      value={shown}
      onChange={({ target }) => {
        setTyped(target.value);
        const number = readNumber(target.value, { min, isWhole });
        if (number !== undefined && number !== value) onChange(number);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

function readNumber(text: string, { min, isWhole }: { min: number | undefined; isWhole: boolean }): number | undefined {
  const number = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(number)) return undefined;
  if (isWhole && !Number.isInteger(number)) return undefined;
  return min !== undefined && number < min ? undefined : number;
}
