/** Which labelled fields somebody reads: what a destination, a model or an export asks before it uses them. */
import { composedFields, type SchemaExtensions } from './composition.ts';
import { type Declaration, declaredAt, declaredFields } from './field-path.ts';
import { type FieldSchema, SCHEMA_NAMES, type SchemaName } from './field-schema.ts';

/** Paths as the dependencies of an expression have them; an empty one stands for everything. */
export interface FieldsRead {
  readonly attributes: readonly string[];
  readonly eventFields: readonly string[];
}

export interface LabelledField {
  readonly schema: SchemaName;
  readonly path: string;
  /** Those of the labels asked about that it has. */
  readonly labels: readonly string[];
}

/** The fields read that have one of the labels: of their own, of what they stand in, or, read as a whole, in themselves. */
export function labelledFields(
  { attributes, eventFields }: FieldsRead,
  labels: readonly string[],
  extensions: SchemaExtensions,
): readonly LabelledField[] {
  const paths: Readonly<Record<SchemaName, readonly string[]>> = { profile: attributes, event: eventFields };
  return SCHEMA_NAMES.flatMap((schema) => {
    const root = composedFields(schema, extensions);
    const found = paths[schema].flatMap((path) => readThrough(root, path));
    const byPath = new Map(found.map(([path, declaration]) => [path, declaration.labels]));
    return [...byPath].flatMap(([path, known]) => {
      const asked = known.filter((label) => labels.includes(label));
      return asked.length === 0 ? [] : [{ schema, path, labels: asked }];
    });
  });
}

/** The path, and every declared field below it. A key of a map is any of its keys. */
function readThrough(root: FieldSchema, path: string): readonly (readonly [string, Declaration])[] {
  const below = [...declaredFields(root)]
    .filter((field) => path === '' || isBelow(field.path.split('.'), path.split('.')))
    .map((field) => [field.path, field] as const);
  return below.length > 0 || path === '' ? below : [[path, declaredAt(root, path)]];
}

const isBelow = (field: readonly string[], path: readonly string[]) =>
  path.every((name, index) => field[index] === name || field[index] === '*');
