/** An uploaded CSV as memberships: a line of names, then a person a line. Every bad line is named, and none is passed over. */
import { type CsvError, parse } from 'csv-parse/sync';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { IDENTITY_LENGTH_MAX } from '#shared/profile/identity.ts';

export const UPLOAD_ROWS_MAX = 100_000;
const MISTAKES_MAX = 100;
const DAY_MS = 86_400_000;

export interface UploadColumns {
  /** Of the identity. */
  readonly identity: string;
  /** Of the instant until which somebody belongs; absent where all have the same. */
  readonly validUntil?: string | undefined;
  /** For whoever has no instant of their own. */
  readonly ttlInDays: number;
}

/** The first line, with the names, is 1. */
export interface RowMistake {
  readonly line: number;
  readonly message: string;
}

interface CsvRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** Until when, by identity: of one that stands there twice the later. */
export function readUploadRows(
  csv: string,
  columns: UploadColumns,
  at: number,
): Result<ReadonlyMap<string, number>, readonly RowMistake[]> {
  const rows = parsed(csv);
  if (!rows.ok) return rows;
  const missing = missingColumn(csv, columns);
  if (missing !== undefined) return fail([{ line: 1, message: `has no column ${missing}` }]);
  if (rows.value.length > UPLOAD_ROWS_MAX) {
    return fail([{ line: UPLOAD_ROWS_MAX + 2, message: `is one too many: an upload has at most ${UPLOAD_ROWS_MAX}` }]);
  }
  const members = new Map<string, number>();
  const mistakes: RowMistake[] = [];
  for (const { record, info } of rows.value) {
    const row = memberOf(record, columns, at);
    if (typeof row === 'string') mistakes.push({ line: info.lines, message: row });
    else members.set(row.id, Math.max(members.get(row.id) ?? 0, row.validUntil));
    if (mistakes.length === MISTAKES_MAX) break;
  }
  return mistakes.length > 0 ? fail(mistakes) : ok(members);
}

const OPTIONS = { bom: true, skip_empty_lines: true, trim: true } as const;

function parsed(csv: string): Result<readonly CsvRow[], readonly RowMistake[]> {
  try {
    return ok(parse(csv, { ...OPTIONS, columns: true, info: true }) as unknown as CsvRow[]);
  } catch (error) {
    const { lines = 1, message } = error as CsvError & { readonly lines?: number };
    return fail([{ line: lines, message }]);
  }
}

function missingColumn(csv: string, { identity, validUntil }: UploadColumns): string | undefined {
  const [names = []] = parse(csv, { ...OPTIONS, to: 1 }) as string[][];
  return [identity, validUntil].find((name) => name !== undefined && !names.includes(name));
}

const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** What is wrong with it, in words. */
function memberOf(
  record: Readonly<Record<string, string>>,
  { identity, validUntil, ttlInDays }: UploadColumns,
  at: number,
): { readonly id: string; readonly validUntil: number } | string {
  const id = record[identity] ?? '';
  if (id === '') return `has nothing in ${identity}`;
  if (id.length > IDENTITY_LENGTH_MAX) return `has more than ${IDENTITY_LENGTH_MAX} characters in ${identity}`;
  const text = validUntil === undefined ? '' : (record[validUntil] ?? '');
  if (text === '') return { id, validUntil: at + ttlInDays * DAY_MS };
  const until = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until)) return `has no instant in ${validUntil}: ${text.slice(0, 50)} is no ISO 8601 with an offset`;
  return { id, validUntil: until };
}
