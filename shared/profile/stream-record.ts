/**
 * A record of the event stream, taken apart: bytes to events, profile records, wake-ups and rejects.
 *
 * A reject carries its reason and what was read; nothing here throws, so one bad record costs only itself.
 */
import { EVENT_BYTES_MAX, isDeeperThan, type ReceivedEvent, readExperienceEvent } from './experience-event.ts';
import { type ReceivedProfileRecord, readProfileRecord } from './profile-record.ts';

/** A record that only says: look at this profile again. All else is read from the stores. */
export interface WakeUp {
  readonly kind: 'wake-up';
  /**
   * `resync` says that subscribers may have missed changes: every membership is published again. `erasure` that an order
   * to erase the profile may lie beside it.
   */
  readonly cause: 'timer' | 'rebuild' | 'batch' | 'resync' | 'erasure';
  readonly sandboxName: string;
  readonly profileId: string;
}

export interface Reject {
  readonly kind: 'reject';
  readonly reason: string;
  /** The text of the item, or of the whole record where no item could be told apart. */
  readonly text: string;
}

export type StreamItem = ReceivedEvent | ReceivedProfileRecord | WakeUp | Reject;

export const SANDBOX_DEFAULT = 'prod';
export const SANDBOX_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
export const ITEMS_PER_RECORD_MAX = 1000;
/** JSON is read to any depth, but written only as deep as the stack is. More than any item may have. */
const DEPTH_WRITTEN_MAX = 500;
export const PROFILE_ID = /^[0-9A-Za-z-]{8,64}$/;
const CAUSES: ReadonlySet<unknown> = new Set(['timer', 'rebuild', 'batch', 'resync', 'erasure']);

/** The text of a record that wakes a profile up. */
export const wakeUpRecord = (cause: WakeUp['cause'], { sandboxName, profileId }: Omit<WakeUp, 'kind' | 'cause'>) =>
  JSON.stringify({ recordType: cause, sandboxName, profileId });

const decoder = new TextDecoder('utf-8', { fatal: true });
const reject = (reason: string, text: string): Reject => ({ kind: 'reject', reason, text });

/** `arrival` is epoch milliseconds: when the stream took the record. */
export function readStreamRecord(bytes: Uint8Array, arrival: number): readonly StreamItem[] {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return [reject('the record is not UTF-8', new TextDecoder().decode(bytes))];
  }
  const items = splitRecord(text);
  if (items.length === 0) return [reject('the record is empty', text)];
  if (items.length > ITEMS_PER_RECORD_MAX) {
    return [reject(`the record holds ${items.length} items; at most ${ITEMS_PER_RECORD_MAX} are read`, text)];
  }
  return items.map((item) =>
    item.kind === 'reject' ? item : readItem(item.value, { text, bytes: bytes.length, arrival }),
  );
}

type Part = { readonly kind: 'value'; readonly value: unknown } | Reject;

/** One JSON object, an array of them, or JSON Lines. */
function splitRecord(text: string): readonly Part[] {
  const whole = parseJson(text);
  if (whole.kind === 'value') {
    const values: readonly unknown[] = Array.isArray(whole.value) ? whole.value : [whole.value];
    return values.map((value) => ({ kind: 'value', value }));
  }
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseJson);
}

function parseJson(text: string): Part {
  try {
    return { kind: 'value', value: JSON.parse(text) };
  } catch (error) {
    return reject(`not JSON: ${(error as SyntaxError).message}`, text);
  }
}

interface WholeRecord {
  readonly text: string;
  readonly bytes: number;
  readonly arrival: number;
}

function readItem(item: unknown, { text, bytes, arrival }: WholeRecord): StreamItem {
  if (isDeeperThan(item, DEPTH_WRITTEN_MAX)) return reject('an item is nested too deep to be told apart', text);
  const refuse = (reason: string) => reject(reason, JSON.stringify(item) ?? 'undefined');
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return refuse('an item is no JSON object');
  // Most records are small as a whole; only of a large one is each item measured.
  const size = bytes <= EVENT_BYTES_MAX ? bytes : Buffer.byteLength(JSON.stringify(item));
  if (size > EVENT_BYTES_MAX) return refuse(`an item has ${size} bytes; at most ${EVENT_BYTES_MAX} are stored`);
  const input = item as Readonly<Record<string, unknown>>;
  const sandboxName = input.sandboxName ?? SANDBOX_DEFAULT;
  if (typeof sandboxName !== 'string' || !SANDBOX_NAME.test(sandboxName)) {
    return refuse('sandboxName is no lower-case name of letters, digits and hyphens');
  }
  const read = readAs(input, sandboxName, arrival);
  return read.ok ? read.value : refuse(read.error);
}

function readAs(input: Readonly<Record<string, unknown>>, sandboxName: string, arrival: number) {
  const { recordType } = input;
  if (recordType === undefined || recordType === 'event') return readExperienceEvent(input, sandboxName, arrival);
  if (recordType === 'profile') return readProfileRecord(input, sandboxName, arrival);
  return readWakeUp(input, sandboxName);
}

function readWakeUp({ recordType, profileId }: Readonly<Record<string, unknown>>, sandboxName: string) {
  if (!CAUSES.has(recordType)) {
    return {
      ok: false,
      error: 'recordType is none of event, profile, timer, rebuild, batch, resync, erasure',
    } as const;
  }
  if (typeof profileId !== 'string' || !PROFILE_ID.test(profileId)) {
    return { ok: false, error: 'profileId is no profile key' } as const;
  }
  const cause = recordType as WakeUp['cause'];
  return { ok: true, value: { kind: 'wake-up', cause, sandboxName, profileId } satisfies WakeUp } as const;
}
