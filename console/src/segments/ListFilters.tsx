import { useMemo } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { useMessages } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Menu, MenuItem, MenuRule } from '../ui/Menu.tsx';
import { COLUMNS, type Column } from './columns.ts';
import { countIn, foldersOf, type Segment, tagsOf } from './find-segments.ts';
import { CLASSES, type ListSearch, VIEWS, type View } from './list-search.ts';
import type { ProblemsById } from './problems.ts';

interface Props {
  readonly segments: readonly Segment[];
  readonly search: ListSearch;
  readonly onChange: (change: ListSearch) => void;
  readonly problems: ProblemsById;
  readonly columns: readonly Column[];
  readonly onColumns: (columns: readonly Column[]) => void;
}

export function ListFilters({ segments, search, onChange, problems, columns, onColumns }: Props) {
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
            {list.views[view](countIn(segments, view, problems))}
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
      <ColumnsMenu columns={columns} onColumns={onColumns} />
    </div>
  );
}

function ColumnsMenu({ columns, onColumns }: Pick<Props, 'columns' | 'onColumns'>) {
  const { list } = useMessages();
  return (
    <Menu
      trigger={<Button look="quiet" label={list.chooseColumns} icon="chevron" className="trailing-icon columns-menu" />}
      label={list.chooseColumns}
      placement="bottom end"
      selectionMode="multiple"
      selectedKeys={columns}
      onSelectionChange={(keys) => onColumns(COLUMNS.filter((column) => keys === 'all' || keys.has(column)))}
    >
      {COLUMNS.map((column) => (
        <MenuItem key={column} id={column} label={list.columns[column]} />
      ))}
    </Menu>
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
