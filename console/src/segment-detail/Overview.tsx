import { useMemo, useState } from 'react';
import { useMessages, useSpeech } from '../messages/language.tsx';
import { usePreview } from '../segment-builder/use-preview.ts';
import { flowsOf } from '../segments/figures.ts';
import { classOf, type Segment } from '../segments/find-segments.ts';
import { Card } from '../ui/Card.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { Progress } from '../ui/Progress.tsx';
import { FlowCard } from './FlowCard.tsx';
import { RuleCard } from './RuleCard.tsx';
import { TrendCard } from './TrendCard.tsx';
import { useDetailMessages } from './use-detail-messages.ts';
import { useJobs, useSegments, useTrend, useValidated } from './use-segment.ts';

export function Overview({ segment }: { readonly segment: Segment }) {
  const [seed] = useState(() => crypto.randomUUID());
  const preview = usePreview({ text: segment.expression.value, seed, clauses: true });
  return (
    <div className="overview">
      <div className="overview-side">
        <SizeCard segment={segment} preview={preview} />
        <RunsCard segment={segment} />
        <ConnectedCard segment={segment} />
      </div>
      <div className="overview-main">
        <RuleCard segment={segment} clauses={preview.estimate?.clauses} />
        <TrendCard id={segment.id} />
        <FlowCard id={segment.id} />
      </div>
    </div>
  );
}

interface SizeProps {
  readonly segment: Segment;
  readonly preview: ReturnType<typeof usePreview>;
}

/** What a preview counts now; where none may be asked for, what was last counted. */
function SizeCard({ segment, preview: { estimate, isCounting, at } }: SizeProps) {
  const { size } = useDetailMessages();
  const { number, percent, ago, dateTime } = useSpeech();
  const counted = useTrend(segment.id).data?.points.at(-1);
  if (estimate === undefined) {
    return (
      <Card title={size.title}>
        <p className={isCounting ? 'figure settling' : 'figure'}>
          {counted === undefined ? '–' : number(counted.members)}
        </p>
        <p className="muted">
          {counted !== undefined
            ? size.counted(dateTime(Date.parse(counted.countedAt)))
            : isCounting
              ? size.counting
              : size.unknown}
        </p>
        <CameAndLeft id={segment.id} />
      </Card>
    );
  }
  const { estimatedSize, exact, low, high, totalRows } = estimate;
  return (
    <Card title={size.title}>
      <p className={isCounting ? 'figure settling' : 'figure'}>
        {exact ? '' : '~ '}
        {number(estimatedSize)}
      </p>
      <p className="muted">{exact ? size.exact(ago(at, Date.now())) : size.estimate(number(low), number(high))}</p>
      {totalRows > 0 && <p className="muted">{size.share(percent(estimatedSize / totalRows, 1))}</p>}
      <CameAndLeft id={segment.id} />
      {isCounting && <Progress label={size.counting} share={undefined} />}
    </Card>
  );
}

/** By the newest job that counted it, against the one before. */
function CameAndLeft({ id }: { readonly id: string }) {
  const { size } = useDetailMessages();
  const { number } = useSpeech();
  const jobs = useJobs().data?.children;
  const flow = useMemo(() => flowsOf(jobs ?? []).get(id), [jobs, id]);
  if (flow === undefined) return null;
  return (
    <p className="line came-and-left">
      <span className="word good">{size.came(number(flow.came))}</span>
      <span className="word bad">{size.left(number(flow.went))}</span>
      <span className="muted">{size.sinceCount}</span>
    </p>
  );
}

/** What each event of somebody whom it concerns adds to what is written of them. */
function Cost({ segment }: { readonly segment: Segment }) {
  const { runs } = useDetailMessages();
  const { decimal } = useSpeech();
  const estimate = useValidated(segment).data?.estimate;
  if (estimate === undefined) return null;
  const { writeUnits, stateBytes } = estimate;
  return <p className="muted">{runs.cost(decimal(writeUnits.typical, 2), decimal(stateBytes.typical, 0))}</p>;
}

function RunsCard({ segment }: { readonly segment: Segment }) {
  const { runs } = useDetailMessages();
  const { list } = useMessages();
  const { continuous } = segment.evaluationInfo;
  const isOff = segment.lifecycleState !== 'published';
  return (
    <Card title={runs.title}>
      <p>{continuous.enabled ? runs[classOf(segment)] : runs.scheduled}</p>
      {isOff && <p className="muted">{runs.off}</p>}
      {!isOff && continuous.state !== 'off' && <p className="muted">{runs[continuous.state]}</p>}
      <Cost segment={segment} />
      {continuous.progress !== undefined && (
        <>
          <Progress
            label={runs.activating}
            share={1 - continuous.progress.behind / Math.max(1, continuous.progress.profiles)}
          />
          <p className="muted">{runs.behind(continuous.progress.behind, continuous.progress.profiles)}</p>
        </>
      )}
      {continuous.reasons.length > 0 && (
        <details>
          <summary>{runs.why}</summary>
          <ul className="reasons" aria-label={list.columns.runs}>
            {continuous.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

const reads = (reader: Segment, read: Segment): boolean =>
  reader.id !== read.id &&
  (reader.expression.value.includes(`"${read.id}"`) || reader.expression.value.includes(`inSegment("${read.name}")`));

function ConnectedCard({ segment }: { readonly segment: Segment }) {
  const { uses } = useDetailMessages();
  const all = useSegments().data ?? [];
  const [read, readers] = [all.filter((one) => reads(segment, one)), all.filter((one) => reads(one, segment))];
  const parts = [
    { name: uses.uses, segments: read },
    { name: uses.usedBy, segments: readers },
  ].filter(({ segments }) => segments.length > 0);
  return (
    <Card title={uses.title}>
      {parts.length === 0 && <p className="muted">{uses.none}</p>}
      {parts.map(({ name, segments }) => (
        <div key={name} className="stack">
          <span className="muted">{name}</span>
          <ul className="line">
            {segments.map((one) => (
              <li key={one.id}>
                <PageLink to="/segments/$id" params={{ id: one.id }} look="text" label={one.name} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Card>
  );
}
