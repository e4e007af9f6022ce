import { useNavigate, useSearch } from '@tanstack/react-router';
import { useId, useRef, useState } from 'react';
import { useSpeech } from '../messages/language.tsx';
import type { Segment } from '../segments/find-segments.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Icon } from '../ui/Icon.tsx';
import { PageLink } from '../ui/PageLink.tsx';
import { type Flow, nameOf, type Seen } from './flow.ts';
import { useLiveMessages } from './use-live-messages.ts';

interface Props {
  readonly flow: Flow;
  readonly segments: readonly Segment[];
}

/** The newest changes. What came since the reader scrolled or stepped into a row waits until it is asked for. */
export function ChangeLog({ flow, segments }: Props) {
  const words = useLiveMessages();
  const { segment, cause } = useSearch({ from: '/live' });
  const [held, setHeld] = useState<Flow>();
  const list = useRef<HTMLDivElement>(null);
  const matching = ({ seen }: Flow) =>
    seen.filter(
      ({ change }) =>
        (segment === undefined || change.segmentId === segment) && (cause === undefined || change.cause === cause),
    );
  const shown = matching(held ?? flow);
  const waiting = held === undefined ? 0 : flow.read - held.read;
  const hold = () => setHeld((before) => before ?? flow);
  return (
    <Card
      title={words.log}
      actions={
        waiting > 0 && (
          <Button
            size="small"
            label={words.waiting(waiting)}
            onPress={() => {
              setHeld(undefined);
              list.current?.scrollTo({ top: 0 });
            }}
          />
        )
      }
    >
      <LogFilters segments={segments} />
      {shown.length === 0 && <p className="muted">{words.none}</p>}
      <div
        ref={list}
        className="log"
        role="log"
        aria-live="off"
        aria-label={words.log}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrolled by keys too
        tabIndex={0}
        onScroll={({ currentTarget }) => (currentTarget.scrollTop > 0 ? hold() : setHeld(undefined))}
        onFocus={({ target, currentTarget }) => target !== currentTarget && hold()}
      >
        {shown.map((seen) => (
          <ChangeRow key={seen.change.id} seen={seen} />
        ))}
      </div>
    </Card>
  );
}

function ChangeRow({ seen: { change, at, delay } }: { readonly seen: Seen }) {
  const words = useLiveMessages();
  const { clock, decimal } = useSpeech();
  const isIn = change.status === 'realized';
  const identity = change.identities.find(({ id }) => id === nameOf(change));
  const late = change.cause === 'time' && delay !== undefined ? ` · ${words.late1(decimal(delay / 1000, 1))}` : '';
  return (
    <div className="log-row">
      <time dateTime={change.time}>{clock(at)}</time>
      <span className={isIn ? 'word good' : 'word bad'}>
        <Icon name={isIn ? 'plus' : 'close'} />
        {isIn ? words.entered : words.left}
      </span>
      {identity === undefined ? (
        <span>{nameOf(change)}</span>
      ) : (
        <PageLink
          to="/profiles/$ns/$value"
          params={{ ns: identity.namespace, value: identity.id }}
          look="text"
          label={identity.id}
        />
      )}
      <PageLink to="/segments/$id" params={{ id: change.segmentId }} look="text" label={change.segmentName} />
      <span className="muted">
        {words.causes[change.cause]}
        {late}
      </span>
    </div>
  );
}

function LogFilters({ segments }: { readonly segments: readonly Segment[] }) {
  const words = useLiveMessages();
  const search = useSearch({ from: '/live' });
  const navigate = useNavigate({ from: '/live' });
  const choose = (which: 'segment' | 'cause', value: string) =>
    void navigate({ search: (before) => ({ ...before, [which]: value === '' ? undefined : value }), replace: true });
  return (
    <div className="line end">
      <Choice
        label={words.segment}
        any={words.anySegment}
        value={search.segment}
        choices={segments.map(({ id, name }) => [id, name])}
        onChoose={(value) => choose('segment', value)}
      />
      <Choice
        label={words.cause}
        any={words.anyCause}
        value={search.cause}
        choices={Object.entries(words.causes)}
        onChoose={(value) => choose('cause', value)}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly any: string;
  readonly value: string | undefined;
  readonly choices: readonly (readonly [string, string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, any, value = '', choices, onChoose }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={({ target }) => onChoose(target.value)}>
        <option value="">{any}</option>
        {choices.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
