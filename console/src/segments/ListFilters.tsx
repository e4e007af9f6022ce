import { useMemo } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { useMessages } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Menu, MenuItem, MenuRule } from '../ui/Menu.tsx';
import { countIn, foldersOf, type Segment, tagsOf } from './find-segments.ts';
import { CLASSES, type ListSearch, VIEWS, type View } from './list-search.ts';

interface Props {
  readonly segments: readonly Segment[];
  readonly search: ListSearch;
  readonly onChange: (change: ListSearch) => void;
}

export function ListFilters({ segments, search, onChange }: Props) {
  const { list } = useMessages();
  const tags = useMemo(() => tagsOf(segments), [segments]);
  const folders = useMemo(() => foldersOf(segments), [segments]);
  const setFolder = (folder: string | undefined) => onChange({ folder });
  const setTag = (tag: string | undefined) => onChange({ tag });
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
      <Filter label={list.folder} any={list.anyFolder} options={folders} chosen={search.folder} onChoose={setFolder} />
      <Filter label={list.tag} any={list.anyTag} options={tags} chosen={search.tag} onChoose={setTag} />
      <Filter
        label={list.columns.runs}
        any={list.anyRuns}
        options={CLASSES}
        words={list.runs}
        chosen={search.runs}
        onChoose={(runs) => onChange({ runs: CLASSES.find((one) => one === runs) })}
      />
    </div>
  );
}

interface FilterProps {
  readonly label: string;
  readonly any: string;
  readonly options: readonly string[];
  readonly words?: Readonly<Record<string, string>>;
  readonly chosen: string | undefined;
  readonly onChoose: (option: string | undefined) => void;
}

const ANY = 'any:';
const keyOf = (option: string) => `is:${option}`;

/** Left out where there is nothing to choose between. */
function Filter({ label, any, options, words, chosen, onChoose }: FilterProps) {
  if (options.length === 0) return null;
  const nameOf = (option: string) => words?.[option] ?? option;
  const text = chosen === undefined ? label : `${label}: ${nameOf(chosen)}`;
  return (
    <Menu
      trigger={<Button look="quiet" label={text} icon="chevron" className="trailing-icon" />}
      label={label}
      selectionMode="single"
      selectedKeys={[chosen === undefined ? ANY : keyOf(chosen)]}
      onAction={(key) => onChoose(options.find((option) => keyOf(option) === key))}
    >
      <MenuItem id={ANY} label={any} />
      <MenuRule />
      {options.map((option) => (
        <MenuItem key={option} id={keyOf(option)} label={nameOf(option)} />
      ))}
    </Menu>
  );
}
