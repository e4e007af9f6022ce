import { useId, useState } from 'react';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { Button } from '../../ui/Button.tsx';
import { useIsEditing, useTools } from '../builder-context.tsx';

interface Props {
  readonly values: readonly string[];
  readonly suggestions: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

/** Several values, any of which will do. */
export function ValuesSlot({ values, suggestions, onChange }: Props) {
  const builder = useBuilderMessages();
  const isEditing = useIsEditing();
  const { readOnly } = useTools();
  const [typed, setTyped] = useState('');
  const listId = useId();
  if (readOnly) return <strong className="slot-text">{values.join(', ')}</strong>;
  const add = () => {
    const value = typed.trim();
    if (value !== '' && !values.includes(value)) onChange([...values, value]);
    setTyped('');
  };
  return (
    <span className="values">
      {values.map((value) => (
        <span key={value} className="chip">
          {value}
          <Button
            look="quiet"
            icon="close"
            aria-label={builder.slots.removeValue(value)}
            excludeFromTabOrder={!isEditing}
            onPress={() => onChange(values.filter((one) => one !== value))}
          />
        </span>
      ))}
      <input
        className={values.length === 0 ? 'slot slot-input text missing' : 'slot slot-input text'}
        aria-label={builder.slots.addValue}
        placeholder={builder.slots.addValue}
        list={suggestions.length === 0 ? undefined : listId}
        tabIndex={isEditing ? 0 : -1}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== ',')) return;
          event.preventDefault();
          add();
        }}
      />
      <datalist id={listId}>
        {suggestions.map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
    </span>
  );
}
