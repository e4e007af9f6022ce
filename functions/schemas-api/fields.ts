/** The fields of a sandbox by page. How long it takes depends on the number of fields, which is bounded, and on nothing else. */
import type { listFields } from '#shared/api/operations/schemas.ts';
import { Problem } from '#shared/api/problem.ts';
import type { FieldList, FieldResource } from '#shared/api/schemas.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import type { OperationRequest } from '#shared/lambda/operation-router.ts';
import type { SchemaExtensions } from '#shared/schema/composition.ts';
import { type FieldEntry, fieldEntries } from '#shared/schema/field-list.ts';
import { SCHEMA_NAMES, type SchemaName } from '#shared/schema/field-schema.ts';
import { type FoundField, searchFields } from '#shared/schema/field-search.ts';
import { OBSERVED_FIELDS_MAX } from '#shared/schema/limits.ts';
import { WHOLE } from '#shared/schema/observed/observe.ts';
import { extensionsOf } from '#shared/schema/schema-store.ts';
import type { SchemaPorts } from './ports.ts';

type Request = OperationRequest<typeof listFields>;

export async function findFields({ sandbox, query }: Request, ports: SchemaPorts): Promise<HttpResponse> {
  const names = query.schema === undefined ? SCHEMA_NAMES : [query.schema];
  const extensions = extensionsOf(await ports.schemas.find(sandbox));
  const known = await Promise.all(names.map((name) => fieldsOf(sandbox, name, extensions, ports)));
  const wanted = known.flatMap(({ entries }) => entries).filter((entry) => isOfType(entry, query.eventType));
  const found = searchFields(wanted, query.q);
  const listed = query.withData ? found.filter(({ entry }) => entry.observed !== undefined) : found;
  const start = startOf(listed, query.after);
  const page = listed.slice(start, start + query.limit);
  const last = page.at(-1);
  const body: FieldList = {
    fields: page.map(resourceOf),
    page: {
      totalCount: listed.length,
      withoutData: found.filter(({ entry }) => entry.observed === undefined).length,
      limit: query.limit,
      ...(last && start + query.limit < listed.length && { next: cursorOf(last.entry) }),
    },
    observed: known.map(({ totals }) => totals),
  };
  return { status: 200, body };
}

async function fieldsOf(
  sandbox: SandboxName,
  schema: SchemaName,
  extensions: SchemaExtensions,
  { fields }: SchemaPorts,
) {
  const [index, stored] = await Promise.all([fields.findIndex(sandbox, schema), fields.list(sandbox, schema)]);
  const sketches = new Map(stored.map(({ path, sketch }) => [path, sketch]));
  const whole = sketches.get(WHOLE);
  const totals: FieldList['observed'][number] = {
    schema,
    counts: schema === 'event' ? 'events' : 'profile records',
    records: whole?.records ?? 0,
    people: whole?.people.estimate() ?? 0,
    fields: index.paths.length,
    fieldsMax: OBSERVED_FIELDS_MAX,
    ...(index.fullSince !== undefined && { fullSince: new Date(index.fullSince).toISOString() }),
  };
  return { entries: fieldEntries(schema, extensions, sketches), totals };
}

const isOfType = ({ observed }: FieldEntry, wanted: string | undefined) =>
  wanted === undefined || (observed?.eventTypes ?? []).some(({ eventType }) => eventType === wanted);

const cursorOf = ({ schema, path }: FieldEntry) => `${schema}:${path}`;

function startOf(listed: readonly FoundField[], after: string | undefined): number {
  if (after === undefined) return 0;
  const index = listed.findIndex(({ entry }) => cursorOf(entry) === after);
  if (index >= 0) return index + 1;
  const mistakes = [{ pointer: '?after', message: 'is no cursor of this list: begin again without it' }];
  throw new Problem('invalid-request', 'The query has one mistake.', { mistakes });
}

const resourceOf = ({ entry, match }: FoundField): FieldResource =>
  ({ ...entry, ...(match && { match }) }) as FieldResource;
