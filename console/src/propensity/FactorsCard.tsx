import { useId, useState } from 'react';
import { useSpeech } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { FactorDetail } from './FactorDetail.tsx';
import { BUCKETS, type Bucket, ruleOfFactor } from './model-reading.ts';
import { type InsightsProps, SegmentLink } from './SegmentLink.tsx';
import { usePropensityMessages } from './use-propensity-messages.ts';

/** What stands most often among the reasons of a bucket's people; each can be looked into. */
export function FactorsCard({ model, insights }: InsightsProps) {
  const { factors: words } = usePropensityMessages();
  const [bucket, setBucket] = useState<Bucket>('high');
  const [opened, setOpened] = useState<string>();
  const choose = (chosen: Bucket) => {
    setBucket(chosen);
    setOpened(undefined);
  };
  const shown = { model, insights, bucket };
  return (
    <Card title={words.title} wide actions={<BucketChoice bucket={bucket} onChoose={choose} />}>
      {insights.buckets[bucket].topFactors.length === 0 ? (
        <p className="muted">{words.none}</p>
      ) : (
        <FactorTable {...shown} opened={opened} onOpen={setOpened} />
      )}
      {opened !== undefined && <FactorDetail {...shown} name={opened} onClose={() => setOpened(undefined)} />}
    </Card>
  );
}

interface ChoiceProps {
  readonly bucket: Bucket;
  readonly onChoose: (bucket: Bucket) => void;
}

function BucketChoice({ bucket, onChoose }: ChoiceProps) {
  const { factors: words, buckets } = usePropensityMessages();
  const id = useId();
  return (
    <span className="line">
      <label htmlFor={id}>{words.bucket}</label>
      <select
        id={id}
        className="input"
        value={bucket}
        onChange={({ target }) => onChoose(BUCKETS.find((each) => each === target.value) ?? 'high')}
      >
        {BUCKETS.map((each) => (
          <option key={each} value={each}>
            {buckets[each]}
          </option>
        ))}
      </select>
    </span>
  );
}

interface TableProps extends InsightsProps {
  readonly bucket: Bucket;
  readonly opened: string | undefined;
  readonly onOpen: (name: string | undefined) => void;
}

function FactorTable({ model, insights, bucket, opened, onOpen }: TableProps) {
  const { factors: words, buckets } = usePropensityMessages();
  const { percent, number } = useSpeech();
  const { people, topFactors } = insights.buckets[bucket];
  return (
    <PlainTable
      label={words.title}
      columns={(['factor', 'share', 'direction', 'segment'] as const).map((column) => ({
        id: column,
        name: words.columns[column],
      }))}
      rows={topFactors.map(({ name, people: ofThem, raises, lowers }) => ({
        key: name,
        cells: [
          <Button
            key="name"
            look="quiet"
            size="small"
            className="factor-name"
            label={name}
            aria-label={words.open(name)}
            aria-expanded={opened === name}
            onPress={() => onOpen(opened === name ? undefined : name)}
          />,
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
  );
}
