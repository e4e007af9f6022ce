/** Whether something that was set aside names a person, and the same without that person. */
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import type { Identity } from '#shared/profile/identity.ts';
import { identityKey, readIdentityMap } from '#shared/profile/identity.ts';
import { readStreamRecord, SANDBOX_DEFAULT, type StreamItem } from '#shared/profile/stream-record.ts';
import type { ErasedPerson } from './erasure-job.ts';

/** Shorter ids are looked for in quotes only: they are part of too many other words. */
const ID_LENGTH_MIN = 6;

/** In a text that nobody can read otherwise. */
export function namesPerson(text: string, { identities }: Pick<ErasedPerson, 'identities'>): boolean {
  return identities.some(({ id }) => {
    const quoted = JSON.stringify(id);
    if (text.includes(quoted) || text.includes(JSON.stringify(quoted).slice(1, -1))) return true;
    return id.length >= ID_LENGTH_MIN && (text.includes(id) || text.includes(quoted.slice(1, -1)));
  });
}

/** A rejected record is of the sandbox that it says, if it can be told, and of any otherwise. */
export function isAboutPerson(text: string, person: ErasedPerson): boolean {
  const value = parse(text);
  const sandboxName = isObject(value) && typeof value.sandboxName === 'string' ? value.sandboxName : undefined;
  const isElsewhere = isObject(value) && (sandboxName ?? SANDBOX_DEFAULT) !== person.sandboxName;
  return !isElsewhere && namesPerson(text, person);
}

/**
 * The record without the person's items, as JSON Lines; undefined where none of it is left, the record itself where nothing
 * of it is theirs. Items that came after the erasure was asked for stay.
 */
export function withoutPerson(data: Uint8Array, arrival: number, person: ErasedPerson): Uint8Array | undefined {
  const items = readStreamRecord(data, arrival);
  const kept = items.filter((item) => !isOf(item, person));
  if (kept.length === items.length) return data;
  if (kept.length === 0) return undefined;
  return new TextEncoder().encode(kept.map(textOf).join('\n'));
}

function isOf(item: StreamItem, person: ErasedPerson): boolean {
  if (item.kind === 'reject') return isAboutPerson(item.text, person);
  if (item.sandboxName !== person.sandboxName) return false;
  if (item.kind === 'wake-up') return person.profileIds.includes(item.profileId);
  return includesAny(item.identities, person.identities);
}

function includesAny(named: readonly Identity[], wanted: readonly Identity[]): boolean {
  const keys = new Set(wanted.map(identityKey));
  return named.some((identity) => keys.has(identityKey(identity)));
}

/** Whether a stored event is one that any of the identities brought. */
export function isEventOf(event: StoredEvent, identities: readonly Identity[]): boolean {
  const read = readIdentityMap(event.identityMap);
  return read.ok && includesAny(read.value.slice(0, 1), identities);
}

function textOf(item: StreamItem): string {
  if (item.kind === 'reject') return item.text;
  if (item.kind !== 'wake-up') return JSON.stringify(item.source);
  const { cause, sandboxName, profileId } = item;
  return JSON.stringify({ recordType: cause, sandboxName, profileId });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
