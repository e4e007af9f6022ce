/** What a rule can be made of: found by name, path, value; pressed to add, or dragged to an exact place. */
import { memo, type RefObject, useDeferredValue, useMemo, useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { useBuilderMessages } from '../messages/use-builder-messages.ts';
import { Button } from '../ui/Button.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { useTools } from './builder-context.tsx';
import { type Offers, offersOf, TABS, type Tab } from './rail-offers.ts';
import { Tile } from './Tile.tsx';
import { TileItem } from './TileItem.tsx';

interface Props {
  readonly searchRef?: RefObject<HTMLInputElement | null>;
  readonly ownId: string | undefined;
}

export const Rail = memo(function Rail({ searchRef, ownId }: Props) {
  const builder = useBuilderMessages();
  const { vocabulary } = useTools();
  const [query, setQuery] = useState('');
  const [tab, setTab] = useState<Tab>('events');
  const [isAll, setAll] = useState(false);
  // Typing goes on while thousands of names are searched.
  const asked = useDeferredValue(query);
  const found = useMemo(
    () => offersOf(vocabulary, { tab, query: asked, ownId, isAll }),
    [vocabulary, tab, asked, ownId, isAll],
  );
  return (
    <div className="rail-content">
      <SearchBox
        label={builder.rail.search}
        placeholder={builder.rail.searchHint}
        value={query}
        onChange={setQuery}
        {...(searchRef === undefined ? {} : { inputRef: searchRef, keys: 'F' })}
      />
      {query === '' && <Tabs tab={tab} onTab={setTab} />}
      <p className="visually-hidden" role="status">
        {asked === '' ? '' : builder.rail.found(found.offers.length)}
      </p>
      <TileList
        found={found}
        query={asked}
        tab={tab}
        {...(tab === 'segments' || asked !== '' ? {} : { isAll, onAll: setAll })}
      />
      <StructureTiles />
    </div>
  );
});

function Tabs({ tab, onTab }: { readonly tab: Tab; readonly onTab: (tab: Tab) => void }) {
  const { rail } = useBuilderMessages();
  return (
    <ToggleButtonGroup
      aria-label={rail.title}
      className="switch rail-tabs"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[tab]}
      onSelectionChange={(keys) => onTab([...keys][0] as Tab)}
    >
      {TABS.map((each) => (
        <ToggleButton key={each} id={each} className="switch-part">
          {rail.tabs[each]}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

interface ListProps {
  readonly found: Offers;
  readonly query: string;
  readonly tab: Tab;
  readonly isAll?: boolean;
  readonly onAll?: (isAll: boolean) => void;
}

/** So many are drawn at once; the next ones when the reader comes near the end. */
const STEP = 60;
const NEAR_PX = 600;

function TileList({ found: { offers, hidden }, query, tab, isAll = false, onAll }: ListProps) {
  const { rail } = useBuilderMessages();
  const [grown, setGrown] = useState({ offers, shown: STEP });
  // Another list begins anew; its tiles stay who they are, with the focus if they have it.
  const shown = grown.offers === offers ? grown.shown : STEP;
  if (offers.length === 0) {
    return (
      <p className="rail-empty muted">{tab === 'segments' && query === '' ? rail.noSegments : rail.nothing(query)}</p>
    );
  }
  const headingOf = (index: number): string | undefined => {
    const [offer, before] = [offers[index], offers[index - 1]];
    if (query !== '') return offer?.tab === before?.tab ? undefined : rail.tabs[offer?.tab ?? tab];
    return offer?.group === before?.group ? undefined : offer?.group;
  };
  return (
    <div
      className="tiles"
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        if (shown < offers.length && scrollTop + clientHeight > scrollHeight - NEAR_PX)
          setGrown({ offers, shown: shown + STEP });
      }}
    >
      <ul className="tile-list" onKeyDown={walkTiles}>
        {offers.slice(0, shown).map((offer, index) => (
          <TileItem key={offer.key} offer={offer} heading={headingOf(index)} isTabStop={index === 0} />
        ))}
      </ul>
      {onAll !== undefined && (hidden > 0 || isAll) && (
        <Button
          look="quiet"
          size="small"
          className="rail-more"
          label={isAll ? rail.onlyWithData : rail.withoutData(hidden)}
          onPress={() => onAll(!isAll)}
        />
      )}
    </div>
  );
}

function StructureTiles() {
  const { rail } = useBuilderMessages();
  return (
    <div className="structure">
      <h2 className="rail-group">{rail.structure}</h2>
      <ul className="tiles-row" onKeyDown={walkTiles}>
        <li>
          <Tile tile={{ kind: 'sequence' }} title={rail.sequence} icon="sequence" isTabStop />
        </li>
        <li>
          <Tile tile={{ kind: 'group' }} title={rail.group} icon="group" isTabStop={false} />
        </li>
        <li>
          <Tile tile={{ kind: 'code' }} title={rail.code} icon="code" isTabStop={false} />
        </li>
      </ul>
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** One stop of the Tab key for a list; arrows walk it. */
function walkTiles(event: React.KeyboardEvent<HTMLElement>): void {
  const by = STEPS[event.key];
  if (by === undefined || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-tile], .value-bar')];
  const next = tiles[tiles.indexOf(document.activeElement as HTMLElement) + by];
  if (next === undefined) return;
  event.preventDefault();
  for (const tile of tiles) if (tile.dataset.tile !== undefined) tile.tabIndex = tile === next ? 0 : -1;
  next.focus();
}
