/**
 * The rows of a leaf as bytes, and what happens to them as events come and time goes.
 *
 * Layout: count · (signed difference of the timestamp to the one before [· JSON of the kept fields, as a block])*.
 * A leaf without kept fields is timestamps alone: about three bytes a row.
 */

import { compareEvents } from '#shared/pql/events.ts';
import type { Keep } from '#shared/pql/incremental/plan.ts';
import { ByteReader, ByteWriter } from '#shared/profile/bytes.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';

/** A leaf larger than this is not kept: its rows are read from history whenever they are wanted. */
export const LEAF_BYTES_MAX = 16 * 1024;

/** What stands in the state for a leaf that is not kept. No encoded leaf is empty. */
export const NOT_KEPT = new Uint8Array();

export interface LeafShape {
  readonly fields: readonly (readonly string[])[];
  readonly keep: Keep;
}

export function rowOf(event: StoredEvent, fields: LeafShape['fields']): StoredEvent {
  const row: Record<string, unknown> = { timestamp: event.timestamp };
  for (const path of fields) copyField(event, row, path);
  return row as unknown as StoredEvent;
}

function copyField(
  from: Readonly<Record<string, unknown>>,
  to: Record<string, unknown>,
  path: readonly string[],
): void {
  const [key, ...rest] = path as [string, ...string[]];
  if (!Object.hasOwn(from, key)) return;
  const value = from[key];
  if (rest.length === 0 || value === null || typeof value !== 'object') to[key] = value;
  else if (Array.isArray(value)) to[key] = value;
  else {
    const child = Object.hasOwn(to, key) ? to[key] : undefined;
    const branch = child !== null && typeof child === 'object' ? { ...child } : {};
    copyField(value as Record<string, unknown>, branch, rest);
    to[key] = branch;
  }
}

/** Rows with others added, in the order of events; without those that can never matter again. */
export function mergeRows(
  rows: readonly StoredEvent[],
  added: readonly StoredEvent[],
  keep: Keep,
  now: number,
): readonly StoredEvent[] {
  return prune([...rows, ...added].sort(compareEvents), keep, now);
}

export function prune(rows: readonly StoredEvent[], { horizonMs, newest }: Keep, now: number): readonly StoredEvent[] {
  const oldest = horizonMs === undefined ? Number.NEGATIVE_INFINITY : now - horizonMs;
  const recent = rows.filter(({ timestamp }) => timestamp >= oldest);
  if (newest === undefined) return recent;
  const future = recent.filter(({ timestamp }) => timestamp > now).length;
  return recent.slice(Math.max(0, recent.length - future - newest));
}

export function encodeRows(rows: readonly StoredEvent[], fields: LeafShape['fields']): Uint8Array {
  const writer = new ByteWriter().varint(rows.length);
  let previous = 0;
  for (const { timestamp, ...rest } of rows) {
    writer.signed(timestamp - previous);
    if (fields.length > 0) writer.text(JSON.stringify(rest));
    previous = timestamp;
  }
  return writer.finish();
}

export function decodeRows(bytes: Uint8Array, fields: LeafShape['fields']): readonly StoredEvent[] {
  const reader = new ByteReader(bytes);
  const rows: StoredEvent[] = [];
  let timestamp = 0;
  for (let left = reader.varint(); left > 0; left--) {
    timestamp += reader.signed();
    const kept = fields.length > 0 ? JSON.parse(reader.text()) : {};
    rows.push({ ...kept, timestamp });
  }
  return rows;
}

/** Whether a leaf that keeps `existing` serves a use that needs `wanted`. */
export function covers(existing: Keep, wanted: Keep): boolean {
  const atLeast = (has: number | undefined, wants: number | undefined) =>
    has === undefined || (wants !== undefined && has >= wants);
  return atLeast(existing.horizonMs, wanted.horizonMs) && atLeast(existing.newest, wanted.newest);
}
