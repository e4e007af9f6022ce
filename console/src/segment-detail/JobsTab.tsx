import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SegmentJobResource } from '#shared/api/segment-jobs.ts';
import { useApi } from '../app/surroundings.tsx';
import { usePermissions } from '../app/use-permissions.ts';
import { useSpeech } from '../messages/language.tsx';
import type { Segment } from '../segments/find-segments.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { Progress } from '../ui/Progress.tsx';
import { tell } from '../ui/toasts.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { counts, isOpen, shareDone } from './job-progress.ts';
import { useDetailMessages } from './use-detail-messages.ts';
import { JOBS_KEY, useJobs } from './use-segment.ts';

const NEWEST = 20;

export function JobsTab({ segment }: { readonly segment: Segment }) {
  const { jobs: words } = useDetailMessages();
  const can = usePermissions();
  const { data, isPending, isError, error, refetch } = useJobs();
  const start = useJobChange((api) => api.request('POST', '/segment/jobs', { body: [{ segmentId: segment.id }] }));
  const shown = (data?.children ?? []).filter((job) => counts(job, segment.id)).slice(0, NEWEST);
  return (
    <Card
      title={words.title}
      actions={
        <Button
          label={words.start}
          isDisabled={start.isPending || segment.lifecycleState !== 'published' || !can('createSegmentJob')}
          onPress={() => start.mutate(words.started)}
        />
      }
    >
      {isPending && <Waiting />}
      {isError && <FailureNotice error={error} onRetry={() => void refetch()} />}
      {data !== undefined && shown.length === 0 && <p className="muted">{words.none}</p>}
      {shown.length > 0 && <JobsTable jobs={shown} segmentId={segment.id} />}
    </Card>
  );
}

type Change = (api: ReturnType<typeof useApi>) => Promise<unknown>;

function useJobChange(change: Change) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (_told: string) => change(api),
    onSuccess: (_, told) => tell({ text: told }),
    onError: (error) => tell({ text: error.message }),
    onSettled: () => void queries.invalidateQueries({ queryKey: JOBS_KEY }),
  });
}

interface TableProps {
  readonly jobs: readonly SegmentJobResource[];
  /** Shows what was found of this one. */
  readonly segmentId?: string;
}

export function JobsTable({ jobs, segmentId }: TableProps) {
  const { jobs: words } = useDetailMessages();
  const { number, dateTime, decimal } = useSpeech();
  const shown = [
    'job',
    'status',
    'progress',
    ...(segmentId === undefined ? [] : ['found']),
    'started',
    ...(jobs.some(isOpen) ? ['actions'] : []),
  ] as const;
  return (
    <PlainTable
      label={words.title}
      columns={shown.map((id) => ({ id, name: words.columns[id as keyof typeof words.columns] }))}
      rows={jobs.map((job) => {
        const { id, status, properties, metrics, creationTime } = job;
        const { partsDone, ranges, profiles } = properties.progress;
        const found = segmentId === undefined ? undefined : metrics.segmentedProfileCounter?.[segmentId];
        const moved = segmentId === undefined ? undefined : metrics.segmentedProfileByStatusCounter?.[segmentId];
        const took = metrics.totalTime === undefined || isOpen(job) ? undefined : metrics.totalTime.totalTimeInMs;
        const cells = {
          job: <code key="id">{id.slice(0, 8)}</code>,
          status: <StatusWord key="status" job={job} />,
          progress: (
            <div key="progress" className="stack">
              {isOpen(job) && <Progress label={words.columns.progress} share={shareDone(job)} />}
              <span>{words.progress(partsDone, isOpen(job) ? ranges : null, profiles)}</span>
            </div>
          ),
          found: (
            <span key="found">
              {found === undefined ? '–' : words.found(number(found))}{' '}
              {moved !== undefined && (
                <span className="muted">{words.moved(moved.realized ?? 0, moved.exited ?? 0)}</span>
              )}
            </span>
          ),
          started: `${dateTime(creationTime)}${took === undefined ? '' : ` · ${words.took(decimal(took / 1000, 1))}`}`,
          actions: isOpen(job) && status !== 'CANCELLING' ? <CancelJob key="cancel" id={id} /> : '',
        };
        return { key: id, cells: shown.map((column) => cells[column as keyof typeof cells]) };
      })}
    />
  );
}

function StatusWord({ job: { status, errors } }: { readonly job: SegmentJobResource }) {
  const { jobs: words } = useDetailMessages();
  const look = status === 'FAILED' ? 'word bad' : status === 'SUCCEEDED' ? 'word good' : 'word';
  const [error] = errors;
  return (
    <span>
      <span className={look}>{words.status[status]}</span>
      {error !== undefined && (
        <span className="muted">
          {' '}
          {error.msg} ({error.code})
        </span>
      )}
    </span>
  );
}

function CancelJob({ id }: { readonly id: string }) {
  const { jobs: words } = useDetailMessages();
  const can = usePermissions();
  const cancel = useJobChange((api) => api.request('DELETE', `/segment/jobs/${encodeURIComponent(id)}`));
  return (
    <Button
      size="small"
      label={words.cancel}
      aria-label={words.cancelOf(id.slice(0, 8))}
      isDisabled={cancel.isPending || !can('cancelSegmentJob')}
      onPress={() => cancel.mutate(words.cancelled)}
    />
  );
}
