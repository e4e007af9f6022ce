/** The models of the sandbox: what each foretells, how good it is, and when it last ran. */
import '../segments/segments.css';
import '../ui/parts.css';
import './propensity.css';
import type { PropensityInstanceResource } from '#shared/api/propensity.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { useSpeech } from '../messages/language.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { GoalWords } from './GoalWords.tsx';
import { wordOf } from './model-reading.ts';
import { useInstances } from './use-propensity.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';

export function ModelsPage() {
  const words = usePropensityMessages();
  usePageTitle(words.title);
  const { data, isPending, isError, error, refetch } = useInstances();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{words.title}</h1>
        <PageLink to="/propensity/new" look="primary" icon="plus" label={words.create} />
      </div>
      {isPending && <Waiting />}
      {isError && <FailureNotice error={error} onRetry={() => void refetch()} />}
      {data?.children.length === 0 && (
        <section className="empty">
          <h2>{words.empty}</h2>
          <p className="muted">{words.emptyHint}</p>
        </section>
      )}
      {data !== undefined && data.children.length > 0 && <Models models={data.children} />}
    </div>
  );
}

function Models({ models }: { readonly models: readonly PropensityInstanceResource[] }) {
  const words = usePropensityMessages();
  const { decimal, dateTime } = useSpeech();
  return (
    <Card title={words.title}>
      <PlainTable
        label={words.title}
        columns={(['name', 'goal', 'state', 'quality', 'run'] as const).map((id) => ({ id, name: words.columns[id] }))}
        rows={models.map(({ id, displayName, type, goal, state, lastRun }) => {
          const auc = lastRun?.model?.areaUnderCurve;
          return {
            key: id,
            cells: [
              <PageLink key="name" to="/propensity/$id" params={{ id }} look="text" label={displayName} />,
              <GoalWords key="goal" goal={goal} />,
              `${words.states[state]} · ${words.types[type]}`,
              auc === undefined ? '–' : words.quality(decimal(auc, 2), words.words[wordOf(auc)]),
              lastRun === undefined
                ? words.noRun
                : `${words.runStatus[lastRun.status]} · ${dateTime(lastRun.creationTime)}`,
            ],
          };
        })}
      />
    </Card>
  );
}
