import { useMemo } from 'react';
import { BarChart } from '../charts/BarChart.tsx';
import { Chart } from '../charts/Chart.tsx';
import { useSpeech } from '../messages/language.tsx';
import { flowHistory } from '../segments/figures.ts';
import { useDetailMessages } from './use-detail-messages.ts';
import { useJobs } from './use-segment.ts';

const LABELS_MAX = 5;

/** Who came and who left between one count and the next; below two counts there is nothing between. */
export function FlowCard({ id }: { readonly id: string }) {
  const { flow: words } = useDetailMessages();
  const { number, dateTime, day } = useSpeech();
  const jobs = useJobs().data?.children;
  const history = useMemo(() => flowHistory(jobs ?? [], id), [jobs, id]);
  if (history.length === 0) return null;
  const sum = (pick: 'came' | 'went') => history.reduce((total, one) => total + one[pick], 0);
  const every = Math.ceil(history.length / LABELS_MAX);
  return (
    <section className="card" aria-label={words.title}>
      <Chart
        title={words.title}
        heading="h2"
        summary={words.summary(number(sum('came')), number(sum('went')), history.length)}
        columns={[
          { id: 'when', name: words.when },
          { id: 'came', name: words.came, numeric: true },
          { id: 'went', name: words.went, numeric: true },
        ]}
        points={history.map(({ at, came, went }) => [dateTime(at), number(came), number(went)])}
        draw={(at) => (
          <BarChart
            values={history.map(({ came }) => came)}
            compared={history.map(({ went }) => went)}
            labels={history.map((one, index) => ({ at: index, text: day(one.at) })).filter((_, i) => i % every === 0)}
            at={at}
            format={number}
          />
        )}
      />
    </section>
  );
}
