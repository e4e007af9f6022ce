/** What Lambda wrote of a batch that was given up, without what is of a person in it. */
import type { ErasedPerson } from './erasure-job.ts';
import { namesPerson, withoutPerson } from './event-traces.ts';

interface Row {
  readonly kinesis?: { readonly data?: string; readonly approximateArrivalTimestamp?: number };
  readonly dynamodb?: { readonly Keys?: { readonly pk?: { readonly S?: string } } };
}

/** The same text where nothing is of the person, undefined where nothing else is in it. */
export function withoutPersonIn(text: string, person: ErasedPerson): string | undefined {
  const record = parse(text);
  const payload = typeof record?.payload === 'string' ? parse(record.payload) : record?.payload;
  const rows = (payload as { readonly Records?: unknown } | undefined)?.Records;
  if (!Array.isArray(rows)) return namesPerson(text, person) ? undefined : text;
  const kept = (rows as readonly Row[]).flatMap((row) => keptOf(row, person));
  if (kept.length === 0) return rows.length === 0 ? text : undefined;
  if (kept.length === rows.length && kept.every((row, index) => row === rows[index])) return text;
  const rest = { ...(payload as object), Records: kept };
  return JSON.stringify({ ...record, payload: typeof record?.payload === 'string' ? JSON.stringify(rest) : rest });
}

function keptOf(row: Row, person: ErasedPerson): readonly Row[] {
  if (row.kinesis?.data !== undefined) return keptOfRecord(row, row.kinesis.data, person);
  const pk = row.dynamodb?.Keys?.pk?.S;
  const isTheirs = person.profileIds.some((profileId) => pk === `${person.sandboxName}#${profileId}`);
  // Its key is enough to have the profile publish again what it is now: that it is gone.
  return isTheirs ? keyOnly(row) : [row];
}

function keyOnly(row: Row): readonly Row[] {
  const { Keys } = row.dynamodb ?? {};
  return Object.keys(row.dynamodb ?? {}).length === 1 ? [row] : [{ dynamodb: { ...(Keys && { Keys }) } }];
}

function keptOfRecord(row: Row, data: string, person: ErasedPerson): readonly Row[] {
  const bytes = base64ToBytes(data);
  const arrival = Math.round((row.kinesis?.approximateArrivalTimestamp ?? 0) * 1000);
  const kept = withoutPerson(bytes, arrival, person);
  if (kept === bytes) return [row];
  return kept === undefined ? [] : [{ ...row, kinesis: { ...row.kinesis, data: bytesToBase64(kept) } }];
}

const base64ToBytes = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

function bytesToBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function parse(text: string): { readonly payload?: unknown } | undefined {
  try {
    return JSON.parse(text) as { readonly payload?: unknown };
  } catch {
    return undefined;
  }
}
