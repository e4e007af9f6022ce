import { useQuery } from '@tanstack/react-query';
import type { PropensityFactorResource } from '#shared/api/propensity.ts';
import { useApi } from '../app/surroundings.tsx';
import { useSpeech } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import type { Bucket } from './model-reading.ts';
import type { InsightsProps } from './SegmentLink.tsx';
import { pathOf } from './use-propensity.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';

interface Props extends InsightsProps {
  readonly bucket: Bucket;
  readonly name: string;
  readonly onClose: () => void;
}

/** One reason looked into: how strongly it counts, and with which values. */
export function FactorDetail({ model, insights: { runId }, bucket, name, onClose }: Props) {
  const { factors: words, buckets } = usePropensityMessages();
  const api = useApi();
  const query = { bucket, name, runId };
  const { data, isPending, isError, error, refetch } = useQuery({
    queryKey: ['propensity', model.id, 'factor', query],
    queryFn: ({ signal }) =>
      api.request<PropensityFactorResource>('GET', `${pathOf(model.id)}/insights/factor`, { query, signal }),
  });
  const title = words.values.title(name, buckets[bucket]);
  return (
    <section className="stack factor" aria-label={title}>
      <div className="line spread">
        <h3>{title}</h3>
        <Button size="small" label={words.close} aria-label={`${words.close}: ${title}`} onPress={onClose} />
      </div>
      {isPending && <Waiting />}
      {isError && <FailureNotice error={error} onRetry={() => void refetch()} />}
      {data !== undefined && <Values factor={data} title={title} />}
    </section>
  );
}

function Values({ factor, title }: { readonly factor: PropensityFactorResource; readonly title: string }) {
  const { factors } = usePropensityMessages();
  const { values: words } = factors;
  const { number, percent, decimal } = useSpeech();
  const { people, raises, importance } = factor;
  const nameOf = ({ from, to, text, isOther }: PropensityFactorResource['values'][number]): string => {
    if (text !== undefined) return text;
    if (isOther) return words.other;
    if (from === undefined) return to === undefined ? words.missing : words.below(number(to));
    if (to === undefined) return words.from(number(from));
    return from === to ? number(from) : words.between(number(from), number(to));
  };
  const effectOf = (contribution: number) => {
    const times = decimal(Math.exp(contribution), 2);
    return contribution > 0 ? words.up(times) : words.down(times);
  };
  return (
    <>
      <p>{words.about(percent(importance.high / people), percent(raises / people))}</p>
      <PlainTable
        label={title}
        columns={[
          { id: 'value', name: words.columns.value },
          { id: 'people', name: words.columns.people, numeric: true },
          { id: 'effect', name: words.columns.effect },
        ]}
        rows={factor.values.map((value) => ({
          key: nameOf(value),
          cells: [
            nameOf(value),
            `${number(value.people)} · ${percent(value.people / people)}`,
            effectOf(value.meanContribution),
          ],
        }))}
      />
      <p className="small-text muted">{words.effectAbout}</p>
    </>
  );
}
