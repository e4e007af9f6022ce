/**
 * The fields of a sandbox as the console lists them: those that are declared and those that were observed, each with
 * what is known of its values.
 */
import type { SchemaExtensions } from './composition.ts';
import { composedFields } from './composition.ts';
import { defaultFields, FIELD_GROUPS } from './field-groups/index.ts';
import { ANY_KEY, type Declaration, type DeclaredField, declaredAt, declaredFields } from './field-path.ts';
import { type FieldGroup, type FieldSchema, type SchemaName, titleOf } from './field-schema.ts';
import { type Distribution, distributionOf } from './observed/distribution.ts';
import type { FieldSketch } from './observed/field-sketch.ts';
import { WHOLE } from './observed/observe.ts';

export interface FieldEntry {
  readonly schema: SchemaName;
  readonly path: string;
  /** What it is called by itself, and with what it stands in: "City", ["Home address", "City"]. */
  readonly title: string;
  readonly titles: readonly string[];
  readonly description?: string;
  /** As declared; of a field that nobody declared as it was mostly observed. Absent: any. */
  readonly type?: string;
  readonly format?: string;
  readonly isList: boolean;
  readonly group: Pick<FieldGroup, 'id' | 'title'>;
  /** Who says that it exists: Shoal, the sandbox's extension, or only the data. */
  readonly source: 'default' | 'extension' | 'observed';
  readonly labels: readonly string[];
  /** The values that it may have, with what they are called. */
  readonly values?: readonly { readonly value: string | number; readonly title?: string }[];
  /** Absent where no record carried it. */
  readonly observed?: Distribution;
}

export type SketchesByPath = ReadonlyMap<string, FieldSketch>;

const CUSTOM: Pick<FieldGroup, 'id' | 'title'> = { id: 'custom', title: 'Custom fields' };

/** In the order of the declaration, then those that were only observed, by path. */
export function fieldEntries(
  schema: SchemaName,
  extensions: SchemaExtensions,
  sketches: SketchesByPath,
): readonly FieldEntry[] {
  const root = composedFields(schema, extensions);
  const whole = sketches.get(WHOLE)?.records ?? 0;
  const observedAt = (path: string, field: Declaration) => {
    const sketch = sketches.get(path);
    return sketch && { observed: distributionOf(sketch, { path, declared: field, whole }) };
  };
  const declared = [...declaredFields(root)].map((field) => ({
    ...entryOf(schema, field),
    ...observedAt(field.path, field),
  }));
  const known = new Set(declared.map(({ path }) => path));
  const undeclared = [...sketches.keys()].filter((path) => path !== WHOLE && !known.has(path)).sort();
  return [
    ...declared,
    ...undeclared.map((path) => {
      const found = declaredAt(root, path);
      const { observed } = observedAt(path, found) ?? {};
      return { ...undeclaredEntry(schema, path, found, observed?.kind), ...(observed && { observed }) };
    }),
  ];
}

function entryOf(schema: SchemaName, { path, field, titles, labels, isList }: DeclaredField): FieldEntry {
  const isDefault = declaredAt(defaultFields(schema), path).field !== undefined;
  return {
    schema,
    path,
    title: titles.at(-1) ?? titleOf(path),
    titles,
    ...typed(field),
    isList,
    group: groupOf(schema, path),
    source: isDefault ? 'default' : 'extension',
    labels,
  };
}

function typed({ description, type, format, enum: values, 'meta:enum': titles }: FieldSchema) {
  return {
    ...(description !== undefined && { description }),
    ...(type !== undefined && { type }),
    ...(format !== undefined && { format }),
    ...(values && { values: values.map((value) => ({ value, ...titleOfValue(titles, value) })) }),
  };
}

function titleOfValue(titles: Readonly<Record<string, string>> | undefined, value: string | number) {
  const title = titles !== undefined && Object.hasOwn(titles, value) ? titles[value] : undefined;
  return title === undefined ? {} : { title };
}

function undeclaredEntry(
  schema: SchemaName,
  path: string,
  { labels }: Declaration,
  kind: string | undefined,
): FieldEntry {
  const titles = path.split('.').filter((name) => name !== ANY_KEY);
  return {
    schema,
    path,
    title: titleOf(titles.at(-1) ?? path),
    titles: titles.map(titleOf),
    ...observedType(kind),
    isList: false,
    group: groupOf(schema, path),
    source: 'observed',
    labels,
  };
}

function observedType(kind: string | undefined): { readonly type?: string; readonly format?: string } {
  if (kind === undefined) return {};
  return kind === 'date' || kind === 'date-time' ? { type: 'string', format: kind } : { type: kind };
}

/** By the first name of the path; what no default group knows is the sandbox's own. */
function groupOf(schema: SchemaName, path: string): Pick<FieldGroup, 'id' | 'title'> {
  const [first = ''] = path.split('.', 1);
  const group = FIELD_GROUPS[schema].find(({ properties }) => Object.hasOwn(properties, first));
  return group === undefined ? CUSTOM : { id: group.id, title: group.title };
}
