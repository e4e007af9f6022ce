/**
 * Run when you want to see the whole service on real input: 69,659 purchases go through Kinesis, and the sizes of five
 * segments are held to an independent count over the file. `npm run replay -- --cdnow FILE [--running] [--import]`
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { startChildRunner } from '#local/child-runner.ts';
import { ShoalClient } from '#local/client.ts';
import { type LocalFile, readLocalFile } from '#local/local-file.ts';
import { DEFINITIONS } from './cdnow/definitions.ts';
import { byCustomer, type Purchase, readPurchases } from './cdnow/purchases.ts';
import { foldSizes } from './cdnow/segment-sizes.ts';
import { sendPurchases } from './cdnow/send-purchases.ts';
import { parseMapping, type SourceFormat } from './import/mapping.ts';
import { runImport } from './import/run-import.ts';
import { localSink } from './import/sinks.ts';

const CLOCK = '1998-07-01T00:00:00Z';
const DAY_MS = 86_400_000;
/** Every purchase is dated at midnight, so no window passes its boundary while this runs. */
const CLOCK_END = Date.parse(CLOCK) + DAY_MS;

const MAPPING = join(import.meta.dirname, '..', 'examples/import/cdnow.mapping.json');

const tell = (text: string) => process.stdout.write(text);
const print = (line: string) => tell(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      cdnow: { type: 'string' },
      running: { type: 'boolean', default: false },
      import: { type: 'boolean', default: false },
    },
  });
  const { cdnow, running } = values;
  if (cdnow === undefined) {
    print('usage: npm run replay -- --cdnow CDNOW_master.txt [--running] [--import]');
    return 2;
  }
  if (!existsSync(cdnow)) {
    print(`skipped: ${cdnow} is not there`);
    return 0;
  }
  const runner = running
    ? undefined
    : await startChildRunner({ options: ['--no-demo', '--clock', CLOCK], onLine: print });
  try {
    const local = runner?.local ?? runningService();
    const how = values.import ? importing(cdnow) : sendPurchases;
    return await replay(local, readPurchases(cdnow), how);
  } finally {
    await runner?.stop();
  }
}

function runningService(): LocalFile {
  return readLocalFile(process.env.SHOAL_DIR ?? join(import.meta.dirname, '..', '.shoal'));
}

type Send = (client: ShoalClient, purchases: readonly Purchase[]) => Promise<void>;

async function replay(local: LocalFile, purchases: readonly Purchase[], sendAll: Send): Promise<number> {
  const client = new ShoalClient(local);
  await checkClock(client);
  const ids = new Map<string, string>();
  for (const { name, pql } of DEFINITIONS) ids.set(name, await client.createDefinition(name, pql));
  const { next } = await client.allChanges();
  const start = performance.now();
  await sendAll(client, purchases);
  print(`sent ${rate(purchases.length, performance.now() - start)}; waiting until all are processed`);
  await client.untilIdle();
  print(`processed ${rate(purchases.length, performance.now() - start)}`);
  const { changes } = await client.allChanges(next);
  print(`${changes.length.toLocaleString('en')} membership changes in the feed`);
  await checkClock(client);
  const { now } = await client.progress();
  client.close();
  return compare(foldSizes(changes), ids, { purchases, now });
}

async function checkClock(client: ShoalClient): Promise<void> {
  const { now } = await client.progress();
  if (now >= Date.parse(CLOCK) && now < CLOCK_END) return;
  const clock = new Date(now).toISOString();
  throw new Error(`the service's clock reads ${clock}: the file ends in June 1998, so start it with --clock ${CLOCK}`);
}

/** As anybody brings history in: the file by the import's mapping. Ids and fields are the same, so the sizes must be. */
function importing(cdnow: string): Send {
  return async ({ local }) => {
    const folder = mkdtempSync(join(tmpdir(), 'shoal-replay-'));
    const file = join(folder, basename(cdnow));
    const mappingText = readFileSync(MAPPING, 'utf8');
    const mapping = parseMapping(mappingText, MAPPING);
    const sink = localSink(local);
    try {
      // An import leaves its files beside the source.
      copyFileSync(cdnow, file);
      const job = { file, mapping, mappingText, source: mapping.source as SourceFormat, print: tell };
      const { rejected } = await runImport(job, { resume: false, sink, stop: new AbortController().signal });
      if (rejected > 0) throw new Error(`${rejected} lines of the file were rejected`);
    } finally {
      sink.close();
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function rate(events: number, elapsedMs: number): string {
  const perSecond = Math.round(events / (elapsedMs / 1000)).toLocaleString('en');
  return `${events.toLocaleString('en')} events in ${(elapsedMs / 1000).toFixed(1)} s (${perSecond} events/s)`;
}

interface Truth {
  readonly purchases: readonly Purchase[];
  readonly now: number;
}

function compare(
  sizes: ReadonlyMap<string, number>,
  ids: ReadonlyMap<string, string>,
  { purchases, now }: Truth,
): number {
  const customers = [...byCustomer(purchases).values()];
  const width = Math.max(...DEFINITIONS.map(({ name }) => name.length));
  print(`\n${'segment'.padEnd(width)}  ${'service'.padStart(8)}  ${'file'.padStart(8)}`);
  let differences = 0;
  for (const { name, holds } of DEFINITIONS) {
    const size = sizes.get(ids.get(name) ?? '') ?? 0;
    const expected = customers.filter((own) => holds(own, now)).length;
    if (size !== expected) differences += 1;
    const mark = size === expected ? '' : '  ← differs';
    print(`${name.padEnd(width)}  ${String(size).padStart(8)}  ${String(expected).padStart(8)}${mark}`);
  }
  print(differences === 0 ? '\nall sizes agree' : `\n${differences} of ${DEFINITIONS.length} sizes differ`);
  return differences === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
