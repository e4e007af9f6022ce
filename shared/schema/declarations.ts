/**
 * What a definition takes with it of its sandbox's extension: the declarations of the fields that it names, and no more.
 * So it means the same wherever and whenever it is evaluated, also after the extension has changed, and a change of other
 * fields does not concern it.
 */
import type { Expression } from '#shared/pql/index.ts';
import type { SchemaExtensions } from './composition.ts';
import type { FieldSchema } from './field-schema.ts';

/** Undefined where the expression names nothing that the extension declares. */
export function declarationsFor(expression: Expression, extensions: SchemaExtensions): SchemaExtensions | undefined {
  const names = new Set<string>();
  collectNames(expression, names);
  const [profile, event] = [excerpt(extensions.profile, names), excerpt(extensions.event, names)];
  if (profile === undefined && event === undefined) return undefined;
  return { ...(profile && { profile }), ...(event && { event }) };
}

/** Every name of the tree, whatever it stands for: one too many does no harm. */
function collectNames(node: unknown, names: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) collectNames(item, names);
  if (node === null || typeof node !== 'object' || Array.isArray(node)) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'name' && typeof value === 'string') names.add(value);
    else collectNames(value, names);
  }
}

function excerpt(root: FieldSchema | undefined, names: ReadonlySet<string>): FieldSchema | undefined {
  const properties = root && namedIn(root, names);
  return properties === undefined || Object.keys(properties).length === 0 ? undefined : { properties };
}

/** In the order of their names, so that the same declarations are the same text. */
const namedIn = ({ properties }: FieldSchema, names: ReadonlySet<string>) =>
  properties &&
  Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => names.has(name))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, field]) => [name, typesOf(field, names)]),
  );

/** What decides how it is evaluated: titles, labels and the like are not taken along. */
function typesOf(field: FieldSchema, names: ReadonlySet<string>): FieldSchema {
  const { type, format, items, additionalProperties } = field;
  const properties = namedIn(field, names);
  return {
    ...(type !== undefined && { type }),
    ...(format !== undefined && { format }),
    ...(properties && { properties }),
    ...(items && { items: typesOf(items, names) }),
    ...(additionalProperties && { additionalProperties: typesOf(additionalProperties, names) }),
  };
}
