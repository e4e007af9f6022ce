/** Finds a field by its name, path, values or events, as the rail does. */
import { useMemo, useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { useTools } from '../builder-context.tsx';
import type { Scope } from '../model.ts';
import { type FieldEntry, findFields } from '../vocabulary.ts';

interface Props {
  readonly scope: Scope;
  readonly onChoose: (field: FieldEntry) => void;
}

const SHOWN_MAX = 60;

export function FieldPicker({ scope, onChoose }: Props) {
  const builder = useBuilderMessages();
  const { vocabulary } = useTools();
  const [query, setQuery] = useState('');
  const found = useMemo(
    () => findFields(vocabulary.fields[scope], query).slice(0, SHOWN_MAX),
    [vocabulary, scope, query],
  );
  return (
    <div className="field-picker">
      <SearchBox
        label={builder.slots.chooseField}
        placeholder={builder.rail.searchHint}
        value={query}
        onChange={setQuery}
      />
      <ListBox
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
            <span>{vocabulary.names.field(field.path.split('.'), scope)}</span>
            <span className="path">{field.path}</span>
          </ListBoxItem>
        ))}
      </ListBox>
    </div>
  );
}
