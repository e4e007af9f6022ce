import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { useWidth } from './use-width.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface AxisOf {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  format(value: number): string;
}

interface Props {
  readonly points: readonly Point[];
  /** Drawn dashed: what the line is to be seen against. */
  readonly compared?: readonly Point[];
  readonly x: AxisOf;
  readonly y: AxisOf;
  /** The point that is being read. */
  readonly at: number | undefined;
  readonly filled?: boolean;
}

const HEIGHT = 180;
const EDGE = { top: 10, right: 12, bottom: 22, left: 44 };

const LABEL_WIDTH = 72;

/** Labels that would stand on each other are left out. */
const fitting = (width: number) => (_tick: number, index: number, ticks: readonly number[]) =>
  index % Math.ceil((ticks.length * LABEL_WIDTH) / width) === 0;

/** What would hang over the edge is written inwards. */
const anchorOf = (x: number, width: number) =>
  x < EDGE.left + 20 ? 'start' : x > width - EDGE.right - 20 ? 'end' : 'middle';

export function LineChart({ points, compared = [], x, y, at, filled = false }: Props) {
  const [drawing, width] = useWidth();
  const across = scaleLinear([...x.domain], [EDGE.left, width - EDGE.right]);
  const up = scaleLinear([...y.domain], [HEIGHT - EDGE.bottom, EDGE.top]);
  const path = line<Point>(
    (point) => across(point.x),
    (point) => up(point.y),
  );
  const under = area<Point>(
    (point) => across(point.x),
    up(y.domain[0]),
    (point) => up(point.y),
  );
  const read = at === undefined ? undefined : points[at];
  const only = points.length === 1 ? points[0] : undefined;
  return (
    <svg ref={drawing} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true" focusable="false">
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line className="chart-grid" x1={EDGE.left} x2={width - EDGE.right} y1={up(tick)} y2={up(tick)} />
          <text className="chart-axis" x={EDGE.left - 6} y={up(tick) + 4} textAnchor="end">
            {y.format(tick)}
          </text>
        </g>
      ))}
      {x.ticks.filter(fitting(width)).map((tick) => (
        <text
          key={tick}
          className="chart-axis"
          x={across(tick)}
          y={HEIGHT - 6}
          textAnchor={anchorOf(across(tick), width)}
        >
          {x.format(tick)}
        </text>
      ))}
      {filled && <path className="chart-area" d={under([...points]) ?? ''} />}
      <path className="chart-line compared" d={path([...compared]) ?? ''} />
      <path className="chart-line" d={path([...points]) ?? ''} />
      {only !== undefined && <circle className="chart-dot" cx={across(only.x)} cy={up(only.y)} r={5} />}
      {read !== undefined && <circle className="chart-dot" cx={across(read.x)} cy={up(read.y)} r={5} />}
    </svg>
  );
}
