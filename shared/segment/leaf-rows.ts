/**
 * The rows of a leaf as bytes, and what happens to them as events come and time goes.
 *
 * Layout, for each row in the order of events: signed difference of its number (row-table.ts) to the one before, and
 * behind it in the same integer the flags' bits if they are few [· bits of the flags if they are many]
 * [· each kept field, as a tagged value]. A plain count takes a byte a row, and so does a sequence.
 */

import { readField } from '#shared/pql/compiler/access.ts';
import { compareEvents } from '#shared/pql/events.ts';
import type { Keep, LeafSpec } from '#shared/pql/incremental/plan.ts';
import type { Value } from '#shared/pql/value.ts';
import { ByteReader, ByteWriter } from '#shared/profile/bytes.ts';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import { readValue, writeValue } from '#shared/profile/value-bytes.ts';
import type { RowTable } from './row-table.ts';

/** A leaf larger than this is not kept: its rows are read from history whenever they are wanted. */
export const LEAF_BYTES_MAX = 16 * 1024;

/** What stands in the state for a leaf that is not kept. A kept leaf without rows is not in the state at all. */
export const NOT_KEPT = new Uint8Array();

export type LeafShape = Pick<LeafSpec, 'fields' | 'flags'>;

/** An event cut down to what a leaf keeps of it. Made by `rowOf` it still has its id, which settles order among equals. */
export interface LeafRow extends StoredEvent {
  readonly [NUMBER]: number;
}

const NUMBER = Symbol('number');

const FLAG_NAMES = Array.from({ length: 64 }, (_, index) => `#${index}`);

export const flagName = (index: number) => FLAG_NAMES[index] ?? `#${index}`;

export function rowOf(event: StoredEvent, { fields, flags }: LeafShape, table: RowTable): LeafRow {
  const row: Record<string, unknown> = blankRow(event.timestamp);
  row._id = event._id;
  for (const path of fields) setAt(row, path, valueAt(event, path));
  for (const [index, flag] of flags.entries()) row[flagName(index)] = flag(event);
  return Object.assign(row, { [NUMBER]: table.numberOf(event) }) as unknown as LeafRow;
}

/** Without a prototype: a field may have any name. */
const blankRow = (timestamp: number): Record<string | symbol, unknown> =>
  Object.assign(Object.create(null), { timestamp });

/** As the language reads the path: through lists, and nothing below a text or a number. */
function valueAt(from: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  let value: Value = from;
  for (const key of path) value = readField(value, key);
  return value ?? undefined;
}

function setAt(row: Record<string, unknown>, path: readonly string[], value: unknown): void {
  if (value === undefined) return;
  let node = row;
  for (const key of path.slice(0, -1)) {
    const known = Object.hasOwn(node, key) ? node[key] : undefined;
    // A list was kept whole under a shorter path.
    if (Array.isArray(known)) return;
    const branch = known !== null && typeof known === 'object' ? known : Object.create(null);
    node[key] = branch;
    node = branch as Record<string, unknown>;
  }
  node[path.at(-1) as string] = value;
}

/** Rows with others added, in the order of events; without those that can never matter again. */
export function mergeRows(
  rows: readonly LeafRow[],
  added: readonly LeafRow[],
  keep: Keep,
  now: number,
): readonly LeafRow[] {
  return prune([...rows, ...added].sort(compareEvents), keep, now);
}

export function prune(rows: readonly LeafRow[], { horizonMs, newest }: Keep, now: number): readonly LeafRow[] {
  const oldest = horizonMs === undefined ? Number.NEGATIVE_INFINITY : now - horizonMs;
  const recent = rows.filter(({ timestamp }) => timestamp >= oldest);
  if (newest === undefined) return recent;
  const future = recent.filter(({ timestamp }) => timestamp > now).length;
  return recent.slice(Math.max(0, recent.length - future - newest));
}

export function encodeRows(rows: readonly LeafRow[], { fields, flags }: LeafShape): Uint8Array {
  const writer = new ByteWriter();
  let previous = 0;
  for (const row of rows) {
    writeHead(writer, row[NUMBER] - previous, flagBits(row, flags.length), flags.length);
    for (const path of fields) writeValue(writer, valueAt(row, path));
    previous = row[NUMBER];
  }
  return writer.finish();
}

/** More flags than this in front of a number could make it too large for an integer. */
const FLAGS_BESIDE_NUMBER_MAX = 8;

function writeHead(writer: ByteWriter, difference: number, bits: number, flags: number): void {
  const shift = flags > FLAGS_BESIDE_NUMBER_MAX ? 1 : 2 ** flags;
  const zigzag = difference < 0 ? -difference * 2 - 1 : difference * 2;
  writer.varint(zigzag * shift + (shift === 1 ? 0 : bits));
  if (flags > FLAGS_BESIDE_NUMBER_MAX) writer.varint(bits);
}

function readHead(reader: ByteReader, flags: number): { readonly difference: number; readonly bits: number } {
  const head = reader.varint();
  const shift = flags > FLAGS_BESIDE_NUMBER_MAX ? 1 : 2 ** flags;
  const zigzag = Math.floor(head / shift);
  const difference = zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2;
  return { difference, bits: flags > FLAGS_BESIDE_NUMBER_MAX ? reader.varint() : head % shift };
}

function flagBits(row: LeafRow, count: number): number {
  let bits = 0;
  for (let index = 0; index < count; index++) if (row[flagName(index)] === true) bits += 2 ** index;
  return bits;
}

export function decodeRows(bytes: Uint8Array, { fields, flags }: LeafShape, table: RowTable): readonly LeafRow[] {
  const reader = new ByteReader(bytes);
  const rows: LeafRow[] = [];
  let number = 0;
  while (!reader.done) {
    const { difference, bits } = readHead(reader, flags.length);
    number += difference;
    const row: Record<string | symbol, unknown> = blankRow(table.timeOf(number));
    row[NUMBER] = number;
    readFlags(row, bits, flags.length);
    for (const path of fields) setAt(row, path, readValue(reader));
    rows.push(row as unknown as LeafRow);
  }
  return rows;
}

function readFlags(row: Record<string, unknown>, bits: number, count: number): void {
  for (let index = 0; index < count; index++) row[flagName(index)] = Math.floor(bits / 2 ** index) % 2 === 1;
}

/** The numbers that an encoded leaf names. */
export function numbersIn(bytes: Uint8Array, { fields, flags }: LeafShape): readonly number[] {
  const reader = new ByteReader(bytes);
  const numbers: number[] = [];
  let number = 0;
  while (!reader.done) {
    number += readHead(reader, flags.length).difference;
    numbers.push(number);
    for (let field = 0; field < fields.length; field++) readValue(reader);
  }
  return numbers;
}

/** Whether a leaf that keeps `existing` serves a use that needs `wanted`. */
export function covers(existing: Keep, wanted: Keep): boolean {
  const atLeast = (has: number | undefined, wants: number | undefined) =>
    has === undefined || (wants !== undefined && has >= wants);
  return atLeast(existing.horizonMs, wanted.horizonMs) && atLeast(existing.newest, wanted.newest);
}
