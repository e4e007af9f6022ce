import type { getSchema, listSchemas } from '#shared/api/operations/schemas.ts';
import { Problem } from '#shared/api/problem.ts';
import type { SchemaResource, SchemaSummary } from '#shared/api/schemas.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { composedFields } from '#shared/schema/composition.ts';
import { defaultFields, FIELD_GROUPS } from '#shared/schema/field-groups/index.ts';
import { SCHEMA_NAMES, type SchemaName } from '#shared/schema/field-schema.ts';
import { toJsonSchema } from '#shared/schema/json-schema.ts';
import type { SchemaVersion } from '#shared/schema/schema-store.ts';
import type { SchemaPorts } from './ports.ts';

export async function findSchemas(
  { sandbox }: OperationRequest<typeof listSchemas>,
  { schemas }: SchemaPorts,
): Promise<HttpResponse> {
  const current = await schemas.find(sandbox);
  return { status: 200, body: { schemas: SCHEMA_NAMES.map((name) => summaryOf(name, current[name])) } };
}

export async function findSchema(
  { sandbox, pathParameters }: OperationRequest<typeof getSchema>,
  { schemas }: SchemaPorts,
): Promise<HttpResponse> {
  const name = schemaName(pathParameters.name);
  return answer(sandbox, name, (await schemas.find(sandbox))[name]);
}

export function schemaName(text: string): SchemaName {
  const name = SCHEMA_NAMES.find((known) => known === text);
  if (name === undefined) throw new Problem('not-found', `There are the schemas ${SCHEMA_NAMES.join(' and ')}.`);
  return name;
}

export const etagOf = (current: SchemaVersion | undefined) => `"${current?.version ?? 0}"`;

export function answer(sandboxName: string, name: SchemaName, current: SchemaVersion | undefined): HttpResponse {
  const extension = current?.extension;
  const fields = composedFields(name, extension === undefined ? {} : { [name]: extension });
  const body: SchemaResource = {
    ...summaryOf(name, current),
    ...(extension && { extension: { ...extension } }),
    composed: toJsonSchema(name, sandboxName, fields),
  };
  return { status: 200, body, headers: { etag: etagOf(current) } };
}

function summaryOf(name: SchemaName, current: SchemaVersion | undefined): SchemaSummary {
  return {
    name,
    title: defaultFields(name).title ?? name,
    version: current?.version ?? 0,
    ...(current && { updateTime: new Date(current.updateTime).toISOString() }),
    groups: FIELD_GROUPS[name].map(({ id, title, description }) => ({ id, title, description })),
  };
}
