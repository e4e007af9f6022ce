import { Link } from '@tanstack/react-router';
import { Checkbox } from 'react-aria-components/Checkbox';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components/Table';
import { useMessages, useSpeech } from '../messages/language.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { Flow } from './figures.ts';
import { classOf, type Segment } from './find-segments.ts';
import { type ListSearch, SORT_DEFAULT, SORTS, type SortColumn } from './list-search.ts';
import { Sparkline } from './Sparkline.tsx';
import { useFlows, useTrend } from './use-figures.ts';

const COLUMNS = ['name', 'people', 'week', 'flow', 'state', 'runs', 'cost', 'edited'] as const;
const isSortable = (id: string): boolean => SORTS.some((column) => column === id);

interface Props {
  readonly segments: readonly Segment[];
  readonly sort: ListSearch['sort'];
  readonly onSort: (sort: NonNullable<ListSearch['sort']>) => void;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

export function SegmentsTable({ segments, sort = SORT_DEFAULT, onSort, chosen, onChoose }: Props) {
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
          <Column className="column tick-column">
            <Tick label={list.selectAll} />
          </Column>
          {COLUMNS.map((id) => (
            <Column
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
            </Column>
          ))}
        </TableHeader>
        <TableBody>
          {segments.map((segment) => (
            <SegmentRow key={segment.id} segment={segment} flow={flows?.get(segment.id)} />
          ))}
        </TableBody>
      </Table>
    </div>
  );
}

function SegmentRow({ segment, flow }: { readonly segment: Segment; readonly flow: Flow | undefined }) {
  const { list } = useMessages();
  const { ago, dateTime, number } = useSpeech();
  const { id, name, description, tags, lifecycleState, updateTime, size } = segment;
  const points = useTrend(id, lifecycleState === 'published');
  return (
    <Row id={id} className="row" textValue={name}>
      <Cell className="cell tick-column">
        <Tick label={list.select(name)} />
      </Cell>
      <Cell className="cell name-column">
        <Link to="/segments/$id" params={{ id }} className="segment-name">
          {name}
        </Link>
        {tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
        {description !== undefined && <span className="segment-about">{description}</span>}
      </Cell>
      <Cell className="cell people-column">
        {size !== undefined && (
          <span title={dateTime(Date.parse(size.asOf))}>
            {size.exact ? number(size.members) : `~ ${number(size.members)}`}
            <span className="as-of">{ago(Date.parse(size.asOf), Date.now())}</span>
          </span>
        )}
      </Cell>
      <Cell className="cell week-column">{points !== undefined && <Sparkline points={points} />}</Cell>
      <Cell className="cell flow-column">{flow !== undefined && <FlowFigures flow={flow} />}</Cell>
      <Cell className="cell state-column">
        <span className="state">
          <span className={`state-dot ${lifecycleState}`} />
          {list.states[lifecycleState]}
        </span>
      </Cell>
      <Cell className="cell runs-column">{list.runs[classOf(segment)]}</Cell>
      <Cell className="cell cost-column">{flow === undefined ? '' : list.cost(flow.microseconds)}</Cell>
      <Cell className="cell edited-column">
        <time dateTime={new Date(updateTime).toISOString()} title={dateTime(updateTime)}>
          {ago(updateTime, Date.now())}
        </time>
      </Cell>
    </Row>
  );
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
