/** What a rule can be made of: found by name, path, value; pressed to add, or dragged to an exact place. */
import { memo, type RefObject, useMemo, useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import type { IconName } from '../ui/Icon.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { useTools } from './builder-context.tsx';
import type { Tile as TileKind } from './new-rows.ts';
import { Tile } from './Tile.tsx';
import { findEventTypes, findFields, findSegmentTiles, kindOf, pathOf, type Vocabulary } from './vocabulary.ts';

const TABS = ['events', 'attributes', 'segments'] as const;
type Tab = (typeof TABS)[number];

interface Offer {
  readonly key: string;
  readonly tile: TileKind;
  readonly title: string;
  readonly about?: string;
  readonly group?: string;
  readonly icon: IconName;
}

/** More than this is found by typing, not by looking. */
const SHOWN_MAX = 120;

interface Props {
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly ownId: string | undefined;
}

export const Rail = memo(function Rail({ searchRef, ownId }: Props) {
  const builder = useBuilderMessages();
  const { vocabulary } = useTools();
  const [query, setQuery] = useState('');
  const [tab, setTab] = useState<Tab>('events');
  const offers = useMemo(() => offersOf(vocabulary, tab, query, ownId), [vocabulary, tab, query, ownId]);
  return (
    <section className="rail" aria-label={builder.rail.title}>
      <SearchBox
        label={builder.rail.search}
        placeholder={builder.rail.searchHint}
        value={query}
        onChange={setQuery}
        inputRef={searchRef}
        keys="F"
      />
      <ToggleButtonGroup
        aria-label={builder.rail.title}
        className="views rail-tabs"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[tab]}
        onSelectionChange={(keys) => setTab([...keys][0] as Tab)}
      >
        {TABS.map((each) => (
          <ToggleButton key={each} id={each} className="view">
            {builder.rail.tabs[each]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <p className="visually-hidden" role="status">
        {query === '' ? '' : builder.rail.found(offers.length)}
      </p>
      <TileList offers={offers.slice(0, SHOWN_MAX)} query={query} tab={tab} />
      <StructureTiles />
    </section>
  );
});

function TileList({
  offers,
  query,
  tab,
}: {
  readonly offers: readonly Offer[];
  readonly query: string;
  readonly tab: Tab;
}) {
  const builder = useBuilderMessages();
  if (offers.length === 0) {
    const text = tab === 'segments' && query === '' ? builder.rail.noSegments : builder.rail.nothing(query);
    return <p className="rail-empty muted">{text}</p>;
  }
  return (
    <ul className="tiles" onKeyDown={walkTiles}>
      {offers.map(({ key, group, ...offer }, index) => (
        <li key={key}>
          {group !== undefined && group !== offers[index - 1]?.group && <h2 className="rail-group">{group}</h2>}
          <Tile {...offer} isTabStop={index === 0} />
        </li>
      ))}
    </ul>
  );
}

function StructureTiles() {
  const builder = useBuilderMessages();
  return (
    <div className="structure">
      <h2 className="rail-group">{builder.rail.structure}</h2>
      <ul className="tiles-row" onKeyDown={walkTiles}>
        <li>
          <Tile tile={{ kind: 'sequence' }} title={builder.rail.sequence} icon="sequence" isTabStop />
        </li>
        <li>
          <Tile tile={{ kind: 'group' }} title={builder.rail.group} icon="group" isTabStop={false} />
        </li>
        <li>
          <Tile tile={{ kind: 'code' }} title={builder.rail.code} icon="code" isTabStop={false} />
        </li>
      </ul>
    </div>
  );
}

/** One stop of the Tab key for a list; arrows walk it. */
function walkTiles(event: React.KeyboardEvent<HTMLElement>): void {
  const by =
    event.key === 'ArrowDown' || event.key === 'ArrowRight'
      ? 1
      : event.key === 'ArrowUp' || event.key === 'ArrowLeft'
        ? -1
        : 0;
  if (by === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-tile]')];
  const next = tiles[tiles.indexOf(document.activeElement as HTMLElement) + by];
  if (next === undefined) return;
  event.preventDefault();
  for (const tile of tiles) tile.tabIndex = tile === next ? 0 : -1;
  next.focus();
}

function offersOf(vocabulary: Vocabulary, tab: Tab, query: string, ownId: string | undefined): readonly Offer[] {
  switch (tab) {
    case 'events':
      return findEventTypes(vocabulary.eventTypes, query).map(({ type, title }) => ({
        ...{ key: type, tile: { kind: 'event', type }, title, icon: 'event' },
        ...(title === type ? {} : { about: type }),
      }));
    case 'attributes':
      return findFields(vocabulary.fields.profile, query).map((field) => ({
        key: field.path,
        tile: { kind: 'attribute', path: pathOf(field), fieldKind: kindOf(field), scope: 'profile' },
        title: vocabulary.names.field(pathOf(field), 'profile'),
        about: field.path,
        ...(query === '' ? { group: field.group.title } : {}),
        icon: 'person',
      }));
    case 'segments':
      return findSegmentTiles(vocabulary.segments, query)
        .filter(({ id }) => id !== ownId)
        .map(({ id, name }) => ({ key: id, tile: { kind: 'segment', segmentId: id }, title: name, icon: 'segment' }));
  }
}
