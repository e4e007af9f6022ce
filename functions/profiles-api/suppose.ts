/** Events and attributes that a caller supposes, laid beside what is stored. Nothing here is written. */
import type { Supposition } from '#shared/api/hypotheses.ts';
import { Problem } from '#shared/api/problem.ts';
import { readExperienceEvent, type StoredEvent } from '#shared/profile/experience-event.ts';
import { sortEvents } from '#shared/profile/history.ts';
import type { MergedAttributes } from '#shared/profile/merge-policy.ts';
import { OWN_NAMES, type ProfileView } from '#shared/profile/profile-view.ts';

interface Entity {
  readonly entityId: string;
  readonly entityIdNS: string;
}

/** As the stream would read them, at this instant: by time, each id once. */
export function supposedEvents({ events }: Supposition, entity: Entity, now: number): readonly StoredEvent[] {
  const identityMap = { [entity.entityIdNS]: [{ id: entity.entityId, primary: true }] };
  const read = events.map((event, index) => {
    const complete = { _id: `supposed-${index}`, timestamp: now, identityMap, ...withoutUndefined(event) };
    const result = readExperienceEvent(complete, '', now);
    if (!result.ok) throw mistake(`/events/${index}`, result.error);
    if ('declaredTimestamp' in result.value.event) throw mistake(`/events/${index}/timestamp`, 'lies in the future');
    return result.value.event;
  });
  return sortEvents(read);
}

/** An event whose id is stored counts as it is stored. */
export function notIn(stored: readonly StoredEvent[], events: readonly StoredEvent[]): readonly StoredEvent[] {
  const ids = new Set(stored.map(({ _id }) => _id));
  return events.filter(({ _id }) => !ids.has(_id));
}

const withoutUndefined = (event: object) =>
  Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));

/** The attributes as they would be. What Shoal itself says of a person can't be supposed. */
export function supposedView(view: ProfileView, attributes: Supposition['attributes']): ProfileView {
  if (attributes === undefined) return view;
  const own = Object.keys(attributes).find((name) => OWN_NAMES.has(name));
  if (own !== undefined) throw mistake(`/attributes/${own}`, 'is made by the service and can’t be supposed');
  const known = new Map<MergedAttributes, MergedAttributes>();
  return {
    by: (merge) => {
      const before = view.by(merge);
      const after = known.get(before) ?? overlay(before, attributes);
      known.set(before, after);
      return after;
    },
  };
}

function overlay(before: MergedAttributes, above: MergedAttributes): MergedAttributes {
  const after: Record<string, unknown> = Object.assign(Object.create(null), before);
  for (const [name, value] of Object.entries(above)) {
    if (value === null) delete after[name];
    else after[name] = isBranch(value) ? overlay(isBranch(after[name]) ? after[name] : {}, value) : value;
  }
  return after;
}

const isBranch = (value: unknown): value is MergedAttributes =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function mistake(pointer: string, message: string): Problem {
  return new Problem('invalid-request', 'The body has one mistake.', { mistakes: [{ pointer, message }] });
}
