/** A call of the Segment specification, read from what a client sent, or the reason why it can't be taken. */
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { EVENT_DEPTH_MAX, EVENT_ID_LENGTH_MAX, isDeeperThan, readTimestamp } from '#shared/profile/experience-event.ts';
import { IDENTITY_LENGTH_MAX } from '#shared/profile/identity.ts';
import { isObject, type JsonObject } from './read-body.ts';

export const CALL_TYPES = ['identify', 'track', 'page', 'screen', 'group', 'alias'] as const;
export type CallType = (typeof CALL_TYPES)[number];

export interface Call {
  readonly type: CallType;
  readonly messageId: string;
  /** Epoch milliseconds, by our clock. */
  readonly time: number;
  readonly userId: string | undefined;
  readonly anonymousId: string | undefined;
  /** `event`, `properties`, `traits`, `name`, … as they were sent. */
  readonly fields: JsonObject;
  readonly context: JsonObject;
}

export interface Envelope {
  /** The endpoint's; in a batch each call names its own. */
  readonly type: CallType | undefined;
  readonly sentAt: unknown;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly context: JsonObject;
  /** For a call without a `messageId`. */
  readonly newId: (call: JsonObject) => string;
}

export const CALL_BYTES_MAX = 32 * 1024;

export function readCall(input: unknown, envelope: Envelope): Result<Call, string> {
  if (!isObject(input)) return fail('a call is no JSON object');
  if (isDeeperThan(input, EVENT_DEPTH_MAX)) return fail(`the call is nested deeper than ${EVENT_DEPTH_MAX} levels`);
  const bytes = Buffer.byteLength(JSON.stringify(input));
  if (bytes > CALL_BYTES_MAX) return fail(`the call has ${bytes} bytes; at most ${CALL_BYTES_MAX} are taken`);
  const type = envelope.type ?? CALL_TYPES.find((known) => known === input.type);
  if (type === undefined) return fail(`type is none of ${CALL_TYPES.join(', ')}`);
  const [userId, anonymousId] = [textOf(input.userId), textOf(input.anonymousId)];
  const problem = problemOf(type, input, { userId, anonymousId });
  if (problem !== undefined) return fail(problem);
  const time = timeOf(input, envelope);
  if (time === undefined) return fail('timestamp is no ISO 8601 date');
  const messageId = textOf(input.messageId) ?? envelope.newId(input);
  if (messageId.length > EVENT_ID_LENGTH_MAX) {
    return fail(`messageId has ${messageId.length} characters; at most ${EVENT_ID_LENGTH_MAX} are kept`);
  }
  const context = { ...envelope.context, ...(isObject(input.context) ? input.context : {}) };
  return ok({ type, messageId, time, userId, anonymousId, fields: input, context });
}

/** Ids are texts; numbers, which clients send all the same, become what they print as. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

interface Ids {
  readonly userId: string | undefined;
  readonly anonymousId: string | undefined;
}

function problemOf(type: CallType, fields: JsonObject, { userId, anonymousId }: Ids): string | undefined {
  if (userId === undefined && anonymousId === undefined) return 'neither userId nor anonymousId is given';
  const tooLong = [userId, anonymousId, textOf(fields.previousId)].some(
    (id) => id !== undefined && id.length > IDENTITY_LENGTH_MAX,
  );
  if (tooLong) return `an id has more than ${IDENTITY_LENGTH_MAX} characters`;
  if (type === 'track' && textOf(fields.event) === undefined) return 'a track call has no event, which names it';
  if (type === 'group' && textOf(fields.groupId) === undefined) return 'a group call has no groupId';
  if (type !== 'alias') return problemOfBags(fields);
  if (userId === undefined) return 'an alias call has no userId';
  return textOf(fields.previousId) === undefined ? 'an alias call has no previousId' : undefined;
}

function problemOfBags(fields: JsonObject): string | undefined {
  const wrong = ['properties', 'traits', 'context'].find(
    (name) => (fields[name] ?? undefined) && !isObject(fields[name]),
  );
  return wrong === undefined ? undefined : `${wrong} is no JSON object`;
}

/**
 * By our clock: what the sender's clock was off when it sent (`sentAt` against our arrival) is taken off the time that it
 * gave. Without a `timestamp` the arrival; without a `sentAt` the timestamp as it is.
 */
function timeOf({ timestamp, sentAt: own }: JsonObject, { sentAt, receivedAt }: Envelope): number | undefined {
  if (timestamp === undefined || timestamp === null) return receivedAt;
  const given = instantOf(timestamp);
  const sent = instantOf(own ?? sentAt);
  if (given === undefined || sent === undefined) return given;
  return readTimestamp(receivedAt - (sent - given));
}

/** Also dates alone, and those that are almost ISO 8601, such as 2015-2-02T00:30:12Z, which the specification itself shows. */
function instantOf(value: unknown): number | undefined {
  const exact = readTimestamp(value);
  if (exact !== undefined || typeof value !== 'string') return exact;
  const padded = value.trim().replace(/-(\d)(?=-|T|$)/g, '-0$1');
  if (/^\d{4}-\d{2}-\d{2}$/.test(padded)) return readTimestamp(`${padded}T00:00:00Z`);
  return readTimestamp(padded);
}
