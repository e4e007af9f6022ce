import type { ProfileView } from '#shared/api/entities.ts';
import { useSpeech } from '../messages/language.tsx';
import { useSegments } from '../segment-detail/use-segment.ts';
import type { Segment } from '../segments/find-segments.ts';
import { Card } from '../ui/Card.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { PlainTable } from '../ui/PlainTable.tsx';
import type { Person } from './recent-people.ts';
import { useMembershipsAt } from './use-profile.ts';
import { useProfileMessages } from './use-profile-messages.ts';

/** Each is a request of its own. */
const WORKED_OUT_MAX = 50;
const NONE: readonly Segment[] = [];

interface Props {
  readonly view: ProfileView;
  readonly person: Person;
  readonly at: string | undefined;
}

export const SegmentsTab = ({ at, ...props }: Props) =>
  at === undefined ? <MembershipsNow {...props} /> : <MembershipsAt person={props.person} at={at} />;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly since: string;
}

function MembershipsNow({ view, person }: Omit<Props, 'at'>) {
  const { segments: words } = useProfileMessages();
  const { dateTime } = useSpeech();
  const rows = Object.entries(view.segmentMembership.ups).map(([id, { name, status, lastQualificationTime }]) => ({
    id,
    name,
    status: status === 'realized' ? words.in : words.out,
    since: dateTime(Date.parse(lastQualificationTime)),
  }));
  return (
    <Card title={words.title}>
      {rows.length === 0 ? <p className="muted">{words.none}</p> : <Memberships rows={rows} person={person} />}
    </Card>
  );
}

function MembershipsAt({ person, at }: { readonly person: Person; readonly at: string }) {
  const { segments: words } = useProfileMessages();
  const live = (useSegments().data ?? NONE).filter(({ lifecycleState }) => lifecycleState === 'published');
  const asked = live.slice(0, WORKED_OUT_MAX);
  const answers = useMembershipsAt(person, at, asked);
  const done = answers.filter(({ isPending }) => !isPending).length;
  const rows = asked.map(({ id, name }, index) => {
    const answer = answers[index];
    const status =
      answer?.data === undefined
        ? answer?.isError
          ? words.failed
          : '…'
        : answer.data.qualifies
          ? words.in
          : words.out;
    return { id, name, status, since: '' };
  });
  return (
    <Card title={words.title}>
      {done < asked.length && <p role="status">{words.working(done, asked.length)}</p>}
      {live.length > asked.length && <p className="notice">{words.cut(asked.length)}</p>}
      <Memberships rows={rows} person={person} at={at} />
    </Card>
  );
}

interface TableProps {
  readonly rows: readonly Row[];
  readonly person: Person;
  readonly at?: string;
}

function Memberships({ rows, person: { ns, id: entityId }, at }: TableProps) {
  const { segments: words } = useProfileMessages();
  const shown = ['name', 'status', ...(at === undefined ? (['since'] as const) : []), 'why'] as const;
  return (
    <PlainTable
      label={words.title}
      columns={shown.map((id) => ({ id, name: words.columns[id] }))}
      rows={rows.map(({ id, name, status, since }) => {
        const cells = {
          name: <PageLink key="name" to="/segments/$id" params={{ id }} look="text" label={name} />,
          status: <span className={status === words.in ? 'word good' : 'muted'}>{status}</span>,
          since,
          why: (
            <PageLink
              key="why"
              to="/segments/$id/explain"
              params={{ id }}
              search={{ ns, id: entityId, ...(at === undefined ? {} : { at }) }}
              look="text"
              label={words.why}
              aria-label={words.whyOf(name)}
            />
          ),
        };
        return { key: id, cells: shown.map((column) => cells[column]) };
      })}
    />
  );
}
