/** Twenty people in the middle of a month of events, and each event after it in order of time. */
import { compilePql } from '#shared/pql/index.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { EMPTY_STATE, type ProfileState } from '#shared/profile/profile-state.ts';
import { mergedView } from '#shared/profile/profile-view.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { evaluate } from '#shared/segment/evaluation.ts';
import type { Contender, Entry } from '../race.ts';
import { publish } from '../rules.ts';
import type { Attributes, Segment, Workload, WorkloadEvent } from '../workload/model.ts';
import { definitionPql } from '../workload/pql.ts';

export const OURS = 'shoal';
export const RESCAN = 're-scan of the stored events';

const DAY_MS = 86_400_000;
const PROFILES = 20;
/** Some 140 events of a profile in thirty days. */
const EVENTS_PER_DAY = 93;
const FILL_DAYS = 38;
const DAYS = 50;
/** No window and no sequence of the workload reaches further back. */
const HISTORY_MS = 38 * DAY_MS;
const RETENTION_MS = 1096 * DAY_MS;

interface Stream {
  readonly profiles: readonly Attributes[];
  readonly fill: readonly Act[];
  readonly acts: readonly Act[];
}

interface Act {
  readonly pi: number;
  readonly event: StoredEvent;
}

export async function prepareWindows({ name, segments: count, seed }: Entry, workload: Workload): Promise<Contender> {
  const segments = workload.makeSegments(count, { seed: seed + 41, mix: { window: 1 } });
  const stream = streamOf(workload, seed);
  return name === OURS ? incremental(segments, stream) : rescan(segments, stream);
}

function streamOf(workload: Workload, seed: number): Stream {
  const all = [...workload.makeEvents(PROFILES, EVENTS_PER_DAY * DAYS, { seed, spanDays: DAYS })].map(actOf);
  const start = (all[0] as Act).event.timestamp;
  const isFill = ({ event }: Act) => event.timestamp < start + FILL_DAYS * DAY_MS;
  return {
    profiles: workload.makeProfiles(PROFILES, seed),
    fill: all.filter(isFill),
    acts: all.filter((act) => !isFill(act)),
  };
}

function actOf({ id, pi, profileId: _profileId, ts, type, ...fields }: WorkloadEvent): Act {
  return { pi, event: { ...fields, _id: id, timestamp: ts, eventType: type } };
}

const actAt = ({ acts }: Stream, index: number) => acts[index % acts.length] as Act;

interface Kept {
  readonly state: ProfileState;
  readonly dueAt: number | undefined;
}

/** Evaluation as the service does it for each event, with time's changes on the way; without packing the state. */
function incremental(segments: readonly Segment[], stream: Stream): Contender {
  const rules = publish(segments);
  let changes = 0;
  const handle = (kept: Kept, { pi, event }: Act): Kept => {
    const { state, dueAt } = kept;
    const attributes = mergedView(stream.profiles[pi] as Attributes);
    const now = event.timestamp;
    const next = evaluate({ state, rules, attributes, events: [event], now, dueAt, retentionMs: RETENTION_MS });
    changes += next.changes.length;
    const { rows, leaves, memberships, evaluatedAt } = next;
    return { state: { ...state, rulesVersion: 1, rows, leaves, memberships, evaluatedAt }, dueAt: next.dueAt };
  };
  const filled: Kept[] = stream.profiles.map(() => ({ state: EMPTY_STATE, dueAt: undefined }));
  for (const act of stream.fill) filled[act.pi] = handle(filled[act.pi] as Kept, act);
  let kept = [...filled];
  const step = (index: number) => {
    if (index % stream.acts.length === 0) kept = [...filled];
    const act = actAt(stream, index);
    kept[act.pi] = handle(kept[act.pi] as Kept, act);
    return undefined;
  };
  const answer = (index: number) => {
    const { memberships } = (kept[actAt(stream, index).pi] as Kept).state;
    return rules.definitions
      .toSorted((left, right) => left.ordinal - right.ordinal)
      .map(({ ordinal }) => (memberships.get(ordinal)?.status === 'realized' ? '1' : '0'))
      .join('');
  };
  return { step, answer, changes: () => changes };
}

function rescan(segments: readonly Segment[], stream: Stream): Contender {
  const evaluates = segments.map((segment) => {
    const compiled = compilePql(definitionPql(segment), defaultSchema, { mode: 'segment' });
    if (!compiled.ok) throw new Error(`${segment.id} does not compile`);
    return compiled.value.evaluate;
  });
  const filled = stream.profiles.map((_, pi) => stream.fill.filter((act) => act.pi === pi).map(({ event }) => event));
  let stored = [...filled];
  const held = stream.profiles.map(() => new Uint8Array(segments.length));
  let changes = 0;
  const step = (index: number) => {
    if (index % stream.acts.length === 0) stored = [...filled];
    const { pi, event } = actAt(stream, index);
    const oldest = event.timestamp - HISTORY_MS;
    const events = [...(stored[pi] as StoredEvent[]).filter(({ timestamp }) => timestamp > oldest), event];
    stored[pi] = events;
    const input = { profile: stream.profiles[pi] as Attributes, events, now: event.timestamp };
    const holds = held[pi] as Uint8Array;
    for (let definition = 0; definition < evaluates.length; definition++) {
      const now = (evaluates[definition] as (typeof evaluates)[number])(input) === true ? 1 : 0;
      if (holds[definition] !== now) changes += 1;
      holds[definition] = now;
    }
    return undefined;
  };
  const answer = (index: number) => (held[actAt(stream, index).pi] as Uint8Array).join('');
  return { step, answer, changes: () => changes };
}
