/**
 * The frame of every chart: a title, its meaning in a sentence, the drawing, and the same figures as a table. The arrow keys walk
 * the points, and what is walked to is said and shown.
 */
import './charts.css';
import { type ReactNode, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { type ColumnOf, PlainTable } from '../ui/PlainTable.tsx';
import { useChartMessages } from './use-chart-messages.ts';

interface Props {
  readonly title: string;
  /** What the drawing says, for whoever can't see it, and below it for everybody. */
  readonly summary: string;
  readonly columns: readonly ColumnOf[];
  /** A line of text for each column; one row for each point. */
  readonly points: readonly (readonly string[])[];
  readonly draw: (at: number | undefined) => ReactNode;
  readonly heading?: 'h2' | 'h3';
}

export function Chart({ title, summary, columns, points, draw, heading: Heading = 'h3' }: Props) {
  const words = useChartMessages();
  const [isTable, setTable] = useState(false);
  return (
    <figure className="chart" aria-label={title}>
      <div className="card-head">
        <Heading className="chart-title">{title}</Heading>
        <Button
          look="quiet"
          size="small"
          label={isTable ? words.chart : words.table}
          aria-label={`${isTable ? words.chart : words.table}: ${title}`}
          onPress={() => setTable(!isTable)}
        />
      </div>
      {isTable ? (
        <PlainTable label={title} columns={columns} rows={points.map((cells, index) => ({ key: `${index}`, cells }))} />
      ) : (
        <Walked title={title} columns={columns} points={points} draw={draw} />
      )}
      <figcaption className="small-text muted">{summary}</figcaption>
    </figure>
  );
}

const STEPS: ReadonlyMap<string, number> = new Map([
  ['ArrowRight', 1],
  ['ArrowUp', 1],
  ['ArrowLeft', -1],
  ['ArrowDown', -1],
]);

function Walked({ title, columns, points, draw }: Pick<Props, 'title' | 'columns' | 'points' | 'draw'>) {
  const words = useChartMessages();
  const [at, setAt] = useState<number>();
  const last = points.length - 1;
  const walk = (to: number) => setAt(Math.max(0, Math.min(last, to)));
  const said = at === undefined ? words.walk : wordsOf(columns, points[at] ?? []);
  if (points.length === 0) return <p className="muted">{words.nothing}</p>;
  return (
    <div
      className="chart-body"
      role="slider"
      tabIndex={0}
      aria-label={title}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={at ?? last}
      aria-valuetext={at === undefined ? wordsOf(columns, points[last] ?? []) : said}
      onKeyDown={(event) => {
        const step = STEPS.get(event.key);
        const to = event.key === 'Home' ? 0 : event.key === 'End' ? last : (at ?? last) + (step ?? 0);
        if (step === undefined && event.key !== 'Home' && event.key !== 'End') return;
        event.preventDefault();
        walk(to);
      }}
      onPointerMove={({ clientX, currentTarget }) => {
        const { left, width } = currentTarget.getBoundingClientRect();
        walk(Math.round(((clientX - left) / width) * last));
      }}
      onPointerLeave={() => setAt(undefined)}
      onBlur={() => setAt(undefined)}
    >
      {draw(at)}
      <span className={at === undefined ? 'chart-said hint' : 'chart-said'} aria-hidden="true">
        {said}
      </span>
    </div>
  );
}

const wordsOf = (columns: readonly ColumnOf[], cells: readonly string[]): string =>
  columns.map(({ name }, index) => (index === 0 ? cells[0] : `${name} ${cells[index]}`)).join(' · ');
