import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PropensityDataCheck } from '#shared/api/propensity.ts';
import { useApi } from '../app/surroundings.tsx';
import { useSpeech } from '../messages/language.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { Icon } from '../ui/Icon.tsx';
import { type DraftModel, specificationOf } from './draft-model.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';

const PAUSE_MS = 800;

/** What is there to learn from and what is missing, in numbers, a moment after the last change. */
export function DataCheckCard({ draft }: { readonly draft: DraftModel }) {
  const { wizard: words } = usePropensityMessages();
  const api = useApi();
  const asked = useSettled(JSON.stringify(specificationOf(draft)));
  const { data, isFetching, error, refetch } = useQuery({
    queryKey: ['data-check', asked],
    queryFn: ({ signal }) =>
      api.request<PropensityDataCheck>('POST', '/propensity/dataCheck', { body: JSON.parse(asked ?? '{}'), signal }),
    enabled: asked !== undefined,
    placeholderData: (before) => before,
    retry: false,
  });
  return (
    <Card title={words.check}>
      {asked === undefined && <p className="muted">{words.checkEmpty}</p>}
      {isFetching && (
        <p className="muted" role="status">
          {words.checking}
        </p>
      )}
      {error !== null && <FailureNotice error={error} onRetry={() => void refetch()} />}
      {data !== undefined && error === null && <Checked check={data} />}
    </Card>
  );
}

function useSettled(text: string | undefined): string | undefined {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function Checked({ check }: { readonly check: PropensityDataCheck }) {
  const { wizard: words, findings } = usePropensityMessages();
  const { number } = useSpeech();
  return (
    <div className="stack" role="status">
      <p className={check.canTrain ? 'word good' : 'word bad'}>
        <Icon name={check.canTrain ? 'check' : 'warning'} />
        {check.canTrain ? words.canTrain : words.cannotTrain}
      </p>
      <p>{words.history(number(check.historyDays), number(check.historyDaysNeeded))}</p>
      <p>{words.outcomes(number(check.occurred), number(check.notOccurred))}</p>
      <ul className="stack">
        {check.findings.map(({ code, found, needed, message }) => (
          <li key={code}>{findings[code]?.(found, needed) ?? message}</li>
        ))}
      </ul>
      {check.isEstimate && <p className="small-text muted">{words.estimate(check.profilesRead)}</p>}
    </div>
  );
}
