/**
 * From `fields` as callers write them to columns with types.
 *
 *     profileId                        whose row it is; always the first column
 *     identityMap, identityMap.Email   all identities; the primary one of a namespace, else its first
 *     segmentMembership                status and time of each segment that the export is about
 *     computed.name                    a computed attribute
 *     propensity.instance.score        of a score; propensity.instance for all of it
 *     homeAddress.city                 an attribute
 *
 * A column has the type that its field is declared with. What nobody declared may be anything, and comes as JSON.
 */
import type { ColumnType, ExportColumn } from '#shared/batch/export-specification.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { dependencies } from '#shared/pql/index.ts';
import type { Type } from '#shared/pql/types.ts';
import { composedFields, type SchemaExtensions } from '#shared/schema/composition.ts';
import { stepInto } from '#shared/schema/field-path.ts';
import type { FieldSchema } from '#shared/schema/field-schema.ts';
import type { FieldsRead } from '#shared/schema/usage-labels.ts';
import type { CompiledRules } from '#shared/segment/compiled-rules.ts';

export const FIELDS_MAX = 200;
export const PROFILE_ID = 'profileId';
export const SEGMENT_MEMBERSHIP = 'segmentMembership';

export interface FieldMistake {
  readonly field: string;
  readonly message: string;
}

const PATH = /^[A-Za-z_$@][\w$@:-]*(\.[\w$@:-]+)*$/;
const SCORE_TYPES: ReadonlyMap<string | undefined, ColumnType> = new Map<string | undefined, ColumnType>([
  ['score', 'number'],
  ['probability', 'number'],
  ['percentile', 'number'],
  ['bucket', 'text'],
  ['scoredAt', 'integer'],
  ['factors', 'json'],
  [undefined, 'json'],
]);

export function columnsOf(
  fields: readonly string[],
  { computed }: Pick<CompiledRules, 'computed'>,
  extensions: SchemaExtensions,
): Result<readonly ExportColumn[], readonly FieldMistake[]> {
  const root = composedFields('profile', extensions);
  const columns: ExportColumn[] = [{ name: PROFILE_ID, type: 'text' }];
  const mistakes: FieldMistake[] = [];
  for (const name of new Set(fields)) {
    if (name === PROFILE_ID) continue;
    const type = PATH.test(name) ? typeOf(name.split('.'), { root, computed }) : undefined;
    if (type === undefined) mistakes.push({ field: name, message: 'is no path of a profile' });
    else columns.push({ name, type });
  }
  return mistakes.length > 0 ? fail(mistakes) : ok(columns);
}

interface Known {
  readonly root: FieldSchema;
  readonly computed: CompiledRules['computed'];
}

/** Undefined where there can be no such thing. */
function typeOf([first = '', second, third, ...more]: readonly string[], known: Known): ColumnType | undefined {
  if (first === 'identityMap') return third === undefined ? (second === undefined ? 'json' : 'text') : undefined;
  if (first === SEGMENT_MEMBERSHIP) return second === undefined ? 'json' : undefined;
  if (first === 'propensity') {
    return second === undefined || more.length > 0 ? undefined : SCORE_TYPES.get(third);
  }
  if (first === 'computed') {
    const expression = known.computed.expressions.get(second ?? '');
    return expression === undefined || third !== undefined ? undefined : typeOfValue(expression.type);
  }
  const path = [first, second, third, ...more].filter((name) => name !== undefined);
  return typeOfField(known.root, path);
}

function typeOfValue({ kind }: Type): ColumnType {
  if (kind === 'integer' || kind === 'double') return 'number';
  if (kind === 'boolean') return 'boolean';
  return kind === 'string' || kind === 'timestamp' || kind === 'date' ? 'text' : 'json';
}

const FIELD_TYPE: ReadonlyMap<string | undefined, ColumnType> = new Map<string | undefined, ColumnType>([
  ['string', 'text'],
  ['number', 'number'],
  ['integer', 'integer'],
  ['boolean', 'boolean'],
]);

function typeOfField(root: FieldSchema, path: readonly string[]): ColumnType {
  let field: FieldSchema | undefined = root;
  for (const name of path) {
    if (field?.items !== undefined) return 'json';
    field = field === undefined ? undefined : stepInto(field, name);
  }
  return FIELD_TYPE.get(field?.type) ?? 'json';
}

/** The attributes that a column stands for: those of which usage labels are asked. */
export function attributesIn(columns: readonly ExportColumn[]): readonly string[] {
  const own = new Set([PROFILE_ID, SEGMENT_MEMBERSHIP, 'propensity', 'computed']);
  return columns.flatMap(({ name }) => (own.has(name.split('.')[0] as string) ? [] : [name]));
}

/** What the computed attributes among the columns are computed from. */
export function readByComputed(
  columns: readonly ExportColumn[],
  { computed }: Pick<CompiledRules, 'computed'>,
): FieldsRead {
  const read = columns.flatMap(({ name }) => {
    const [first, second = ''] = name.split('.');
    const expression = first === 'computed' ? computed.expressions.get(second) : undefined;
    return expression === undefined ? [] : [dependencies(expression)];
  });
  return {
    attributes: read.flatMap(({ attributes }) => attributes),
    eventFields: read.flatMap(({ eventFields }) => eventFields),
  };
}
