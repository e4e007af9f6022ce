import { useId } from 'react';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { useIsEditing, useTools } from '../builder-context.tsx';

interface Props {
  readonly value: string | undefined;
  readonly suggestions: readonly string[];
  readonly onChange: (value: string) => void;
}

/** A text typed where it stands, with the values that the data has. */
export function TextSlot({ value, suggestions, onChange }: Props) {
  const builder = useBuilderMessages();
  const isEditing = useIsEditing();
  const { readOnly } = useTools();
  const listId = useId();
  if (readOnly) return <strong className="slot-text">{value}</strong>;
  return (
    <>
      <input
        className={value === undefined ? 'slot slot-input text missing' : 'slot slot-input text'}
        aria-label={builder.slots.value}
        placeholder={builder.slots.choose}
        list={suggestions.length === 0 ? undefined : listId}
        autoComplete="off"
        spellCheck={false}
        tabIndex={isEditing ? 0 : -1}
        value={value ?? ''}
        onChange={({ target }) => onChange(target.value)}
      />
      {suggestions.length > 0 && (
        <datalist id={listId}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </>
  );
}
