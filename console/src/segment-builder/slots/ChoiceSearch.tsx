/** A search box with what it finds below: Enter takes the first, the arrows lead to the others. */
import { type KeyboardEvent, useRef } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { SearchBox } from '../../ui/SearchBox.tsx';

export interface ChoiceItem {
  readonly id: string;
  readonly label: string;
  readonly about?: string;
}

interface Props {
  readonly label: string;
  readonly hint: string;
  readonly listLabel: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly items: readonly ChoiceItem[];
  readonly onChoose: (id: string) => void;
}

export function ChoiceSearch({ label, hint, listLabel, query, onQuery, items, onChoose }: Props) {
  const { rail } = useBuilderMessages();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const [first] = items;
    if (event.key === 'Enter' && first !== undefined) onChoose(first.id);
    else if (event.key === 'ArrowDown') list.current?.querySelector<HTMLElement>('[role="option"]')?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <div className="field-picker">
      <SearchBox label={label} placeholder={hint} value={query} onChange={onQuery} onKeyDown={onKeyDown} isFirst />
      <ListBox
        ref={list}
        aria-label={listLabel}
        className="menu"
        selectionMode="none"
        onAction={(key) => onChoose(String(key))}
        renderEmptyState={() => <p className="menu-head">{rail.nothing(query)}</p>}
      >
        {items.map((item) => (
          <ListBoxItem key={item.id} id={item.id} textValue={item.label} className="menu-item field-item">
            <span>{item.label}</span>
            {item.about !== undefined && <span className="path">{item.about}</span>}
          </ListBoxItem>
        ))}
      </ListBox>
    </div>
  );
}
