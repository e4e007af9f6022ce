/** One model: what it says of people and why, how far it can be believed, its runs. */
import '../segments/segments.css';
import '../ui/parts.css';
import './propensity.css';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { PropensityInstanceResource } from '#shared/api/propensity.ts';
import { ApiError } from '../api-client.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { usePermissions } from '../app/use-permissions.ts';
import { useSpeech } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { PageTabs } from '../ui/PageTabs.tsx';
import { Progress } from '../ui/Progress.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { GoalWords } from './GoalWords.tsx';
import { Insights } from './Insights.tsx';
import { ModelActions } from './ModelActions.tsx';
import { TABS } from './model-search.ts';
import { RunReason } from './RunReason.tsx';
import { RunsTab } from './RunsTab.tsx';
import { isRunning, useInsights, useInstance, useModelChange } from './use-propensity.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';

export function ModelPage() {
  const words = usePropensityMessages();
  const { id } = useParams({ from: '/propensity/$id' });
  const { tab = 'insights' } = useSearch({ from: '/propensity/$id' });
  const navigate = useNavigate({ from: '/propensity/$id' });
  const { data: model, isPending, error, refetch } = useInstance(id);
  usePageTitle(model?.displayName ?? words.title);
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <div className="page">
      <PageLink to="/propensity" look="back" icon="left" label={words.back} />
      {isPending && <Waiting />}
      {isGone && <h1>{words.notFound}</h1>}
      {error !== null && !isGone && <FailureNotice error={error} onRetry={() => void refetch()} />}
      {model !== undefined && (
        <>
          <ModelHead model={model} />
          <PageTabs
            label={words.tabsLabel}
            tabs={TABS.map((each) => ({
              id: each,
              label: words.tabs[each],
              content: () =>
                each === 'insights' ? (
                  <InsightsTab model={model} />
                ) : each === 'runs' ? (
                  <RunsTab model={model} />
                ) : (
                  <SettingsTab model={model} />
                ),
            }))}
            shown={tab}
            onShow={(shown) => void navigate({ search: shown === 'insights' ? {} : { tab: shown } })}
          />
        </>
      )}
    </div>
  );
}

interface Props {
  readonly model: PropensityInstanceResource;
}

function ModelHead({ model }: Props) {
  const { id, displayName, type, state, goal, lastRun, modelRunId } = model;
  const words = usePropensityMessages();
  const can = usePermissions();
  const { mutate, isPending } = useModelChange(id);
  const isBusy = isRunning(lastRun) || isPending;
  const start = (kind: 'train' | 'score') =>
    mutate({ method: 'POST', path: '/runs', body: { kind }, told: words.started });
  return (
    <div className="stack">
      <div className="page-head">
        <h1>{displayName}</h1>
        <span className="tag">{words.types[type]}</span>
        <span className="tag">{words.states[state]}</span>
      </div>
      <GoalWords goal={goal} />
      <div className="line">
        <Button
          look="primary"
          label={words.train}
          isDisabled={isBusy || !can('startPropensityRun')}
          onPress={() => start('train')}
        />
        <Button
          label={words.score}
          isDisabled={isBusy || modelRunId === undefined || !can('startPropensityRun')}
          onPress={() => start('score')}
        />
        {lastRun !== undefined && isRunning(lastRun) && (
          <>
            <Progress label={words.kinds[lastRun.kind]} share={undefined} />
            <Button
              label={words.cancel}
              onPress={() => mutate({ method: 'DELETE', path: `/runs/${lastRun.id}`, told: words.cancelled })}
            />
          </>
        )}
        <ModelActions model={model} />
      </div>
      {lastRun?.status === 'FAILED' && (
        <p className="notice bad">
          <RunReason run={lastRun} />
        </p>
      )}
    </div>
  );
}

function InsightsTab({ model }: Props) {
  const words = usePropensityMessages();
  const { data, isPending, isError, error, refetch } = useInsights(
    model.id,
    isRunning(model.lastRun) ? undefined : model.lastRun?.id,
  );
  if (isPending) return <Waiting />;
  if (isError) return <FailureNotice error={error} onRetry={() => void refetch()} />;
  return data === null ? <p className="muted">{words.none}</p> : <Insights model={model} insights={data} />;
}

function SettingsTab({ model }: Props) {
  const { settings: words, tabs } = usePropensityMessages();
  const { list, dateTime } = useSpeech();
  const all = (items: readonly string[]) => (items.length === 0 ? words.nothing : list(items));
  const cadence = (schedule: PropensityInstanceResource['schedule'], next: number | undefined) => {
    if (schedule === undefined) return words.manual;
    const text = `${schedule.expression} · ${schedule.timeZone ?? 'UTC'}`;
    return next === undefined ? text : words.next(text, dateTime(next));
  };
  const facts: readonly (readonly [string, string])[] = [
    [words.name, `propensity.${model.id}`],
    [words.eligible, model.eligiblePopulation ?? words.everybody],
    [words.attributes, all(model.profileAttributes)],
    [words.custom, all(model.customEvents.map(({ name }) => name))],
    [words.excluded, all(model.excludedEventTypes)],
    [words.schedule, cadence(model.schedule, model.nextRuns?.score)],
    [words.training, cadence(model.trainingSchedule, model.nextRuns?.train)],
  ];
  return (
    <Card title={tabs.settings}>
      <dl className="facts">
        <dt>{words.goal}</dt>
        <dd>
          <GoalWords goal={model.goal} />
        </dd>
        {facts.map(([name, value]) => (
          <div key={name} className="fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
