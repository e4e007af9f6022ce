import { useState } from 'react';
import { BarChart } from '../charts/BarChart.tsx';
import { Chart } from '../charts/Chart.tsx';
import { useSpeech } from '../messages/language.tsx';
import { Card } from '../ui/Card.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { TextBox } from '../ui/TextBox.tsx';
import { FactorsCard } from './FactorsCard.tsx';
import { BUCKETS, lookOf, medianOf, peopleBetween, ruleOfBucket, ruleOfRange } from './model-reading.ts';
import { QualityCards } from './QualityCards.tsx';
import { type InsightsProps, SegmentLink } from './SegmentLink.tsx';
import { usePropensityMessages } from './use-propensity-messages.ts';

export function Insights({ model, insights }: InsightsProps) {
  const { warnings } = usePropensityMessages();
  return (
    <div className="cards insights">
      {insights.warnings.length > 0 && (
        <div className="notice wide">
          {insights.warnings.map(({ code, message, feature = '' }) => (
            <span key={`${code} ${feature}`}>{warnings[code]?.(feature) ?? message}</span>
          ))}
        </div>
      )}
      <BucketsCard model={model} insights={insights} />
      <DistributionCard model={model} insights={insights} />
      <FactorsCard model={model} insights={insights} />
      <QualityCards model={model} insights={insights} />
    </div>
  );
}

function BucketsCard({ model, insights }: InsightsProps) {
  const words = usePropensityMessages();
  const { number, percent, decimal } = useSpeech();
  const total = BUCKETS.reduce((sum, bucket) => sum + insights.buckets[bucket].people, 0);
  return (
    <Card title={words.scored(total)}>
      <PlainTable
        label={words.scored(total)}
        columns={[
          { id: 'bucket', name: words.bucketColumns.bucket },
          { id: 'people', name: words.bucketColumns.people, numeric: true },
          { id: 'share', name: words.bucketColumns.share, numeric: true },
          { id: 'expected', name: words.bucketColumns.expected, numeric: true },
          { id: 'segment', name: words.bucketColumns.segment },
        ]}
        rows={BUCKETS.map((bucket) => {
          const { people, expected } = insights.buckets[bucket];
          return {
            key: bucket,
            cells: [
              <span key="bucket" className={`word ${lookOf(model.type, bucket)}`}>
                {words.buckets[bucket]} {words.ranges[bucket]}
              </span>,
              number(people),
              percent(people / Math.max(1, total)),
              `${decimal(expected, 0)} · ${percent(expected / Math.max(1, people), 1)}`,
              <SegmentLink
                key="segment"
                model={model}
                what={words.buckets[bucket]}
                pql={ruleOfBucket(model.id, bucket)}
              />,
            ],
          };
        })}
      />
    </Card>
  );
}

const LAST = 100;
const LABELS = [0, 25, 50, 75, LAST].map((at) => ({ at, text: String(at) }));

const within = (text: string): number => Math.max(0, Math.min(LAST, Math.round(Number(text)) || 0));

function DistributionCard({ model, insights: { distribution } }: InsightsProps) {
  const { distribution: words } = usePropensityMessages();
  const { number } = useSpeech();
  const [from, setFrom] = useState('80');
  const [to, setTo] = useState('100');
  const [low, high] = [Math.min(within(from), within(to)), Math.max(within(from), within(to))];
  const said = words.range(low, high, peopleBetween(distribution, low, high));
  return (
    <section className="card" aria-label={words.title}>
      <Chart
        title={words.title}
        heading="h2"
        summary={words.summary(number(medianOf(distribution)))}
        columns={[
          { id: 'score', name: words.score },
          { id: 'people', name: words.people, numeric: true },
        ]}
        points={distribution.map((people, score) => [number(score), number(people)])}
        draw={(at) => (
          <BarChart
            values={distribution}
            labels={LABELS}
            chosen={[low, high]}
            at={at}
            format={(value) => number(value)}
          />
        )}
      />
      <div className="line end range">
        <TextBox label={words.from} type="number" min={0} max={LAST} value={from} onChange={setFrom} />
        <TextBox label={words.to} type="number" min={0} max={LAST} value={to} onChange={setTo} />
      </div>
      <p className="line">
        <span role="status">{said}</span>
        <SegmentLink model={model} what={`${low}–${high}`} pql={ruleOfRange(model.id, low, high)} />
      </p>
    </section>
  );
}
