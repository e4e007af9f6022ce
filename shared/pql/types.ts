/**
 * Declared types. `any` is a path of which the schema says nothing; every rule that needs a type is then
 * applied to the value when it is there.
 */
export type Type =
  | { readonly kind: ScalarKind | 'any' | 'null' | 'interval' }
  | { readonly kind: 'list'; readonly item: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }
  | { readonly kind: 'entry'; readonly key: Type; readonly value: Type }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Type> }
  | { readonly kind: 'function'; readonly result: Type };

export type ScalarKind = 'boolean' | 'integer' | 'double' | 'string' | 'timestamp' | 'date';

export const ANY: Type = { kind: 'any' };
export const NULL: Type = { kind: 'null' };
export const BOOLEAN: Type = { kind: 'boolean' };
export const INTEGER: Type = { kind: 'integer' };
export const DOUBLE: Type = { kind: 'double' };
export const STRING: Type = { kind: 'string' };
export const TIMESTAMP: Type = { kind: 'timestamp' };
/** How a field is stored; once read it is a timestamp. */
export const DATE: Type = { kind: 'date' };
export const INTERVAL: Type = { kind: 'interval' };

export const listOf = (item: Type): Type => ({ kind: 'list', item });
export const mapOf = (key: Type, value: Type): Type => ({ kind: 'map', key, value });
export const objectOf = (fields: Readonly<Record<string, Type>>): Type => ({
  kind: 'object',
  fields: new Map(Object.entries(fields)),
});

export const isNumeric = (type: Type): boolean => type.kind === 'integer' || type.kind === 'double';

/** What a value of either type is known to be: the common type, or `any`. */
export function unify(left: Type, right: Type): Type {
  if (left.kind === 'null') return right;
  if (right.kind === 'null') return left;
  if (isNumeric(left) && isNumeric(right)) return left.kind === right.kind ? left : DOUBLE;
  if (left.kind === 'list' && right.kind === 'list') return listOf(unify(left.item, right.item));
  if (left.kind === 'entry' && right.kind === 'entry') {
    return { kind: 'entry', key: unify(left.key, right.key), value: unify(left.value, right.value) };
  }
  if (left.kind === 'object' || left.kind === 'map') return left === right ? left : ANY;
  return left.kind === right.kind ? left : ANY;
}

export function describe(type: Type): string {
  if (type.kind === 'list') return `list of ${describe(type.item)}`;
  return type.kind === 'any' ? 'value of any type' : type.kind;
}
