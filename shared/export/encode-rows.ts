/** Rows as the bytes of one file: every file of an export has the same columns, and can be read by itself. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ColumnType, ExportColumn, ExportFormat } from '#shared/batch/export-specification.ts';
import { unreachable } from '#shared/kernel/invariant.ts';

/** A value of a column's type, or null. */
export type Cell = string | number | boolean | object | null;
export type Row = readonly Cell[];

export const EXTENSION: Readonly<Record<ExportFormat, string>> = { jsonl: 'jsonl', csv: 'csv', parquet: 'parquet' };

export const CONTENT_TYPE: Readonly<Record<ExportFormat, string>> = {
  jsonl: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
};

export function encodeRows(format: ExportFormat, columns: readonly ExportColumn[], rows: readonly Row[]): Uint8Array {
  switch (format) {
    case 'jsonl':
      return text(jsonLines(columns, rows));
    case 'csv':
      return text(csvLines(columns, rows));
    case 'parquet':
      return parquet(columns, rows);
    default:
      return unreachable(format);
  }
}

const text = (lines: readonly string[]) => new TextEncoder().encode(lines.join(''));

/** Columns without a value are left out. */
const jsonLines = (columns: readonly ExportColumn[], rows: readonly Row[]) =>
  rows.map((row) => {
    const entries = columns.flatMap(({ name }, index) => (row[index] === null ? [] : [[name, row[index]] as const]));
    return `${JSON.stringify(Object.fromEntries(entries))}\n`;
  });

/** RFC 4180, with a line of names first. */
const csvLines = (columns: readonly ExportColumn[], rows: readonly Row[]) => [
  `${columns.map(({ name }) => field(name)).join(',')}\r\n`,
  ...rows.map((row) => `${row.map((cell, index) => csvField(cell, columns[index]?.type ?? 'text')).join(',')}\r\n`),
];

/**
 * A spreadsheet takes text that begins so for a formula, and runs it: an apostrophe in front makes it text again. Numbers
 * are no text and stay as they are.
 */
const FORMULA = /^[=+\-@\t\r\n|%＝＋－＠]/;

function csvField(cell: Cell, type: ColumnType): string {
  if (cell === null) return '';
  if (type === 'json') return field(JSON.stringify(cell));
  if (typeof cell !== 'string') return String(cell);
  return field(FORMULA.test(cell) ? `'${cell}` : cell);
}

/** An empty text is quoted: without quotes there is no value. */
const field = (value: string) =>
  value === '' || /[",\r\n]/.test(value) || value !== value.trim() ? `"${value.replaceAll('"', '""')}"` : value;

const PARQUET_TYPE = { text: 'STRING', number: 'DOUBLE', integer: 'INT64', boolean: 'BOOLEAN', json: 'JSON' } as const;

function parquet(columns: readonly ExportColumn[], rows: readonly Row[]): Uint8Array {
  const columnData = columns.map(({ name, type }, index) => ({
    name,
    type: PARQUET_TYPE[type],
    nullable: true,
    data: rows.map((row) => {
      const cell = row[index] as Cell;
      return type === 'integer' && cell !== null ? BigInt(cell as number) : cell;
    }),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
