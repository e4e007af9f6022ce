/** What passes between states: JSON, of at most 256 KiB. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

/** The service's limit on the input and output of states, tasks and executions, as UTF-8 text. */
export const PAYLOAD_BYTES_MAX = 256 * 1024;

export function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
