/** The extension as a whole, or by a merge patch: read strictly, held against the default fields, kept as a version. */
import { isDeepStrictEqual } from 'node:util';
import type { patchSchema, putSchema } from '#shared/api/operations/schemas.ts';
import { requireEntityTag } from '#shared/api/preconditions.ts';
import { Problem } from '#shared/api/problem.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import { composeFields } from '#shared/schema/composition.ts';
import { readExtension, type SchemaMistake } from '#shared/schema/extension.ts';
import type { FieldSchema, SchemaName } from '#shared/schema/field-schema.ts';
import { EXTENSION_BYTES_MAX } from '#shared/schema/limits.ts';
import type { SchemaVersion } from '#shared/schema/schema-store.ts';
import { mergePatch } from './merge-patch.ts';
import type { SchemaPorts } from './ports.ts';
import { answer, etagOf, schemaName } from './read-schemas.ts';

type PutRequest = OperationRequest<typeof putSchema>;
type PatchRequest = OperationRequest<typeof patchSchema>;

export const replaceSchema = (request: PutRequest, ports: SchemaPorts) => change(request, ports, () => request.body);

export const changeSchema = (request: PatchRequest, ports: SchemaPorts) =>
  change(request, ports, (before) => mergePatch(before ?? {}, request.body));

async function change(
  { sandbox, pathParameters, headers }: PutRequest | PatchRequest,
  { schemas, now }: SchemaPorts,
  decide: (before: FieldSchema | undefined) => unknown,
): Promise<HttpResponse> {
  const name = schemaName(pathParameters.name);
  const before = (await schemas.find(sandbox))[name];
  requireEntityTag(headers, etagOf(before), 'schema');
  const extension = acceptable(name, decide(before?.extension));
  if (isDeepStrictEqual(extension, before?.extension)) return answer(sandbox, name, before);
  const version = (before?.version ?? 0) + 1;
  // The clock of another machine may be behind; the order of versions is not.
  const next: SchemaVersion = { name, version, extension, updateTime: Math.max(now(), before?.updateTime ?? 0) };
  if (await schemas.put(sandbox, next)) {
    const change = { id: name, before: before?.extension, after: extension };
    return { ...answer(sandbox, name, next), change };
  }
  throw new Problem(
    'conflict',
    'Somebody else changed the schema at the same time: read it again and repeat the change.',
  );
}

function acceptable(name: SchemaName, sent: unknown): FieldSchema {
  const bytes = Buffer.byteLength(JSON.stringify(sent));
  if (bytes > EXTENSION_BYTES_MAX) {
    throw new Problem('too-large', `The extension has ${bytes} bytes; at most ${EXTENSION_BYTES_MAX} are kept.`);
  }
  const read = readExtension(name, sent);
  if (!read.ok) throw refused(read.error);
  const composed = composeFields(name, read.value);
  if (!composed.ok) throw refused(composed.error);
  return read.value;
}

function refused(mistakes: readonly SchemaMistake[]): Problem {
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  return new Problem('invalid-request', `The extension has ${count}.`, { mistakes });
}
