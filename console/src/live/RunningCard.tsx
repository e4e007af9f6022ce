import { JobsTable } from '../segment-detail/JobsTab.tsx';
import { useJobs } from '../segment-detail/use-segment.ts';
import type { Segment } from '../segments/find-segments.ts';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { Progress } from '../ui/Progress.tsx';
import { useLiveMessages } from './use-live-messages.ts';

const NEWEST = 5;

/** What runs over everybody: jobs, and segments that take up a new rule. */
export function RunningCard({ segments }: { readonly segments: readonly Segment[] }) {
  const words = useLiveMessages();
  const { data, isError, error, refetch } = useJobs();
  const activating = segments.filter(({ evaluationInfo }) => evaluationInfo.continuous.state === 'activating');
  const jobs = data?.children.slice(0, NEWEST) ?? [];
  return (
    <Card title={words.jobs}>
      {isError && <FailureNotice error={error} onRetry={() => void refetch()} />}
      {data !== undefined && jobs.length === 0 && activating.length === 0 && <p className="muted">{words.noJobs}</p>}
      {activating.map(({ id, name, evaluationInfo: { continuous } }) => (
        <div key={id} className="line">
          <PageLink to="/segments/$id" params={{ id }} look="text" label={name} />
          <span className="muted">{words.activating}</span>
          {continuous.progress !== undefined && (
            <>
              <Progress
                label={`${words.activating}: ${name}`}
                share={1 - continuous.progress.behind / Math.max(1, continuous.progress.profiles)}
              />
              <span className="muted">
                {words.activatingProgress(continuous.progress.behind, continuous.progress.profiles)}
              </span>
            </>
          )}
        </div>
      ))}
      {jobs.length > 0 && <JobsTable jobs={jobs} />}
    </Card>
  );
}
