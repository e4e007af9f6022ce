import type { PropensityInsights } from '#shared/api/propensity.ts';
import { Chart } from '../charts/Chart.tsx';
import { LineChart } from '../charts/LineChart.tsx';
import { useSpeech } from '../messages/language.tsx';
import { Card } from '../ui/Card.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import type { InsightsProps } from './SegmentLink.tsx';
import { usePropensityMessages } from './use-propensity-messages.ts';

/** A gap of so many points is worth a word. */
const OFF = 0.05;

type Entry = PropensityInsights['history'][number];

export function HistoryCard({ insights: { history } }: Pick<InsightsProps, 'insights'>) {
  const { history: words } = usePropensityMessages();
  const dated = history.flatMap((entry) => (entry.judgedAt === undefined ? [] : [{ ...entry, at: entry.judgedAt }]));
  return (
    <Card title={words.title} wide>
      {history.length === 0 && <p className="muted">{words.none}</p>}
      {dated.length > 1 && <OverTime entries={dated} />}
      {history.length > 0 && <HistoryTable history={history} />}
    </Card>
  );
}

function OverTime({ entries }: { readonly entries: readonly (Entry & { readonly at: number })[] }) {
  const { history: words } = usePropensityMessages();
  const { percent, date } = useSpeech();
  const top = Math.max(0.01, ...entries.flatMap(({ expectedRate, actualRate }) => [expectedRate, actualRate]));
  const [first, last] = [entries[0]?.at ?? 0, entries.at(-1)?.at ?? 1];
  const share = (value: number) => percent(value, 1);
  return (
    <Chart
      title={words.chart}
      summary={words.summary}
      columns={[
        { id: 'when', name: words.columns.when },
        { id: 'actual', name: words.columns.actual, numeric: true },
        { id: 'expected', name: words.columns.expected, numeric: true },
      ]}
      points={entries.map(({ at, actualRate, expectedRate }) => [date(at), share(actualRate), share(expectedRate)])}
      draw={(at) => (
        <LineChart
          points={entries.map(({ at: x, actualRate: y }) => ({ x, y }))}
          compared={entries.map(({ at: x, expectedRate: y }) => ({ x, y }))}
          at={at}
          x={{ domain: [first, Math.max(last, first + 1)], ticks: [first, last], format: date }}
          y={{ domain: [0, top], ticks: [0, top / 2, top], format: share }}
        />
      )}
    />
  );
}

function HistoryTable({ history }: Pick<PropensityInsights, 'history'>) {
  const { history: words } = usePropensityMessages();
  const { percent, decimal, date, number } = useSpeech();
  const used = ({ promoted }: Entry) => (promoted === undefined ? '–' : promoted ? words.used : words.unused);
  return (
    <PlainTable
      label={words.title}
      columns={(['when', 'what', 'people', 'expected', 'actual', 'auc', 'used'] as const).map((id) => ({
        id,
        name: words.columns[id],
      }))}
      rows={history.map((entry) => {
        const { runId, kind, judgedAt, people, expectedRate, actualRate, areaUnderCurve } = entry;
        return {
          key: `${runId} ${kind}`,
          cells: [
            judgedAt === undefined ? '–' : date(judgedAt),
            words.kinds[kind],
            number(people),
            percent(expectedRate, 1),
            <span key="actual" className="line">
              {percent(actualRate, 1)}
              {Math.abs(expectedRate - actualRate) > OFF && (
                <span className="word warn">{words.off(decimal(100 * Math.abs(expectedRate - actualRate), 1))}</span>
              )}
            </span>,
            areaUnderCurve === undefined ? '–' : decimal(areaUnderCurve, 3),
            used(entry),
          ],
        };
      })}
    />
  );
}
