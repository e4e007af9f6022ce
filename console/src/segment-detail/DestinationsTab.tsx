import { useQueries, useQuery } from '@tanstack/react-query';
import type { DestinationDeliveries, DestinationResource } from '#shared/api/destinations.ts';
import { useApi } from '../app/surroundings.tsx';
import { useSpeech } from '../messages/language.tsx';
import type { Segment } from '../segments/find-segments.ts';
import { segmentsToldTo } from '../segments/problems.ts';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { useDetailMessages } from './use-detail-messages.ts';

const POLL_MS = 10_000;

/** Who outside is told of this segment, and how that goes. */
export function DestinationsTab({ segment }: { readonly segment: Segment }) {
  const { destinations: words } = useDetailMessages();
  const api = useApi();
  const { data, isPending, isError, error, refetch } = useQuery({
    queryKey: ['destinations'],
    queryFn: ({ signal }) => api.listDestinations(signal),
  });
  const told = (data ?? []).filter((destination) =>
    segmentsToldTo(destination).some((id) => id === 'all' || id === segment.id),
  );
  return (
    <Card title={words.title}>
      {isPending && <Waiting />}
      {isError && <FailureNotice error={error} onRetry={() => void refetch()} />}
      {data !== undefined && told.length === 0 && <p className="muted">{words.none}</p>}
      {told.length > 0 && <DestinationsTable destinations={told} />}
    </Card>
  );
}

const COLUMNS = ['name', 'kind', 'status', 'told', 'waiting', 'last'] as const;

function DestinationsTable({ destinations }: { readonly destinations: readonly DestinationResource[] }) {
  const { destinations: words } = useDetailMessages();
  const { number, ago } = useSpeech();
  const api = useApi();
  const deliveries = useQueries({
    queries: destinations.map(({ id }) => ({
      queryKey: ['deliveries', id],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        api.request<DestinationDeliveries>('GET', `/destinations/${encodeURIComponent(id)}/deliveries`, { signal }),
      refetchInterval: POLL_MS,
    })),
  });
  return (
    <PlainTable
      label={words.title}
      columns={COLUMNS.map((id) => ({ id, name: words.columns[id], numeric: id === 'told' || id === 'waiting' }))}
      rows={destinations.map(({ id, name, target, segments }, index) => {
        const how = deliveries[index]?.data;
        const sums = how === undefined ? undefined : sumsOf(how);
        const last = sums?.lastAt;
        return {
          key: id,
          cells: [
            <span key="name">
              {name} {segments === 'all' && <span className="tag">{words.everySegment}</span>}
            </span>,
            words.kinds[target.kind],
            how === undefined ? '–' : <Status key="status" deliveries={how} />,
            sums === undefined ? '–' : number(sums.told),
            sums === undefined ? '–' : number(sums.waiting),
            last === undefined ? words.never : ago(last, Date.now()),
          ],
        };
      })}
    />
  );
}

function sumsOf({ lanes }: DestinationDeliveries) {
  const times = lanes.flatMap(({ lastDeliveredAt }) => (lastDeliveredAt === undefined ? [] : [lastDeliveredAt]));
  return {
    told: lanes.reduce((sum, { delivered }) => sum + delivered, 0),
    waiting: lanes.reduce((sum, { head, position }) => sum + Math.max(0, head - position), 0),
    failures: Math.max(0, ...lanes.map(({ failures }) => failures)),
    lost: lanes.reduce((sum, { lost }) => sum + lost, 0),
    lastAt: times.length === 0 ? undefined : Math.max(...times),
  };
}

function Status({ deliveries }: { readonly deliveries: DestinationDeliveries }) {
  const { destinations: words } = useDetailMessages();
  const { list } = useSpeech();
  const { state, blockedBy, lanes, refused } = deliveries;
  const { failures, lost } = sumsOf(deliveries);
  const lastError = lanes.find(({ failures: some }) => some > 0)?.lastError;
  const wrong = [
    ...(blockedBy.length > 0 ? [words.blocked(list(blockedBy))] : []),
    ...(failures > 0 ? [words.failing(failures)] : []),
    ...(refused.length > 0 ? [words.refused(refused.length)] : []),
    ...(lost > 0 ? [words.lost(lost)] : []),
  ];
  if (wrong.length === 0) {
    return (
      <span className={state === 'active' ? 'word good' : 'muted'}>
        {state === 'active' ? words.well : words.paused}
      </span>
    );
  }
  return (
    <span className="stack">
      <span className="word bad">{wrong.join(' · ')}</span>
      {lastError !== undefined && <span className="muted">{lastError}</span>}
    </span>
  );
}
