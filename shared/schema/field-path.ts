/**
 * Fields by path, as expressions write them: `productListItems.SKU`, `homeAddress.city`. A list is no step of a path; the
 * keys of a map are all written `*`.
 */
import { type FieldSchema, titleOf } from './field-schema.ts';

/** Stands for whatever key a map has. */
export const ANY_KEY = '*';

export interface DeclaredField {
  /** Dotted. */
  readonly path: string;
  readonly field: FieldSchema;
  /** From the outermost object to the field itself: "Home address", "City". */
  readonly titles: readonly string[];
  /** Its own usage labels and those of everything around it. */
  readonly labels: readonly string[];
  /** Whether a path to it gives a list. */
  readonly isList: boolean;
}

/** Every field that holds a value itself, in the order in which they are declared. */
export function* declaredFields(root: FieldSchema): Generator<DeclaredField> {
  const labels = root['meta:labels'] ?? [];
  for (const [name, field] of Object.entries(root.properties ?? {})) {
    yield* below({ path: name, field, titles: [field.title ?? titleOf(name)], labels, isList: false });
  }
}

function* below(at: DeclaredField): Generator<DeclaredField> {
  const { field } = at;
  const labels = [...new Set([...at.labels, ...(field['meta:labels'] ?? [])])];
  if (field.items !== undefined) {
    yield* below({ ...at, field: { ...field.items, title: field.title ?? '' }, labels, isList: true });
    return;
  }
  const children = childrenOf(field);
  if (children.length === 0) yield { ...at, labels };
  for (const [name, child] of children) {
    const title = child.title ?? (name === ANY_KEY ? undefined : titleOf(name));
    const titles = title === undefined ? at.titles : [...at.titles, title];
    yield* below({ path: `${at.path}.${name}`, field: child, titles, labels, isList: at.isList });
  }
}

function childrenOf({ properties, additionalProperties }: FieldSchema): readonly (readonly [string, FieldSchema])[] {
  if (properties !== undefined) return Object.entries(properties);
  return additionalProperties === undefined ? [] : [[ANY_KEY, additionalProperties]];
}

/** What is known of a path: its declaration, if it has one, and the labels of whatever declared it stands in. */
export interface Declaration {
  readonly field?: FieldSchema;
  readonly labels: readonly string[];
}

/** A map takes any key. What nobody declared has the labels of what it was put into. */
export function declaredAt(root: FieldSchema, path: string): Declaration {
  let field: FieldSchema = root;
  const labels = new Set(root['meta:labels'] ?? []);
  for (const name of path.split('.')) {
    const child = stepInto(field, name);
    if (child === undefined) return { labels: [...labels] };
    for (let at: FieldSchema | undefined = child; at !== undefined; at = at.items) {
      for (const label of at['meta:labels'] ?? []) labels.add(label);
      field = at;
    }
  }
  return { field, labels: [...labels] };
}

/** The declaration of a child; that of a list is the one of its items. */
export function stepInto(field: FieldSchema, name: string): FieldSchema | undefined {
  const { properties, additionalProperties, items } = field;
  if (items !== undefined) return stepInto(items, name);
  if (properties !== undefined) return Object.hasOwn(properties, name) ? properties[name] : undefined;
  return additionalProperties;
}
