import type { PropensityInstanceResource, PropensityRunResource } from '#shared/api/propensity.ts';
import { usePermissions } from '../app/use-permissions.ts';
import { useSpeech } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { wordOf } from './model-reading.ts';
import { RunReason } from './RunReason.tsx';
import { useModelChange, useRuns } from './use-propensity.ts';
import { usePropensityMessages } from './use-propensity-messages.ts';

export function RunsTab({ model }: { readonly model: PropensityInstanceResource }) {
  const words = usePropensityMessages();
  const { decimal, dateTime } = useSpeech();
  const { data, isPending, isError, error, refetch } = useRuns(model.id);
  const runs = data?.children ?? [];
  return (
    <Card title={words.runs.title}>
      {isPending && <Waiting />}
      {isError && <FailureNotice error={error} onRetry={() => void refetch()} />}
      {data !== undefined && runs.length === 0 && <p className="muted">{words.runs.none}</p>}
      {runs.length > 0 && (
        <PlainTable
          label={words.runs.title}
          columns={(['run', 'status', 'model', 'scores', 'when', 'actions'] as const).map((id) => ({
            id,
            name: words.runs.columns[id],
          }))}
          rows={runs.map((run) => ({
            key: run.id,
            cells: [
              `${words.kinds[run.kind]} · ${words.runs.sources[run.source]}`,
              <RunStatus key="status" run={run} />,
              run.model === undefined ? (
                '–'
              ) : (
                <span key="model" title={run.model.reason}>
                  {words.quality(decimal(run.model.areaUnderCurve, 2), words.words[wordOf(run.model.areaUnderCurve)])}
                </span>
              ),
              run.scores === undefined ? '–' : words.scored(run.scores.people),
              dateTime(run.creationTime),
              <Promote key="promote" model={model} run={run} />,
            ],
          }))}
        />
      )}
    </Card>
  );
}

function RunStatus({ run }: { readonly run: PropensityRunResource }) {
  const words = usePropensityMessages();
  return (
    <div className="stack">
      <span className={run.status === 'FAILED' ? 'word bad' : 'word'}>{words.runStatus[run.status]}</span>
      <RunReason run={run} />
    </div>
  );
}

interface PromoteProps {
  readonly model: PropensityInstanceResource;
  readonly run: PropensityRunResource;
}

function Promote({ model, run }: PromoteProps) {
  const { runs: words } = usePropensityMessages();
  const can = usePermissions();
  const { dateTime } = useSpeech();
  const { mutate, isPending } = useModelChange(model.id);
  if (model.modelRunId === run.id) return <span className="tag">{words.inUse}</span>;
  if (run.model === undefined || run.status !== 'SUCCEEDED') return null;
  return (
    <Button
      size="small"
      label={words.promote}
      aria-label={words.promoteOf(dateTime(run.creationTime))}
      isDisabled={isPending || !can('promotePropensityRun')}
      onPress={() => mutate({ method: 'POST', path: `/runs/${run.id}/promote`, told: words.promoted })}
    />
  );
}
