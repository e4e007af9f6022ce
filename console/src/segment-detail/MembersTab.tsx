import type { SegmentMembers } from '#shared/api/segment-members.ts';
import { useSpeech } from '../messages/language.tsx';
import type { Segment } from '../segments/find-segments.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { useDetailMessages } from './use-detail-messages.ts';
import { useMembers } from './use-segment.ts';

type Member = SegmentMembers['members'][number];

/** Who is in, since when, and until when if nothing happens. */
export function MembersTab({ segment }: { readonly segment: Segment }) {
  const { members: words } = useDetailMessages();
  const { dateTime } = useSpeech();
  const { data, isPending, isError, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useMembers(
    segment.id,
  );
  if (isPending) return <Waiting />;
  if (isError) return <FailureNotice error={error} onRetry={() => void refetch()} />;
  const members = data.pages.flatMap((page) => page.members);
  const [first] = data.pages;
  const incomplete = data.pages.find(({ isComplete }) => !isComplete)?.missing;
  return (
    <Card title={words.title}>
      {first !== undefined && <p className="muted">{words.asOf(dateTime(Date.parse(first.evaluatedAt)))}</p>}
      {incomplete !== undefined && <p className="notice">{words.incomplete(incomplete)}</p>}
      {members.length === 0 && <p>{hasNextPage ? words.none : words.nobody}</p>}
      {members.length > 0 && <MembersTable segment={segment} members={members} />}
      {hasNextPage && (
        <Button label={words.more} isDisabled={isFetchingNextPage} onPress={() => void fetchNextPage()} />
      )}
    </Card>
  );
}

function MembersTable({ segment, members }: { readonly segment: Segment; readonly members: readonly Member[] }) {
  const { members: words } = useDetailMessages();
  const { dateTime } = useSpeech();
  const { columns } = words;
  return (
    <PlainTable
      label={words.title}
      columns={(['person', 'status', 'since', 'until', 'why'] as const).map((id) => ({ id, name: columns[id] }))}
      rows={members.map(({ profileId, status, lastQualificationTime, leavesAt, identities }) => {
        const identity = identities.find(({ primary }) => primary) ?? identities[0];
        const { namespace: ns = '', id = profileId } = identity ?? {};
        return {
          key: profileId,
          cells: [
            identity === undefined ? (
              <code key="id">{profileId}</code>
            ) : (
              <PageLink key="id" to="/profiles/$ns/$value" params={{ ns, value: id }} look="text" label={id} />
            ),
            words.status[status],
            dateTime(Date.parse(lastQualificationTime)),
            leavesAt === null ? words.never : words.leaves(dateTime(Date.parse(leavesAt))),
            identity === undefined ? (
              ''
            ) : (
              <PageLink
                key="why"
                to="/segments/$id/explain"
                params={{ id: segment.id }}
                search={{ ns, id }}
                look="text"
                label={words.why}
                aria-label={words.whyOf(id)}
              />
            ),
          ],
        };
      })}
    />
  );
}
