/** A value that a JSON schema of the API's description takes: the smallest, or one of a seed. */
import fc from 'fast-check';
import type { JsonSchema } from '#shared/api/openapi/json-schema.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

const DEPTH_MAX = 12;

export function sampleOf(schema: JsonSchema, components: Schemas, depth = 0): unknown {
  const { $ref, anyOf, allOf, enum: values, const: only, default: usual, type } = schema as Record<string, never>;
  const inner = (part: JsonSchema) => sampleOf(part, components, depth + 1);
  if (depth > DEPTH_MAX) return null;
  if ($ref !== undefined) return inner(components[String($ref).replace('#/components/schemas/', '')] ?? {});
  if (usual !== undefined) return usual;
  if (only !== undefined) return only;
  if (values !== undefined) return values[0];
  const [first] = (anyOf ?? allOf ?? schema.oneOf ?? []) as JsonSchema[];
  if (first !== undefined) return inner(first);
  if (type === 'object') return objectOf(schema, inner);
  if (type === 'array')
    return Array.from({ length: Number(schema.minItems ?? 0) }, () => inner(schema.items as JsonSchema));
  return scalarOf(schema);
}

function objectOf({ properties = {}, required = [] }: JsonSchema, inner: (part: JsonSchema) => unknown) {
  const known = properties as Schemas;
  return Object.fromEntries((required as string[]).map((name) => [name, inner(known[name] ?? {})]));
}

function scalarOf(schema: JsonSchema): unknown {
  const { type, minimum, exclusiveMinimum } = schema as Record<string, number | string | undefined>;
  if (type === 'boolean') return false;
  if (type === 'integer' || type === 'number') return Number(minimum ?? (exclusiveMinimum === undefined ? 1 : 1));
  return type === 'string' ? textOf(schema) : null;
}

function textOf({ format, pattern, minLength = 1 }: JsonSchema): string {
  if (format === 'uuid') return '11111111-1111-4111-8111-111111111111';
  if (format === 'date') return '2026-01-02';
  if (format === 'date-time') return '2026-01-02T03:04:05Z';
  if (typeof pattern === 'string') {
    const [matching] = fc.sample(fc.stringMatching(new RegExp(pattern)), { seed: 1, numRuns: 1 });
    return matching ?? '';
  }
  return 'x'.repeat(Number(minLength));
}
