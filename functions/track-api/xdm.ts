/** Small readings that the mappings share: a value if it is what the field holds, `undefined` if not. */
import { isObject, type JsonObject } from './read-body.ts';

export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

export const text = (value: unknown): string | undefined => {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
};

/** A number, also one that was sent as text. */
export const number = (value: unknown): number | undefined => {
  const given = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof given === 'number' && Number.isFinite(given) ? given : undefined;
};

/** Without what is `undefined` or an object with nothing in it, at any depth outside of lists. */
export function compact(fields: JsonObject): JsonObject {
  const entries = Object.entries(fields)
    .map(([name, value]) => [name, isObject(value) ? compact(value) : value] as const)
    .filter(([, value]) => value !== undefined && !(isObject(value) && Object.keys(value).length === 0));
  return Object.fromEntries(entries);
}
