import { useId, useState } from 'react';
import { useSpeech } from '../messages/language.tsx';
import { Card } from '../ui/Card.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { BUCKETS, type Bucket, ruleOfFactor } from './model-reading.ts';
import { type InsightsProps, SegmentLink } from './SegmentLink.tsx';
import { usePropensityMessages } from './use-propensity-messages.ts';

/** What stands most often among the reasons of a bucket's people. */
export function FactorsCard({ model, insights }: InsightsProps) {
  const { factors: words, buckets } = usePropensityMessages();
  const { percent, number } = useSpeech();
  const id = useId();
  const [bucket, setBucket] = useState<Bucket>('high');
  const { people, topFactors } = insights.buckets[bucket];
  return (
    <Card
      title={words.title}
      wide
      actions={
        <span className="line">
          <label htmlFor={id}>{words.bucket}</label>
          <select
            id={id}
            className="input"
            value={bucket}
            onChange={({ target }) => setBucket(BUCKETS.find((each) => each === target.value) ?? 'high')}
          >
            {BUCKETS.map((each) => (
              <option key={each} value={each}>
                {buckets[each]}
              </option>
            ))}
          </select>
        </span>
      }
    >
      {topFactors.length === 0 ? (
        <p className="muted">{words.none}</p>
      ) : (
        <PlainTable
          label={words.title}
          columns={(['factor', 'share', 'direction', 'segment'] as const).map((column) => ({
            id: column,
            name: words.columns[column],
          }))}
          rows={topFactors.map(({ name, people: ofThem, raises, lowers }) => ({
            key: name,
            cells: [
              name,
              words.of(percent(ofThem / Math.max(1, people)), number(ofThem)),
              raises >= lowers ? words.up : words.down,
              <SegmentLink
                key="segment"
                model={model}
                what={`${buckets[bucket]}, ${name}`}
                pql={ruleOfFactor(model.id, bucket, name)}
              />,
            ],
          }))}
        />
      )}
    </Card>
  );
}
