/** The import itself: rows, mapped and checked, in batches into the sink; the checkpoint follows each batch. */
import { statSync } from 'node:fs';
import { partitionKeyOf } from '#shared/aws/stream-records.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { readStreamRecord } from '#shared/profile/stream-record.ts';
import { CheckpointFile, type Progress, START } from './checkpoint.ts';
import { type MapRow, rowMapper } from './map-row.ts';
import type { Mapping, SourceFormat } from './mapping.ts';
import { ProgressLine } from './progress-line.ts';
import { Rejects } from './rejects.ts';
import { openRows, type Row } from './rows.ts';
import type { NumberedLine, Sink } from './sinks.ts';

export interface ImportJob {
  readonly file: string;
  readonly source: SourceFormat;
  /** None: each row is an event or a profile record as it stands. */
  readonly mapping: Mapping | undefined;
  readonly mappingText: string;
  readonly print: (text: string) => void;
}

/** Also how many rows at most are sent again after a crash; they are known by their ids. */
const ROWS_PER_BATCH = 2_000;
const BATCH_BYTES_MAX = 2 * 1024 * 1024;

/** Held to exactly what the stream's reader will hold it to, so that nothing accepted here is quarantined there. */
export function checkedRows({ mapping, source }: ImportJob, now: number): (row: Row) => Result<NumberedLine, string> {
  const map: MapRow = mapping === undefined ? ({ cells }) => ok(cells) : rowMapper(mapping, source.type !== 'jsonl');
  return (row) => {
    if ('reason' in row) return fail(row.reason);
    const mapped = map(row);
    if (!mapped.ok) return mapped;
    const line = JSON.stringify(mapped.value);
    const [read] = readStreamRecord(new TextEncoder().encode(line), now);
    if (read === undefined || read.kind === 'reject') return fail(read?.reason ?? 'nothing to read');
    if (read.kind === 'wake-up') return fail('recordType is neither event nor profile');
    return ok({ line, lineNumber: row.line, partitionKey: partitionKeyOf(read.sandboxName, read.identities, 0) });
  };
}

export interface DryRun {
  readonly rows: number;
  readonly rejected: number;
}

/** Sends nothing and writes no file: the first mapped records, and every row that can't be mapped. */
export async function dryRun(job: ImportJob, shown: number): Promise<DryRun> {
  const check = checkedRows(job, Date.now());
  let [rows, rejected] = [0, 0];
  for await (const row of openRows(job.file, job.source).rows) {
    rows += 1;
    const checked = check(row);
    if (!checked.ok) {
      rejected += 1;
      job.print(`line ${row.line}: ${checked.error}\n`);
    } else if (rows - rejected <= shown) {
      job.print(`line ${row.line} becomes ${JSON.stringify(JSON.parse(checked.value.line), null, 2)}\n`);
    }
  }
  return { rows, rejected };
}

export interface Imported extends Progress {
  /** False if it was told to stop. */
  readonly isDone: boolean;
}

export interface ImportOptions {
  readonly resume: boolean;
  readonly sink: Sink;
  readonly stop: AbortSignal;
}

export async function runImport(job: ImportJob, { resume, sink, stop }: ImportOptions): Promise<Imported> {
  const checkpoint = new CheckpointFile(job.file, job.mappingText);
  const start = (resume ? checkpoint.read() : undefined) ?? START;
  if (start.line > 0) job.print(`going on after line ${start.line}\n`);
  const rejects = new Rejects(job.file, start.rejectsBytes);
  const { rows, bytesRead } = openRows(job.file, job.source);
  const batches = new Batches({ job, sink, rejects, start });
  const bar = new ProgressLine(statSync(job.file).size, job.print);
  try {
    for await (const row of rows) {
      if (row.line <= start.line) continue;
      if (!batches.add(row)) continue;
      checkpoint.write(await batches.send(), false);
      bar.show(bytesRead(), batches.progress);
      if (stop.aborted) break;
    }
    const progress = await batches.send();
    checkpoint.write(progress, !stop.aborted);
    bar.show(bytesRead(), progress);
    return { ...progress, isDone: !stop.aborted };
  } finally {
    bar.end();
    rejects.close();
  }
}

interface BatchSettings {
  readonly job: ImportJob;
  readonly sink: Sink;
  readonly rejects: Rejects;
  readonly start: Progress;
}

class Batches {
  readonly #settings: BatchSettings;
  readonly #check: (row: Row) => Result<NumberedLine, string>;
  #progress: Progress;
  #lastLine: number;
  #waiting: NumberedLine[] = [];
  /** By line, for the file of rejects. */
  #texts = new Map<number, string>();
  #bytes = 0;
  #rows = 0;

  constructor(settings: BatchSettings) {
    this.#settings = settings;
    this.#progress = settings.start;
    this.#lastLine = settings.start.line;
    this.#check = checkedRows(settings.job, Date.now());
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** True when it is time to send. */
  add(row: Row): boolean {
    const checked = this.#check(row);
    this.#lastLine = Math.max(this.#lastLine, row.line);
    this.#rows += 1;
    if (checked.ok) {
      this.#waiting.push(checked.value);
      this.#texts.set(row.line, row.text);
      this.#bytes += checked.value.line.length;
    } else {
      this.#reject({ ...row, reason: checked.error });
    }
    return this.#rows >= ROWS_PER_BATCH || this.#bytes >= BATCH_BYTES_MAX;
  }

  async send(): Promise<Progress> {
    const lines = this.#waiting;
    const refused = lines.length === 0 ? [] : await this.#settings.sink.write(lines);
    for (const { lineNumber, reason } of refused) {
      this.#reject({ line: lineNumber, reason, text: this.#texts.get(lineNumber) ?? '' });
    }
    const taken = this.#progress.taken + lines.length - refused.length;
    const { bytes: rejectsBytes } = this.#settings.rejects;
    this.#progress = { ...this.#progress, line: this.#lastLine, taken, rejectsBytes };
    this.#waiting = [];
    this.#texts = new Map();
    this.#bytes = 0;
    this.#rows = 0;
    return this.#progress;
  }

  #reject(row: { readonly line: number; readonly reason: string; readonly text: string }): void {
    this.#settings.rejects.add({ line: row.line, reason: row.reason, text: row.text });
    this.#progress = { ...this.#progress, rejected: this.#progress.rejected + 1 };
  }
}
