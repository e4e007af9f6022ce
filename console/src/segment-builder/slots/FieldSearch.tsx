/** Finds a field by its name, path, values or events, as the rail does. */
import { useMemo, useState } from 'react';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { useTools } from '../builder-context.tsx';
import type { Scope } from '../model.ts';
import { type FieldEntry, findFields, pathOf, usualFirst } from '../vocabulary.ts';
import { ChoiceSearch } from './ChoiceSearch.tsx';

interface Props {
  readonly scope: Scope;
  /** Of the events that are asked about: what they carry comes first. */
  readonly types?: readonly string[];
  readonly onChoose: (field: FieldEntry) => void;
}

const SHOWN_MAX = 60;
const NO_TYPES: readonly string[] = [];

export function FieldSearch({ scope, types = NO_TYPES, onChoose }: Props) {
  const { slots, rail } = useBuilderMessages();
  const { vocabulary } = useTools();
  const [query, setQuery] = useState('');
  const found = useMemo(() => {
    const all = vocabulary.fields[scope];
    const ordered = query === '' ? usualFirst(all, types) : findFields(all, query);
    return ordered.slice(0, SHOWN_MAX);
  }, [vocabulary, scope, types, query]);
  return (
    <ChoiceSearch
      label={slots.chooseField}
      hint={rail.searchHint}
      listLabel={slots.field}
      query={query}
      onQuery={setQuery}
      items={found.map((field) => ({
        id: field.path,
        label: vocabulary.names.field(pathOf(field), scope),
        about: field.path,
      }))}
      onChoose={(path) => {
        const field = found.find((each) => each.path === path);
        if (field !== undefined) onChoose(field);
      }}
    />
  );
}
