/** Why one person is in a segment or not: one sentence first, the conditions second, what they rest on when asked for. */
import '../segments/segments.css';
import './detail.css';
import '../ui/parts.css';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { MembershipExplanation } from '#shared/api/explanations.ts';
import { ApiError } from '../api-client.ts';
import { usePageTitle } from '../app/use-page-title.ts';
import { useSpeech } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { FailureNotice } from '../ui/FailureNotice.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { tell } from '../ui/toasts.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { AskForm } from './AskForm.tsx';
import { ExplanationTree } from './ExplanationTree.tsx';
import { decidingOf, isFarOff, isStored } from './explanation-reading.ts';
import { useWording } from './RuleCard.tsx';
import { TryChange } from './TryChange.tsx';
import { useDetailMessages } from './use-detail-messages.ts';
import { type Supposed, useExplanation, useSegment } from './use-segment.ts';

export function ExplainPage() {
  const { explain, toSegment, back } = useDetailMessages();
  const { id } = useParams({ from: '/segments/$id/explain' });
  const person = useSearch({ from: '/segments/$id/explain' });
  const navigate = useNavigate({ from: '/segments/$id/explain' });
  const name = useSegment(id).data?.name ?? '';
  const [supposed, suppose] = useState<Supposed>();
  const found = useExplanation(id, person, supposed);
  usePageTitle(explain.title(name));
  const isUnknown = found.error instanceof ApiError && found.error.status === 404;
  return (
    <div className="page">
      <PageLink
        to="/segments/$id"
        params={{ id }}
        look="back"
        icon="left"
        label={name === '' ? back : toSegment(name)}
      />
      <h1>{explain.title(name)}</h1>
      <AskForm
        key={`${person.ns}:${person.id}:${person.at}`}
        start={person}
        onAsk={(search) => {
          suppose(undefined);
          void navigate({ search });
        }}
      />
      {found.isLoading && <Waiting />}
      {isUnknown && <p className="notice">{explain.unknownPerson}</p>}
      {found.isError && !isUnknown && <FailureNotice error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && !found.isError && (
        <Explained
          explained={found.data}
          who={{ ns: person.ns ?? '', id: person.id ?? '' }}
          supposed={supposed}
          onSuppose={suppose}
        />
      )}
    </div>
  );
}

interface Props {
  readonly explained: MembershipExplanation;
  readonly who: { readonly ns: string; readonly id: string };
  readonly supposed: Supposed | undefined;
  readonly onSuppose: (supposed: Supposed | undefined) => void;
}

function Explained({ explained, who, supposed, onSuppose }: Props) {
  const { explain } = useDetailMessages();
  const wording = useWording();
  return (
    <>
      <section className="verdict" aria-live="polite">
        <Verdict explained={explained} who={who.id} supposed={supposed} />
        <div className="line">
          <PageLink
            to="/profiles/$ns/$value"
            params={{ ns: who.ns, value: who.id }}
            label={explain.toProfile}
            size="small"
          />
          <Button
            size="small"
            icon="copy"
            label={explain.copyLink}
            onPress={() =>
              void navigator.clipboard.writeText(location.href).then(() => tell({ text: explain.linkCopied }))
            }
          />
        </div>
      </section>
      <section className="card" aria-label={explain.title(explained.definition.name)}>
        <ExplanationTree root={explained.explanation} wording={wording} />
        {explained.truncated && <p className="small-text muted">{explain.truncated}</p>}
        <Known explained={explained} />
      </section>
      <Card title={explain.tryTitle}>
        <TryChange supposed={supposed} onSuppose={onSuppose} />
      </Card>
    </>
  );
}

interface VerdictProps {
  readonly explained: MembershipExplanation;
  readonly who: string;
  readonly supposed: Supposed | undefined;
}

function Verdict({ explained, who, supposed }: VerdictProps) {
  const { explain } = useDetailMessages();
  const { dateTime } = useSpeech();
  const { qualifies, explanation, definition, nextFlip, membership, at } = explained;
  const deciding = Math.max(1, decidingOf(explanation));
  const said =
    supposed === undefined
      ? (qualifies ? explain.isIn : explain.isOut)(who, definition.name, deciding)
      : (qualifies ? explain.wouldIn : explain.wouldOut)(who, definition.name);
  const since = membership === null ? '' : dateTime(Date.parse(membership.lastQualificationTime));
  return (
    <>
      <p className={qualifies ? 'verdict-line in' : 'verdict-line out'}>{said}</p>
      <p>
        {nextFlip === null || isFarOff(nextFlip.at, Date.now())
          ? explain.never
          : nextFlip.certain
            ? explain.next(dateTime(Date.parse(nextFlip.at)), qualifies ? explain.leave : explain.enter)
            : explain.nextUncertain(dateTime(Date.parse(nextFlip.at)))}
      </p>
      <p className="muted">
        {membership === null
          ? explain.storedNever
          : membership.status === 'realized'
            ? explain.storedRealized(since)
            : explain.storedExited(since)}{' '}
        {supposed === undefined && !isStored(explained) && explain.differs} {explain.byVersion(definition.version)}{' '}
        {explain.asOf(dateTime(Date.parse(at)))}
      </p>
    </>
  );
}

function Known({ explained: { known } }: { readonly explained: MembershipExplanation }) {
  const { explain } = useDetailMessages();
  const { date, list } = useSpeech();
  return (
    <p className="small-text muted">
      {explain.eventsSince(date(Date.parse(known.eventsSince)))}{' '}
      {known.attributesWrittenSince.length > 0 && explain.writtenSince(list(known.attributesWrittenSince))}
    </p>
  );
}
