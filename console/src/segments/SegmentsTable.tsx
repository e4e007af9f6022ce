import { Link } from '@tanstack/react-router';
import { Checkbox } from 'react-aria-components/Checkbox';
import { Cell, Row, Table, TableBody, Column as TableColumn, TableHeader } from 'react-aria-components/Table';
import { useMessages, useSpeech } from '../messages/language.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { Column } from './columns.ts';
import type { Flow } from './figures.ts';
import { classOf, type Segment } from './find-segments.ts';
import { type ListSearch, SORT_DEFAULT, SORTS, type SortColumn } from './list-search.ts';
import type { Problem, ProblemsById } from './problems.ts';
import { Sparkline } from './Sparkline.tsx';
import { useFlows, useTrend } from './use-figures.ts';

const NONE: readonly Problem[] = [];
const isSortable = (id: string): boolean => SORTS.some((column) => column === id);

interface Props {
  readonly segments: readonly Segment[];
  /** Beside the name. */
  readonly columns: readonly Column[];
  readonly problems: ProblemsById;
  readonly sort: ListSearch['sort'];
  readonly onSort: (sort: NonNullable<ListSearch['sort']>) => void;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

export function SegmentsTable({ segments, columns, problems, sort = SORT_DEFAULT, onSort, chosen, onChoose }: Props) {
  const { list } = useMessages();
  const flows = useFlows();
  const [column, order] = sort.split(':') as [SortColumn, 'asc' | 'desc'];
  return (
    <div className="table-frame">
      <Table
        aria-label={list.table}
        className="table"
        selectionMode="multiple"
        selectionBehavior="toggle"
        selectedKeys={chosen}
        onSelectionChange={(keys) =>
          onChoose(keys === 'all' ? new Set(segments.map(({ id }) => id)) : (keys as Set<string>))
        }
        sortDescriptor={{ column, direction: order === 'asc' ? 'ascending' : 'descending' }}
        onSortChange={({ column: by, direction }) =>
          onSort(`${by as SortColumn}:${direction === 'ascending' ? 'asc' : 'desc'}`)
        }
      >
        <TableHeader>
          <TableColumn className="column tick-column">
            <Tick label={list.selectAll} />
          </TableColumn>
          {(['name', ...columns] as const).map((id) => (
            <TableColumn
              key={id}
              id={id}
              allowsSorting={isSortable(id)}
              isRowHeader={id === 'name'}
              className={`column ${id}-column`}
            >
              <span className="column-name">
                {list.columns[id]}
                {id === column && (
                  <span className={`sort ${order}`}>
                    <Icon name="chevron" />
                  </span>
                )}
              </span>
            </TableColumn>
          ))}
        </TableHeader>
        <TableBody>
          {segments.map((segment) => (
            <SegmentRow
              key={segment.id}
              segment={segment}
              columns={columns}
              problems={problems.get(segment.id) ?? NONE}
              flow={flows?.get(segment.id)}
            />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

interface RowProps {
  readonly segment: Segment;
  readonly columns: readonly Column[];
  readonly problems: readonly Problem[];
  readonly flow: Flow | undefined;
}

function SegmentRow({ segment, columns, problems, flow }: RowProps) {
  const { list } = useMessages();
  const { id, name } = segment;
  return (
    <Row id={id} className="row" textValue={name}>
      <Cell className="cell tick-column">
        <Tick label={list.select(name)} />
      </Cell>
      <Cell className="cell name-column">
        <NameOf segment={segment} problems={problems} />
      </Cell>
      {columns.map((column) => (
        <Cell key={column} className={`cell ${column}-column`}>
          <Figure column={column} segment={segment} flow={flow} />
        </Cell>
      ))}
    </Row>
  );
}

function NameOf({ segment, problems }: Pick<RowProps, 'segment' | 'problems'>) {
  const { list } = useMessages();
  const { id, name, description, tags } = segment;
  return (
    <>
      <Link to="/segments/$id" params={{ id }} className="segment-name">
        {name}
      </Link>
      {tags.map((tag) => (
        <span key={tag} className="tag">
          {tag}
        </span>
      ))}
      {problems.map((problem) => (
        <span key={problem} className="problem">
          <Icon name="warning" />
          {list.problems[problem]}
        </span>
      ))}
      {description !== undefined && <span className="segment-about">{description}</span>}
    </>
  );
}

interface FigureProps {
  readonly column: Column;
  readonly segment: Segment;
  readonly flow: Flow | undefined;
}

function Figure({ column, segment, flow }: FigureProps) {
  const { list } = useMessages();
  const { ago, dateTime } = useSpeech();
  const { lifecycleState, folder, updateTime } = segment;
  switch (column) {
    case 'people':
      return <People segment={segment} />;
    case 'week':
      return <Week segment={segment} />;
    case 'flow':
      return flow === undefined ? null : <FlowFigures flow={flow} />;
    case 'state':
      return (
        <span className="state">
          <span className={`state-dot ${lifecycleState}`} />
          {list.states[lifecycleState]}
        </span>
      );
    case 'runs':
      return list.runs[classOf(segment)];
    case 'folder':
      return folder ?? '';
    case 'cost':
      return flow === undefined ? '' : list.cost(flow.microseconds);
    case 'edited':
      return (
        <time dateTime={new Date(updateTime).toISOString()} title={dateTime(updateTime)}>
          {ago(updateTime, Date.now())}
        </time>
      );
  }
}

/** By the last count of everybody. */
function People({ segment: { size, lifecycleState } }: { readonly segment: Segment }) {
  const { list } = useMessages();
  const { ago, dateTime, number } = useSpeech();
  if (size === undefined) {
    return <span className="as-of">{lifecycleState === 'published' ? list.unknown : '–'}</span>;
  }
  return (
    <span title={dateTime(Date.parse(size.asOf))}>
      {size.exact ? number(size.members) : `~ ${number(size.members)}`}
      <span className="as-of">{ago(Date.parse(size.asOf), Date.now())}</span>
    </span>
  );
}

function Week({ segment: { id, lifecycleState } }: { readonly segment: Segment }) {
  const points = useTrend(id, lifecycleState === 'published');
  return points === undefined ? null : <Sparkline points={points} />;
}

/** Came, stayed and went, in columns that line up. */
function FlowFigures({ flow: { came, stayed, went } }: { readonly flow: Flow }) {
  const { list } = useMessages();
  const { number } = useSpeech();
  return (
    <span className="flow" role="img" aria-label={list.flow(came, stayed, went)}>
      <span className={came > 0 ? 'adds' : 'muted'}>{came > 0 ? `+${number(came)}` : '0'}</span>
      <span>{number(stayed)}</span>
      <span className={went > 0 ? 'drops' : 'muted'}>{went > 0 ? `−${number(went)}` : '0'}</span>
    </span>
  );
}

function Tick({ label }: { readonly label: string }) {
  return (
    <Checkbox slot="selection" className="tick" aria-label={label}>
      <span className="tick-box" aria-hidden="true">
        <Icon name="check" />
      </span>
    </Checkbox>
  );
}
