/** Finds a field by its name, path, values or events, as the rail does. */
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { useTools } from '../builder-context.tsx';
import type { Scope } from '../model.ts';
import { type FieldEntry, findFields, pathOf, usualFirst } from '../vocabulary.ts';

interface Props {
  readonly scope: Scope;
  /** Of the events that are asked about: what they carry comes first. */
  readonly types?: readonly string[];
  readonly onChoose: (field: FieldEntry) => void;
}

const SHOWN_MAX = 60;
const NO_TYPES: readonly string[] = [];

export function FieldPicker({ scope, types = NO_TYPES, onChoose }: Props) {
  const builder = useBuilderMessages();
  const { vocabulary } = useTools();
  const [query, setQuery] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => {
    const all = vocabulary.fields[scope];
    const ordered = query === '' ? usualFirst(all, types) : findFields(all, query);
    return ordered.slice(0, SHOWN_MAX);
  }, [vocabulary, scope, types, query]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const [first] = found;
    if (event.key === 'Enter' && first !== undefined) onChoose(first);
    else if (event.key === 'ArrowDown') list.current?.querySelector<HTMLElement>('[role="option"]')?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <div className="field-picker">
      <SearchBox
        label={builder.slots.chooseField}
        placeholder={builder.rail.searchHint}
        value={query}
        onChange={setQuery}
        onKeyDown={onKeyDown}
        isFirst
      />
      <ListBox
        ref={list}
        aria-label={builder.slots.field}
        className="menu"
        selectionMode="none"
        onAction={(key) => {
          const field = found.find(({ path }) => path === key);
          if (field !== undefined) onChoose(field);
        }}
        renderEmptyState={() => <p className="menu-head">{builder.rail.nothing(query)}</p>}
      >
        {found.map((field) => (
          <ListBoxItem key={field.path} id={field.path} textValue={field.title} className="menu-item field-item">
            <span>{vocabulary.names.field(pathOf(field), scope)}</span>
            <span className="path">{field.path}</span>
          </ListBoxItem>
        ))}
      </ListBox>
    </div>
  );
}
