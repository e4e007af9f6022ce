import type { KeyboardEventHandler, RefObject } from 'react';
import { Input, SearchField } from 'react-aria-components/SearchField';
import { Icon } from './Icon.tsx';

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
  readonly keys?: string;
  /** It has the focus as soon as it is there. */
  readonly isFirst?: boolean;
  /** Before the box itself acts on it. */
  readonly onKeyDown?: KeyboardEventHandler<HTMLInputElement>;
}

export function SearchBox({ label, placeholder, value, onChange, inputRef, keys, isFirst, onKeyDown }: Props) {
  return (
    <SearchField className="search" aria-label={label} value={value} onChange={onChange}>
      <Icon name="search" />
      <Input
        className="input"
        placeholder={placeholder}
        ref={inputRef ?? null}
        {...(isFirst === undefined ? {} : { autoFocus: isFirst })}
        {...(onKeyDown === undefined ? {} : { onKeyDownCapture: onKeyDown })}
      />
      {keys !== undefined && value === '' && (
        <span className="keys" aria-hidden="true">
          {keys}
        </span>
      )}
    </SearchField>
  );
}
