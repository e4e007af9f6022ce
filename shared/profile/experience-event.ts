/** A timestamped, immutable fact about an identity, as producers send it and as Shoal keeps it. */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { isRealDate } from '#shared/pql/time/calendar.ts';
import { type Identity, readIdentityMap } from './identity.ts';

/** The event as it was sent, but for `timestamp`, which is epoch milliseconds here. */
export interface StoredEvent {
  readonly _id: string;
  readonly timestamp: number;
  readonly eventType?: string;
  readonly [field: string]: unknown;
}

export interface ReceivedEvent {
  readonly kind: 'event';
  /** As it came, for whoever must set it aside. */
  readonly source: Readonly<Record<string, unknown>>;
  readonly sandboxName: string;
  readonly identities: readonly Identity[];
  readonly event: StoredEvent;
  /** Its own timestamp, epoch milliseconds; the event's is its arrival's where this lay too far ahead. */
  readonly declared: number;
}

export const EVENT_BYTES_MAX = 64 * 1024;
export const EVENT_ID_LENGTH_MAX = 256;
export const EVENT_DEPTH_MAX = 32;
export const FUTURE_TOLERANCE_MS = 5 * 60_000;
/** What `Date` can hold, so that calendar arithmetic on any event is defined. */
const INSTANT_MAX = 8.64e15;

const ISO_8601 = /^(\d{4})-(\d{2})-(\d{2})[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:?\d{2})$/;

/** Epoch milliseconds of a timestamp on the wire: ISO 8601 with an offset, or a number of milliseconds. */
export function readTimestamp(value: unknown): number | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) && Math.abs(value) <= INSTANT_MAX ? Math.floor(value) : undefined;
  const day = typeof value === 'string' ? ISO_8601.exec(value) : null;
  if (day === null || !isRealDate(Number(day[1]), Number(day[2]), Number(day[3]))) return undefined;
  const instant = Date.parse(day[0].replace(' ', 'T'));
  return Number.isNaN(instant) ? undefined : instant;
}

/** Whether nested deeper than anything that reads it could follow. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some((child) => isDeeperThan(child, levels - 1));
}

/** `arrival` is when the record reached the stream, so that a redelivered record reads the same. */
export function readExperienceEvent(
  input: Readonly<Record<string, unknown>>,
  sandboxName: string,
  arrival: number,
): Result<ReceivedEvent, string> {
  const { _id: id, eventType } = input;
  if (typeof id !== 'string' || id === '' || id.length > EVENT_ID_LENGTH_MAX) {
    return fail(`_id is missing or no text of 1 to ${EVENT_ID_LENGTH_MAX} characters`);
  }
  const declared = readTimestamp(input.timestamp);
  if (declared === undefined) {
    return fail('timestamp is missing, or neither ISO 8601 with an offset nor epoch milliseconds');
  }
  if (eventType !== undefined && typeof eventType !== 'string') return fail('eventType is no text');
  if (isDeeperThan(input, EVENT_DEPTH_MAX)) return fail(`the event is nested deeper than ${EVENT_DEPTH_MAX} levels`);
  const identities = readIdentityMap(input.identityMap);
  if (!identities.ok) return identities;
  const clamped = declared > arrival + FUTURE_TOLERANCE_MS;
  const { sandboxName: _, ...fields } = input;
  const time = clamped ? { timestamp: arrival, declaredTimestamp: declared } : { timestamp: declared };
  return ok({
    kind: 'event',
    source: input,
    sandboxName,
    identities: identities.value,
    event: { ...fields, _id: id, ...time },
    declared,
  });
}
