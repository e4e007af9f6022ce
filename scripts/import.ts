/**
 * Run to bring history in: a file of CSV, JSON Lines or lines of a pattern becomes events or profile records.
 * `npm run import -- --file FILE --mapping MAPPING [--dry-run] [--resume]`; docs/import.md has the mapping.
 */
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readLocalFile } from '#local/local-file.ts';
import { checkpointFile } from './import/checkpoint.ts';
import { type Mapping, parseMapping, type SourceFormat } from './import/mapping.ts';
import { rejectsFile } from './import/rejects.ts';
import { dryRun, type ImportJob, runImport } from './import/run-import.ts';
import { apiSink, localSink, type Sink, streamSink } from './import/sinks.ts';

const USAGE = `usage: npm run import -- --file FILE [--mapping MAPPING] [--dry-run [--show 3]] [--resume]
       [--stream NAME | --api URL]

FILE is CSV, or JSON Lines if its name ends in .jsonl or .ndjson; of those the mapping may be left out where each line is
an event or a profile record already. Without --stream and --api the service that npm start runs takes it. --stream uses
the AWS credentials and region of the environment; --api the token in SHOAL_TOKEN, URL ending before /data/core/ups.`;

const SHOWN = 3;
const print = (text: string) => process.stdout.write(text);

const OPTIONS = {
  file: { type: 'string' },
  mapping: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  show: { type: 'string', default: String(SHOWN) },
  resume: { type: 'boolean', default: false },
  stream: { type: 'string' },
  api: { type: 'string' },
} as const;

const readOptions = () => parseArgs({ options: OPTIONS }).values;

async function main(): Promise<number> {
  const options = readOptions();
  if (options.file === undefined) {
    print(`${USAGE}\n`);
    return 2;
  }
  const job = jobOf(options.file, options.mapping);
  if (options['dry-run']) {
    const { rows, rejected } = await dryRun(job, Number(options.show));
    print(
      `${rows.toLocaleString('en')} rows, ${rejected.toLocaleString('en')} of them can't be taken; nothing was sent\n`,
    );
    return rejected === 0 ? 0 : 1;
  }
  const sink = sinkOf(options, job.mapping?.sandboxName ?? 'prod');
  try {
    return await importAll(job, sink, options.resume);
  } finally {
    sink.close();
  }
}

function jobOf(file: string, mappingFile: string | undefined): ImportJob {
  const usual: SourceFormat = /^\.(jsonl|ndjson)$/.test(extname(file))
    ? { type: 'jsonl' }
    : { type: 'csv', delimiter: ',', quote: '"' };
  if (mappingFile === undefined && usual.type !== 'jsonl') throw new Error(`a CSV file needs a --mapping\n\n${USAGE}`);
  const mappingText = mappingFile === undefined ? '' : readFileSync(mappingFile, 'utf8');
  const mapping: Mapping | undefined = mappingFile === undefined ? undefined : parseMapping(mappingText, mappingFile);
  return { file, mapping, mappingText, source: mapping?.source ?? usual, print };
}

function sinkOf({ stream, api }: { readonly stream?: string; readonly api?: string }, sandbox: string): Sink {
  if (api !== undefined) {
    const token = process.env.SHOAL_TOKEN;
    if (!token) throw new Error(`SHOAL_TOKEN is not set\n\n${USAGE}`);
    return apiSink({ apiUrl: api.replace(/\/$/, ''), token, sandbox });
  }
  if (stream !== undefined) return streamSink({ stream });
  return localSink(readLocalFile(process.env.SHOAL_DIR ?? join(import.meta.dirname, '..', '.shoal')));
}

async function importAll(job: ImportJob, sink: Sink, resume: boolean): Promise<number> {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  try {
    const { taken, rejected, line, isDone } = await runImport(job, { resume, sink, stop: stopping.signal });
    print(`${taken.toLocaleString('en')} records sent, ${rejected.toLocaleString('en')} rows rejected\n`);
    if (rejected > 0) print(`the rejected rows and their reasons: ${rejectsFile(job.file)}\n`);
    if (!isDone) print(`stopped after line ${line}: --resume goes on from there\n`);
    return isDone && rejected === 0 ? 0 : 1;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n--resume goes on from ${checkpointFile(job.file)}, if it is there`);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const { code, path, message } = error as NodeJS.ErrnoException;
  process.stderr.write(code === 'ENOENT' ? `${path} is not there\n` : `${message}\n`);
  process.exitCode = 1;
}
