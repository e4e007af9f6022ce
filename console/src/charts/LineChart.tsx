import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';

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

const WIDTH = 480;
const HEIGHT = 180;
const EDGE = { top: 10, right: 12, bottom: 22, left: 44 };

/** What would hang over the edge is written inwards. */
const anchorOf = (x: number) => (x < EDGE.left + 20 ? 'start' : x > WIDTH - EDGE.right - 20 ? 'end' : 'middle');

export function LineChart({ points, compared = [], x, y, at, filled = false }: Props) {
  const across = scaleLinear([...x.domain], [EDGE.left, WIDTH - EDGE.right]);
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
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line className="chart-grid" x1={EDGE.left} x2={WIDTH - EDGE.right} y1={up(tick)} y2={up(tick)} />
          <text className="chart-axis" x={EDGE.left - 6} y={up(tick) + 4} textAnchor="end">
            {y.format(tick)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text key={tick} className="chart-axis" x={across(tick)} y={HEIGHT - 6} textAnchor={anchorOf(across(tick))}>
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
