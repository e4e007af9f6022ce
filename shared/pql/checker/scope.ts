/** What names mean at a place: variables, then the item scopes from the innermost out, then the profile. */
import type { Binding, Expression, Span } from '../ast.ts';
import { type Diagnostic, type DiagnosticCode, errorAt, warningAt } from '../diagnostic.ts';
import { DIAGNOSTICS_MAX } from '../limits.ts';
import type { Schema } from '../schema.ts';
import { closest } from '../suggestion.ts';
import type { Zone } from '../time/zone.ts';
import { ANY, listOf, type Type } from '../types.ts';

export type Bound =
  | { readonly kind: 'variable'; readonly slot: number; readonly type: Type }
  | { readonly kind: 'profile' }
  /** A chain label that may not be named here, and why. */
  | { readonly kind: 'forbidden'; readonly reason: string };

export interface Scope {
  readonly variables: ReadonlyMap<string, Bound>;
  /** Item types, the innermost last. */
  readonly items: readonly Type[];
}

export class Check {
  readonly schema: Schema;
  readonly zone: Zone;
  readonly diagnostics: Diagnostic[] = [];
  #slots = 0;

  constructor(schema: Schema, zone: Zone) {
    this.schema = schema;
    this.zone = zone;
  }

  error(span: Span, code: DiagnosticCode, message: string, hint?: string): void {
    if (this.diagnostics.length < DIAGNOSTICS_MAX) this.diagnostics.push(errorAt(span, code, message, hint));
  }

  warn(span: Span, code: DiagnosticCode, message: string, hint?: string): void {
    if (this.diagnostics.length < DIAGNOSTICS_MAX) this.diagnostics.push(warningAt(span, code, message, hint));
  }

  bind(binding: Binding): Binding {
    if (binding.name === 'xEvent') this.error(binding.span, 'PQL3011', '"xEvent" always means the events');
    this.#slots += 1;
    return { name: binding.name, slot: this.#slots - 1, span: binding.span };
  }
}

export function withVariable(scope: Scope, { name, slot }: Binding, type: Type): Scope {
  return { ...scope, variables: new Map(scope.variables).set(name, { kind: 'variable', slot, type }) };
}

export const withItem = (scope: Scope, item: Type): Scope => ({ ...scope, items: [...scope.items, item] });

const EMPTY_FIELDS: ReadonlyMap<string, Type> = new Map();

const declares = (type: Type, name: string): boolean =>
  type.kind === 'map' || (type.kind === 'object' && type.fields.has(name));

/** The first name of a path. */
export function resolveName(check: Check, scope: Scope, name: string, span: Span): Expression {
  const bound = scope.variables.get(name);
  if (bound !== undefined) return resolveBound(check, bound, name, span);
  if (name === 'xEvent') return { kind: 'events', span, type: listOf(check.schema.event) };
  return fieldOf(check, scopeOfName(check, scope, name, span), name, span);
}

function resolveBound(check: Check, bound: Bound, name: string, span: Span): Expression {
  if (bound.kind === 'profile') return profileAt(check, span);
  if (bound.kind === 'variable') return { kind: 'variable', name, slot: bound.slot, span, type: bound.type };
  check.error(span, 'PQL3007', bound.reason);
  return { kind: 'literal', value: null, literalType: 'null', span, type: ANY };
}

export const profileAt = (check: Check, span: Span): Expression => ({
  kind: 'profile',
  span,
  type: check.schema.profile,
});

/** Outward only past declared types that lack the name. One that nobody declares starts at the item. */
function scopeOfName(check: Check, scope: Scope, name: string, span: Span): Expression {
  for (let depth = 0; depth < scope.items.length; depth += 1) {
    const type = scope.items[scope.items.length - 1 - depth] as Type;
    if (type.kind === 'any' || declares(type, name)) return { kind: 'item', depth, span, type };
  }
  const innermost = scope.items.at(-1);
  if (innermost === undefined || declares(check.schema.profile, name)) return profileAt(check, span);
  return { kind: 'item', depth: 0, span, type: innermost };
}

/** `object.name`, typed, with the reading of timestamps and dates marked. */
export function fieldOf(check: Check, object: Expression, name: string, span: Span): Expression {
  if (object.kind === 'profile' && name === 'xEvent') return { kind: 'events', span, type: listOf(check.schema.event) };
  const declared = fieldType(object.type, name);
  if (declared === undefined) {
    check.warn(span, 'PQL4003', `a ${object.type.kind} has no fields, so "${name}" is always null`);
  }
  warnUnknown(check, object.type, name, span);
  const type = declared ?? ANY;
  const scalar = type.kind === 'list' ? type.item : type;
  if (scalar.kind !== 'timestamp' && scalar.kind !== 'date') return { kind: 'field', object, name, span, type };
  const read: Type = { kind: 'timestamp' };
  return { kind: 'field', object, name, stored: scalar.kind, span, type: type.kind === 'list' ? listOf(read) : read };
}

/** A mistake in a name is not refused, for a record may bring the field tomorrow; it is said where today's are known. */
function warnUnknown(check: Check, object: Type, name: string, span: Span): void {
  const type = object.kind === 'list' ? object.item : object;
  const seen = check.schema.seen?.get(type);
  if (seen === undefined || type.kind !== 'object' || type.fields.has(name) || seen.has(name)) return;
  const meant = closest(name, [...type.fields.keys(), ...seen]);
  const hint = meant === undefined ? undefined : `did you mean "${meant}"?`;
  check.warn(span, 'PQL4004', `no field "${name}" is declared here, and no record carried one`, hint);
}

/** Undefined where the type can have no field at all. A path through a list is a list. */
function fieldType(type: Type, name: string): Type | undefined {
  switch (type.kind) {
    case 'any':
    case 'null':
      return ANY;
    case 'object':
      return (type.fields ?? EMPTY_FIELDS).get(name) ?? ANY;
    case 'map':
      return type.value;
    case 'list': {
      const item = fieldType(type.item, name);
      return item === undefined || item.kind === 'list' ? item : listOf(item);
    }
    default:
      return undefined;
  }
}
