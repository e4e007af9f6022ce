/** The mapping file: how a row becomes an event or a profile record. docs/import.md tells its fields. */
import * as z from 'zod';
import { NAMESPACE_LENGTH_MAX } from '#shared/profile/identity.ts';
import { SANDBOX_NAME } from '#shared/profile/stream-record.ts';
import { parseFieldPath } from './field-path.ts';
import { instantReader } from './instants.ts';

const path = z
  .string()
  .refine((text) => parseFieldPath(text) !== undefined, 'is no path such as commerce.order.priceTotal');
const instant = { format: z.string().default('iso'), timeZone: z.string().default('UTC') };
const TYPES = ['any', 'text', 'number', 'integer', 'boolean', 'timestamp', 'json', 'list'] as const;

const target = z.strictObject({
  path,
  type: z.enum(TYPES).optional(),
  /** What a cell's text stands for. */
  values: z.record(z.string(), z.unknown()).optional(),
  /** Between the items of a list. */
  separator: z.string().min(1).default(','),
  ...instant,
});

/** A path alone, all there is to say, or several of it. */
const targets = z.union([
  path.transform((text) => [target.parse({ path: text })]),
  target.transform((one) => [one]),
  z.array(target).min(1),
]);

const source = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('csv'),
    delimiter: z.string().min(1).default(','),
    quote: z.string().length(1).nullable().default('"'),
    /** Of a file without a header line. */
    header: z.array(z.string().min(1)).min(1).optional(),
  }),
  z.strictObject({ type: z.literal('jsonl') }),
  z.strictObject({
    type: z.literal('lines'),
    /** A regular expression whose named groups are the columns. */
    pattern: z.string().refine(isPattern, 'is no regular expression with named groups'),
    skip: z.number().int().min(0).default(0),
  }),
]);
export type SourceFormat = z.output<typeof source>;

const mapping = z
  .strictObject({
    source: source.optional(),
    record: z.enum(['event', 'profile']).default('event'),
    sandboxName: z.string().regex(SANDBOX_NAME).default('prod'),
    datasetId: z.string().min(1).optional(),
    id: z.string().min(1).optional(),
    timestamp: z.union([
      z.strictObject({ column: z.string().min(1), ...instant }),
      z.strictObject({ constant: z.string().min(1), ...instant }),
    ]),
    identities: z
      .array(
        z.strictObject({
          namespace: z.string().min(1).max(NAMESPACE_LENGTH_MAX),
          column: z.string().min(1),
          primary: z.boolean().default(false),
        }),
      )
      .min(1),
    columns: z.record(z.string(), targets).default({}),
    constants: z.record(path, z.unknown()).default({}),
  })
  .superRefine((given, context) => {
    for (const [at, message] of problemsOf(given)) context.addIssue({ code: 'custom', path: [...at], message });
  });
export type Mapping = z.output<typeof mapping>;
export type Target = z.output<typeof target>;

type Place = readonly [path: readonly string[], message: string];

interface Checked {
  readonly record: 'event' | 'profile';
  readonly datasetId?: string | undefined;
  readonly id?: string | undefined;
  readonly timestamp: z.output<typeof mapping>['timestamp'];
  readonly columns: Readonly<Record<string, readonly Target[]>>;
}

function problemsOf({ record, datasetId, id, timestamp, columns }: Checked): readonly Place[] {
  const places: Place[] = [];
  if (record === 'event' && id === undefined) places.push([['id'], 'is missing: a template such as orders-{line}']);
  if (record === 'profile' && datasetId === undefined) places.push([['datasetId'], 'is missing']);
  const reader = instantReader(timestamp);
  if (typeof reader === 'string') places.push([['timestamp'], reader]);
  for (const [column, own] of Object.entries(columns)) {
    const formats = own.filter(({ type }) => type === 'timestamp').map(instantReader);
    for (const wrong of formats.filter((format) => typeof format === 'string')) {
      places.push([['columns', column], wrong]);
    }
  }
  return places;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp && /\(\?<[^=!]/.test(text);
  } catch {
    return false;
  }
}

/** Throws with every mistake, each with its place. */
export function parseMapping(text: string, file: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as SyntaxError).message}`);
  }
  const parsed = mapping.safeParse(value);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ path: at, message }) => `  ${at.join('.') || 'the mapping'}: ${message}`);
  throw new Error(`${file} is no mapping:\n${mistakes.join('\n')}`);
}
