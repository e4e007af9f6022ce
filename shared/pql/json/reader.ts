/** Reading untrusted JSON: shapes, limits, and where in the document a mistake is. */
import type { Span } from '../ast.ts';
import { type Diagnostic, type DiagnosticCode, errorAt } from '../diagnostic.ts';
import { LIST_SIZE_MAX, NESTING_DEPTH_MAX, NODE_COUNT_MAX } from '../limits.ts';

/** JSON has no text positions worth showing; the message says where instead. */
export const NOWHERE: Span = { start: 0, end: 0, line: 1, column: 1 };

export class JsonFailure extends Error {
  readonly diagnostic: Diagnostic;

  constructor(code: DiagnosticCode, at: string, message: string) {
    super(message);
    this.diagnostic = errorAt(NOWHERE, code, `${at}: ${message}`);
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** A node and the way to it, such as `$.params[1]`. */
export interface Place {
  readonly at: string;
  readonly depth: number;
  readonly budget: { nodes: number };
}

export const within = (place: Place, step: string): Place => ({
  ...place,
  at: `${place.at}${step}`,
  depth: place.depth + 1,
});

export function readNode(value: unknown, place: Place): JsonObject {
  place.budget.nodes += 1;
  if (place.depth > NESTING_DEPTH_MAX) {
    throw new JsonFailure('PQL2102', place.at, `at most ${NESTING_DEPTH_MAX} levels of nesting (NESTING_DEPTH_MAX)`);
  }
  if (place.budget.nodes > NODE_COUNT_MAX) {
    throw new JsonFailure('PQL2103', place.at, `at most ${NODE_COUNT_MAX} nodes (NODE_COUNT_MAX)`);
  }
  return readObject(value, place);
}

export function readObject(value: unknown, { at }: Place): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new JsonFailure('PQL2201', at, 'an object is needed');
  }
  return value as JsonObject;
}

/** Own properties only. */
export const property = (node: JsonObject, name: string): unknown =>
  Object.hasOwn(node, name) ? node[name] : undefined;

export function readList(node: JsonObject, name: string, place: Place): readonly unknown[] {
  const value = property(node, name);
  if (!Array.isArray(value)) throw new JsonFailure('PQL2201', `${place.at}.${name}`, 'a list is needed');
  if (value.length > LIST_SIZE_MAX) {
    throw new JsonFailure('PQL2104', `${place.at}.${name}`, `at most ${LIST_SIZE_MAX} items (LIST_SIZE_MAX)`);
  }
  return value;
}

export function readText(node: JsonObject, name: string, place: Place): string {
  const value = property(node, name);
  if (typeof value !== 'string') throw new JsonFailure('PQL2201', `${place.at}.${name}`, 'a string is needed');
  return value;
}

/** A name that text can write too. */
export function readName(node: JsonObject, name: string, place: Place): string {
  const value = readText(node, name, place);
  if (value === '' || value.includes('`')) {
    throw new JsonFailure('PQL2201', `${place.at}.${name}`, `${JSON.stringify(value)} is no name`);
  }
  return value;
}
