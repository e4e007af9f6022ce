import { scaleTime } from 'd3-scale';
import { Chart } from '../charts/Chart.tsx';
import { LineChart } from '../charts/LineChart.tsx';
import { useSpeech } from '../messages/language.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { useDetailMessages } from './use-detail-messages.ts';
import { useTrend } from './use-segment.ts';

const DAY_MS = 86_400_000;

/** How many were in at each count of everybody. */
export function TrendCard({ id }: { readonly id: string }) {
  const { trend } = useDetailMessages();
  const { number, dateTime, day, clock } = useSpeech();
  const { data, isError, error, refetch } = useTrend(id);
  const points = (data?.points ?? []).map(({ countedAt, members }) => ({ x: Date.parse(countedAt), y: members }));
  const [first, last] = [points[0], points.at(-1)];
  if (isError) return <FailureNotice error={error} onRetry={() => void refetch()} />;
  if (first === undefined || last === undefined) {
    return (
      <Card title={trend.title}>
        <p className="muted">{trend.none}</p>
      </Card>
    );
  }
  const span = [first.x, Math.max(last.x, first.x + 1)] as const;
  const most = Math.max(1, ...points.map(({ y }) => y));
  return (
    <section className="card" aria-label={trend.title}>
      <Chart
        title={trend.title}
        heading="h2"
        summary={trend.summary(number(first.y), number(last.y), points.length)}
        columns={[
          { id: 'when', name: trend.when },
          { id: 'members', name: trend.members, numeric: true },
        ]}
        points={points.map(({ x, y }) => [dateTime(x), number(y)])}
        draw={(at) => (
          <LineChart
            points={points}
            filled
            at={at}
            x={{
              domain: span,
              ticks: points.length === 1 ? [first.x] : ticksOf(span),
              format: (value) => (span[1] - span[0] > DAY_MS ? day(value) : clock(value)),
            }}
            y={{ domain: [0, most], ticks: [0, most], format: number }}
          />
        )}
      />
    </section>
  );
}

const ticksOf = ([from, to]: readonly [number, number]): readonly number[] =>
  scaleTime([from, to], [0, 1])
    .ticks(3)
    .map((tick) => tick.getTime())
    .slice(0, 4);
