/**
 * Visits: one person's events, twenty seconds apart. Many people visit at the same time, so that a batch of the stream
 * holds one record of each; a round is such a batch, and a block is all rounds of the same visits.
 */
import type { Workload, WorkloadEvent } from '../workload/model.ts';

export interface Round {
  /** Epoch milliseconds: when its records arrive. */
  readonly at: number;
  /** One record a visitor. */
  readonly records: readonly Uint8Array[];
  readonly events: number;
}

export interface Block {
  readonly start: number;
  /** Profiles by number. */
  readonly visitors: readonly number[];
  readonly rounds: readonly Round[];
}

export interface Traffic {
  readonly profiles: number;
  readonly sessions: number;
  readonly eventsPerSession: number;
  readonly eventsPerRecord: number;
  readonly visitorsAtOnce: number;
  readonly seed: number;
}

const EVENT_EVERY_MS = 20_000;
const encoder = new TextEncoder();

interface Visit {
  readonly pi: number;
  readonly events: readonly WorkloadEvent[];
}

export function blocksOf(workload: Workload, traffic: Traffic): readonly Block[] {
  const visits = visitsOf(workload, traffic);
  const blocks: Block[] = [];
  for (let from = 0; from < visits.length; from += traffic.visitorsAtOnce) {
    const atOnce = visits.slice(from, from + traffic.visitorsAtOnce);
    // Nobody visits twice at the same time.
    const byVisitor = new Map(atOnce.map((visit) => [visit.pi, visit]));
    blocks.push(blockOf([...byVisitor.values()], traffic, blocks.at(-1)));
  }
  return blocks;
}

/** A visit is of the person whose event its first is; people visit as often as the workload has them act. */
function visitsOf(workload: Workload, { profiles, sessions, eventsPerSession, seed }: Traffic): readonly Visit[] {
  const events = [...workload.makeEvents(profiles, sessions * eventsPerSession, { seed })];
  return Array.from({ length: sessions }, (_, index) => {
    const own = events.slice(index * eventsPerSession, (index + 1) * eventsPerSession);
    return { pi: (own[0] as WorkloadEvent).pi, events: own };
  });
}

function blockOf(visits: readonly Visit[], traffic: Traffic, previous: Block | undefined): Block {
  const first = (visits[0] as Visit).events[0] as WorkloadEvent;
  const lengthMs = traffic.eventsPerSession * EVENT_EVERY_MS;
  const start = Math.max(first.ts, (previous?.start ?? 0) + 2 * lengthMs);
  const rounds: Round[] = [];
  for (let from = 0; from < traffic.eventsPerSession; from += traffic.eventsPerRecord) {
    const indexes = visits.map(({ events }) => events.slice(from, from + traffic.eventsPerRecord));
    const records = visits.map(({ pi }, visitor) =>
      recordOf(
        (indexes[visitor] as readonly WorkloadEvent[]).map((event, index) => ({
          event,
          pi,
          // People do not act in step: each has milliseconds of its own.
          at: start + (from + index) * EVENT_EVERY_MS + ((pi * 7919) % EVENT_EVERY_MS),
        })),
      ),
    );
    const at = start + (from + traffic.eventsPerRecord) * EVENT_EVERY_MS;
    rounds.push({ at, records, events: indexes.reduce((sum, { length }) => sum + length, 0) });
  }
  return { start, visitors: visits.map(({ pi }) => pi), rounds };
}

interface Act {
  readonly event: WorkloadEvent;
  readonly pi: number;
  readonly at: number;
}

export const identityOf = (pi: number) => `cust-${pi.toString(36).padStart(8, '0')}`;

function recordOf(acts: readonly Act[]): Uint8Array {
  const events = acts.map(({ event: { id, pi: _pi, profileId: _id, ts: _ts, type, ...fields }, pi, at }) => ({
    _id: id,
    timestamp: at,
    eventType: type,
    identityMap: { CRMID: [{ id: identityOf(pi), primary: true }] },
    ...fields,
  }));
  return encoder.encode(JSON.stringify(events.length === 1 ? events[0] : events));
}

export function profileRecord(pi: number, attributes: object, at: number): Uint8Array {
  const identityMap = { CRMID: [{ id: identityOf(pi), primary: true }] };
  return encoder.encode(
    JSON.stringify({ recordType: 'profile', datasetId: 'crm', timestamp: at, identityMap, attributes }),
  );
}
