/** Finds another segment: of thousands, a menu would take longer to open than to search. */
import { useMemo, useState } from 'react';
import { useBuilderMessages } from '../../messages/use-builder-messages.ts';
import { useTools } from '../builder-context.tsx';
import { findSegmentTiles } from '../vocabulary.ts';
import { ChoiceSearch } from './ChoiceSearch.tsx';

const SHOWN_MAX = 60;

export function SegmentSearch({ onChoose }: { readonly onChoose: (id: string) => void }) {
  const { slots } = useBuilderMessages();
  const { vocabulary } = useTools();
  const [query, setQuery] = useState('');
  const found = useMemo(() => findSegmentTiles(vocabulary.segments, query).slice(0, SHOWN_MAX), [vocabulary, query]);
  return (
    <ChoiceSearch
      label={slots.chooseSegment}
      hint={slots.chooseSegment}
      listLabel={slots.segment}
      query={query}
      onQuery={setQuery}
      items={found.map(({ id, name }) => ({ id, label: name }))}
      onChoose={onChoose}
    />
  );
}
