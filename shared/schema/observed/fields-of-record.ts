/** The fields that one record carries, by path, with their values. */

import { ANY_KEY, stepInto } from '../field-path.ts';
import type { FieldSchema } from '../field-schema.ts';
import {
  ELEMENTS_PER_LIST_MAX,
  FIELD_DEPTH_MAX,
  FIELD_NAME_LENGTH_MAX,
  FIELD_PATH_BYTES_MAX,
  FIELDS_PER_RECORD_MAX,
} from '../limits.ts';
import { looksIdentifying } from './personal-data.ts';
import type { Scalar } from './value-kind.ts';

export type FieldsOfRecord = ReadonlyMap<string, readonly Scalar[]>;

interface Walk {
  readonly found: Map<string, Scalar[]>;
}

/** Keys that nobody declared and that could not be fields' names are somebody's data: all of them are one path. */
const PLAIN_NAME = new RegExp(`^[\\p{L}_][\\p{L}\\p{N}_:@$ -]{0,${FIELD_NAME_LENGTH_MAX - 1}}$`, 'u');

export function fieldsOfRecord(record: Readonly<Record<string, unknown>>, declared: FieldSchema): FieldsOfRecord {
  const walk: Walk = { found: new Map() };
  intoObject(walk, record, { path: '', declared, depth: 0 });
  return walk.found;
}

interface Place {
  readonly path: string;
  readonly declared: FieldSchema | undefined;
  readonly depth: number;
}

function intoObject(walk: Walk, object: Readonly<Record<string, unknown>>, { path, declared, depth }: Place): void {
  if (depth >= FIELD_DEPTH_MAX) return;
  for (const [key, value] of Object.entries(object)) {
    const name = isMap(declared) || !isFieldName(key) ? ANY_KEY : key;
    const child = declared && stepInto(declared, key);
    intoValue(walk, value, { path: path === '' ? name : `${path}.${name}`, declared: child, depth: depth + 1 });
  }
}

function intoValue(walk: Walk, value: unknown, place: Place): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    for (const element of value.slice(0, ELEMENTS_PER_LIST_MAX)) intoValue(walk, element, place);
  } else if (typeof value === 'object') {
    intoObject(walk, value as Record<string, unknown>, place);
  } else {
    add(walk, place.path, value as Scalar);
  }
}

function add({ found }: Walk, path: string, value: Scalar): void {
  const values = found.get(path);
  if (values !== undefined) values.push(value);
  else if (found.size < FIELDS_PER_RECORD_MAX && Buffer.byteLength(path) <= FIELD_PATH_BYTES_MAX)
    found.set(path, [value]);
}

function isMap(declared: FieldSchema | undefined): boolean {
  if (declared?.items !== undefined) return isMap(declared.items);
  return declared?.additionalProperties !== undefined;
}

const isFieldName = (key: string) => PLAIN_NAME.test(key) && !looksIdentifying(key);
