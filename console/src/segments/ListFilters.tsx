import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { useMessages } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Menu, MenuItem, MenuRule } from '../ui/Menu.tsx';
import { countIn, type Segment, tagsOf } from './find-segments.ts';
import { type ListSearch, VIEWS, type View } from './list-search.ts';

interface Props {
  readonly segments: readonly Segment[];
  readonly search: ListSearch;
  readonly onChange: (change: ListSearch) => void;
}

const ANY = '';

export function ListFilters({ segments, search, onChange }: Props) {
  const { list } = useMessages();
  const tags = tagsOf(segments);
  return (
    <div className="filters">
      <ToggleButtonGroup
        aria-label={list.view}
        className="views"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[search.state ?? 'all']}
        onSelectionChange={(keys) => onChange({ state: [...keys][0] as View })}
      >
        {VIEWS.map((view) => (
          <ToggleButton key={view} id={view} className="view">
            {list.views[view](countIn(segments, view))}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {tags.length > 0 && (
        <Menu
          trigger={<Button look="quiet" label={search.tag ?? list.tag} icon="chevron" className="trailing-icon" />}
          label={list.tag}
          selectionMode="single"
          selectedKeys={[search.tag ?? ANY]}
          onAction={(key) => onChange({ tag: key === 'any:' ? undefined : String(key).slice(4) })}
        >
          <MenuItem id="any:" label={list.anyTag} />
          <MenuRule />
          {tags.map((tag) => (
            <MenuItem key={tag} id={`tag:${tag}`} label={tag} />
          ))}
        </Menu>
      )}
    </div>
  );
}
