/** The rows of a file one after another, never more of it in memory than a few of them. */
import { createReadStream, type ReadStream } from 'node:fs';
import { type CsvError, type Info, parse } from 'csv-parse';
import type { SourceFormat } from './mapping.ts';

/** A row, or what stands where one should be. */
export type Row =
  | { readonly line: number; readonly cells: Readonly<Record<string, unknown>>; readonly text: string }
  | { readonly line: number; readonly reason: string; readonly text: string };

export const LINE_BYTES_MAX = 1024 * 1024;

export interface RowSource {
  readonly rows: AsyncIterable<Row>;
  readonly bytesRead: () => number;
}

export function openRows(file: string, format: SourceFormat): RowSource {
  const stream = createReadStream(file);
  const rows = format.type === 'csv' ? csvRows(stream, format) : lineRows(stream, lineReader(format));
  return { rows, bytesRead: () => stream.bytesRead };
}

type CsvFormat = Extract<SourceFormat, { type: 'csv' }>;

async function* csvRows(stream: ReadStream, { delimiter, quote, header }: CsvFormat): AsyncGenerator<Row> {
  const skipped: Row[] = [];
  const parser = parse({
    delimiter,
    quote: quote ?? false,
    columns: header === undefined ? true : [...header],
    bom: true,
    info: true,
    raw: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: LINE_BYTES_MAX,
    on_skip: (error, text) => {
      skipped.push({ line: lineOf(error), reason: error?.message ?? 'no row of this file', text: text ?? '' });
      return undefined;
    },
  });
  stream.on('error', (error) => parser.destroy(error));
  for await (const { record, info, raw } of stream.pipe(parser) as AsyncIterable<Parsed>) {
    // The parser runs ahead: what it skipped behind this row waits, for a checkpoint counts on the order.
    const before = skipped.findIndex(({ line }) => line > info.lines);
    yield* skipped.splice(0, before < 0 ? skipped.length : before);
    yield { line: info.lines, cells: record, text: raw.replace(/\r?\n$/, '') };
  }
  yield* skipped.splice(0);
}

interface Parsed {
  readonly record: Readonly<Record<string, string>>;
  readonly info: Info;
  readonly raw: string;
}

const lineOf = (error: CsvError | undefined) => Number((error as { lines?: number } | undefined)?.lines ?? 0);

/** `undefined` for a line that holds no row. */
type ReadLine = (text: string, line: number) => Row | undefined;

function lineReader(format: Exclude<SourceFormat, CsvFormat>): ReadLine {
  if (format.type === 'jsonl') return (text, line) => (text.trim() === '' ? undefined : jsonRow(text, line));
  const pattern = new RegExp(format.pattern);
  return (text, line) => {
    if (line <= format.skip || text.trim() === '') return undefined;
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) return { line, text, reason: 'the line is not of the pattern' };
    return { line, text, cells: { ...groups } };
  };
}

function jsonRow(text: string, line: number): Row {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      return { line, text, cells: value as Readonly<Record<string, unknown>> };
    }
    return { line, text, reason: 'the line is no JSON object' };
  } catch (error) {
    return { line, text, reason: `the line is not JSON: ${(error as SyntaxError).message}` };
  }
}

async function* lineRows(stream: ReadStream, readLine: ReadLine): AsyncGenerator<Row> {
  let line = 0;
  for await (const bytes of linesOf(stream)) {
    line += 1;
    const isTooLong = bytes.length > LINE_BYTES_MAX;
    const text = bytes.toString('utf8', 0, isTooLong ? 200 : bytes.length).replace(/^\uFEFF|\r$/g, '');
    const row = isTooLong
      ? { line, text, reason: `the line has more than ${LINE_BYTES_MAX} bytes` }
      : readLine(text, line);
    if (row !== undefined) yield row;
  }
}

/** Of a line that is too long only the beginning. */
async function* linesOf(stream: ReadStream): AsyncGenerator<Buffer> {
  let open: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    if (length <= LINE_BYTES_MAX) open.push(part);
    length += part.length;
  };
  const close = () => {
    const line = Buffer.concat(open);
    open = [];
    length = 0;
    return line;
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      yield close();
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield close();
}
