import { scaleBand, scaleLinear } from 'd3-scale';
import { useWidth } from './use-width.ts';

interface Props {
  readonly values: readonly number[];
  /** Outlined over each bar: what the value is to be seen against. */
  readonly compared?: readonly number[];
  readonly labels: readonly { readonly at: number; readonly text: string }[];
  /** Bars outside of it are drawn faint. */
  readonly chosen?: readonly [number, number];
  readonly at: number | undefined;
  readonly format: (value: number) => string;
}

const HEIGHT = 180;
const EDGE = { top: 14, bottom: 22, left: 44, right: 4 };

export function BarChart({ values, compared = [], labels, chosen, at, format }: Props) {
  const [drawing, width] = useWidth();
  const most = Math.max(1e-9, ...values, ...compared);
  const across = scaleBand<number>([...values.keys()], [EDGE.left, width - EDGE.right]).paddingInner(
    values.length > 40 ? 0.1 : 0.25,
  );
  const up = scaleLinear([0, most], [HEIGHT - EDGE.bottom, EDGE.top]);
  const isChosen = (index: number) => chosen === undefined || (index >= chosen[0] && index <= chosen[1]);
  const barAt = (index: number, value: number) => ({
    x: across(index) ?? 0,
    y: up(value),
    width: across.bandwidth(),
    height: Math.max(0, up(0) - up(value)),
  });
  return (
    <svg ref={drawing} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true" focusable="false">
      {[0, most].map((tick) => (
        <g key={tick}>
          <line className="chart-grid" x1={EDGE.left} x2={width - EDGE.right} y1={up(tick)} y2={up(tick)} />
          <text className="chart-axis" x={EDGE.left - 6} y={up(tick) + 4} textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
        <rect key={index} className={isChosen(index) ? 'chart-bar' : 'chart-bar faint'} {...barAt(index, value)} />
      ))}
      {compared.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
        <rect key={index} className="chart-bar compared" {...barAt(index, value)} />
      ))}
      {at !== undefined && values[at] !== undefined && (
        <circle className="chart-dot" cx={(across(at) ?? 0) + across.bandwidth() / 2} cy={up(values[at] ?? 0)} r={5} />
      )}
      {labels.map(({ at: index, text }) => (
        <text
          key={index}
          className="chart-axis"
          x={(across(index) ?? 0) + across.bandwidth() / 2}
          y={HEIGHT - 6}
          textAnchor="middle"
        >
          {text}
        </text>
      ))}
    </svg>
  );
}
