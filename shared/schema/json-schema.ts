/** A composed schema as a document that any JSON Schema tool reads (draft 2020-12). */
import type { FieldSchema, SchemaName } from './field-schema.ts';

export function toJsonSchema(
  name: SchemaName,
  sandboxName: string,
  fields: FieldSchema,
): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:shoal:${sandboxName}:schema:${name}`,
    ...fields,
    ...(name === 'event' && { required: ['_id', 'timestamp', 'identityMap'] }),
  };
}
