import { useId } from 'react';
import type { ProfileView } from '#shared/api/entities.ts';
import { titleOfEventType } from '#shared/schema/field-groups/event-types.ts';
import { useSpeech } from '../messages/language.tsx';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Icon } from '../ui/Icon.tsx';
import { fromFieldValue, toFieldValue } from '../ui/instants.ts';
import { PageLink } from '../ui/PageLink.tsx';
import { TextBox } from '../ui/TextBox.tsx';
import {
  type ChangeEntry,
  type Entry,
  type EventEntry,
  leavesOf,
  shortText,
  timelineOf,
  typeOf,
} from './profile-reading.ts';
import type { ProfileSearch } from './profile-search.ts';
import type { Person } from './recent-people.ts';
import { useProfileMessages } from './use-profile-messages.ts';

interface Props {
  readonly view: ProfileView;
  readonly person: Person;
  readonly search: ProfileSearch;
  readonly onChange: (next: ProfileSearch) => void;
  readonly onMore: (() => void) | undefined;
}

/** What they did and which segments it moved them in and out of, the newest first, day by day. */
export function Timeline({ view, person, search, onChange, onMore }: Props) {
  const { timeline: words } = useProfileMessages();
  const { date } = useSpeech();
  const end = Math.min(timeOf(search.to, Number.POSITIVE_INFINITY), timeOf(search.at, Number.POSITIVE_INFINITY));
  const window = { type: search.type, from: timeOf(search.from, Number.NEGATIVE_INFINITY), to: end };
  const entries = timelineOf(view, window);
  const days = Map.groupBy(entries, ({ time }) => date(time));
  return (
    <Card title={words.title}>
      <TimelineFilters view={view} search={search} onChange={onChange} />
      {entries.length === 0 && <p className="muted">{words.none}</p>}
      {[...days].map(([day, ofDay]) => (
        <section key={day} className="day" aria-label={day}>
          <h3>{day}</h3>
          <ul>
            {ofDay.map((entry) => (
              <li key={keyOf(entry)}>
                {entry.kind === 'event' ? <EventLine entry={entry} /> : <ChangeLine entry={entry} person={person} />}
              </li>
            ))}
          </ul>
        </section>
      ))}
      <div className="line">
        <span className="muted small-text">{words.shown(view.events.length, view.page.totalCount)}</span>
        {onMore !== undefined && <Button label={words.more} onPress={onMore} />}
      </div>
    </Card>
  );
}

const timeOf = (instant: string | undefined, otherwise: number): number =>
  instant === undefined ? otherwise : Date.parse(instant);

const keyOf = (entry: Entry): string =>
  entry.kind === 'event' ? `event ${entry.event._id}` : `change ${entry.segmentId}`;

function TimelineFilters({ view, search, onChange }: Pick<Props, 'view' | 'search' | 'onChange'>) {
  const { timeline: words } = useProfileMessages();
  const id = useId();
  const types = [...new Set(view.events.map(typeOf))].sort();
  return (
    <div className="line end">
      <div className="field">
        <label htmlFor={id}>{words.type}</label>
        <select
          id={id}
          className="input"
          value={search.type ?? ''}
          onChange={({ target }) => onChange({ type: target.value === '' ? undefined : target.value })}
        >
          <option value="">{words.anyType}</option>
          {types.map((type) => (
            <option key={type} value={type}>
              {titleOfEventType(type)}
            </option>
          ))}
        </select>
      </div>
      {(['from', 'to'] as const).map((which) => (
        <TextBox
          key={which}
          label={words[which]}
          type="datetime-local"
          value={toFieldValue(search[which])}
          onChange={(value) => onChange({ [which]: fromFieldValue(value) })}
        />
      ))}
    </div>
  );
}

const SHOWN_MAX = 4;
/** What says most of an event comes first: what it was about, then what it cost, then where. */
const TELLING: readonly string[] = ['productListItems', 'commerce', 'web'];
const tellsBefore = (path: string): number => {
  const place = TELLING.indexOf(path.split('.')[0] ?? '');
  return place === -1 ? TELLING.length : place;
};

const HIDDEN = new Set(['_id', 'timestamp', 'eventType']);

function EventLine({ entry: { time, type, event } }: { readonly entry: EventEntry }) {
  const { timeline: words } = useProfileMessages();
  const { clock } = useSpeech();
  const { identityMap: _, ...said } = event;
  const leaves = leavesOf(said)
    .filter(({ path }) => !HIDDEN.has(path))
    .toSorted((left, right) => tellsBefore(left.path) - tellsBefore(right.path));
  const title = titleOfEventType(type);
  return (
    <div className="moment">
      <time dateTime={event.timestamp}>{clock(time)}</time>
      <span className="moment-icon event">
        <Icon name="event" />
      </span>
      <div className="moment-what">
        <strong>{title}</strong>{' '}
        <span className="muted">
          {[...new Set(leaves.map(({ value }) => shortText(value)))].slice(0, SHOWN_MAX).join(' · ')}
        </span>
        <details>
          <summary aria-label={words.rawOf(title)}>{words.raw}</summary>
          <pre className="code-block">{JSON.stringify(event, null, 2)}</pre>
        </details>
      </div>
    </div>
  );
}

function ChangeLine({ entry, person }: { readonly entry: ChangeEntry; readonly person: Person }) {
  const { timeline: words } = useProfileMessages();
  const { clock } = useSpeech();
  const { time, segment, segmentId, status } = entry;
  const isIn = status === 'realized';
  return (
    <div className="moment change">
      <time dateTime={new Date(time).toISOString()}>{clock(time)}</time>
      <span className={isIn ? 'moment-icon in' : 'moment-icon out'}>
        <Icon name={isIn ? 'plus' : 'close'} />
      </span>
      <div className="moment-what">
        <PageLink
          to="/segments/$id/explain"
          params={{ id: segmentId }}
          search={{ ns: person.ns, id: person.id, at: new Date(time).toISOString() }}
          look="text"
          label={(isIn ? words.entered : words.left)(segment)}
        />{' '}
        <span className="muted">{words.lastChange}</span>
      </div>
    </div>
  );
}
