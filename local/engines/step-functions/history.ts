/** What happened in an execution, event by event, as GetExecutionHistory tells it. */
import type { Json, JsonObject } from './json.ts';

export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Seconds. */
  readonly timestamp: number;
  readonly [details: `${string}EventDetails`]: JsonObject;
}

/** A standard execution that would have more fails. */
export const HISTORY_EVENTS_MAX = 25_000;

export function addEvent(events: HistoryEvent[], { type, previous, details, now }: NewEvent): number {
  const id = events.length + 1;
  const event = { id, previousEventId: previous, type, timestamp: now / 1000 };
  events.push(details === undefined ? event : { ...event, [detailsName(type)]: withoutUndefined(details) });
  return id;
}

export interface NewEvent {
  readonly type: string;
  readonly previous: number;
  readonly details?: Readonly<Record<string, Json | undefined>> | undefined;
  readonly now: number;
}

function detailsName(type: string): `${string}EventDetails` {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

function withoutUndefined(details: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(details).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
