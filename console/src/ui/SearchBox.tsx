import type { RefObject } from 'react';
import { Input, SearchField } from 'react-aria-components/SearchField';
import { Icon } from './Icon.tsx';

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
  readonly keys?: string;
}

export function SearchBox({ label, placeholder, value, onChange, inputRef, keys }: Props) {
  return (
    <SearchField className="search" aria-label={label} value={value} onChange={onChange}>
      <Icon name="search" />
      <Input className="input" placeholder={placeholder} ref={inputRef ?? null} />
      {keys !== undefined && value === '' && (
        <span className="keys" aria-hidden="true">
          {keys}
        </span>
      )}
    </SearchField>
  );
}
