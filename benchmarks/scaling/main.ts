/**
 * Run after a benchmark's results have changed: computes docs/scaling.md's tables from list prices and measured units.
 * `npm run scaling` prints them; `npm run scaling -- --write` puts them into the page.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Company, type MeasuredUnits, type Scaling, scale } from './model.ts';
import { storedBytes } from './stored-bytes.ts';

const ROOT = join(import.meta.dirname, '../..');
const RESULTS = join(ROOT, 'benchmarks/results/0.1.0.json');
const BATCH = join(ROOT, 'benchmarks/results/batch-units.json');
const PAGE = join(ROOT, 'docs/scaling.md');
const SIZES = [10_000_000, 100_000_000, 1_000_000_000] as const;
const BEGIN = '<!-- computed by npm run scaling -->';
const END = '<!-- end of what is computed -->';

const COMPANY: Omit<Company, 'profiles'> = { eventsPerProfileAndMonth: 20, retentionMonths: 12, jobsPerMonth: 30 };

interface Results {
  readonly 'process-events': {
    readonly figures: Readonly<Record<'oneByOne' | 'inRecordsOfTen', { readonly sdk: StreamFigures }>>;
  };
}

interface StreamFigures {
  readonly microsecondsPerEvent: number;
  readonly writeUnitsPerEvent: { readonly all: number };
  readonly stateBytes: { readonly p50: number };
  readonly dollarsPerMillionEvents: { readonly dynamoReads: number };
}

interface BatchUnits {
  readonly processorMicrosecondsPerProfile: number;
  readonly definitions: number;
}

const json = <Content>(path: string) => JSON.parse(readFileSync(path, 'utf8')) as Content;

const stored = storedBytes();

function unitsOf(figures: StreamFigures, batch: BatchUnits, eventsPerRecord: number): MeasuredUnits {
  const { microsecondsPerEvent, writeUnitsPerEvent, stateBytes, dollarsPerMillionEvents } = figures;
  return {
    event: {
      writeUnits: writeUnitsPerEvent.all,
      readUnits: dollarsPerMillionEvents.dynamoReads / 0.125,
      records: 1 / eventsPerRecord,
      bytes: 500,
      processorMicroseconds: microsecondsPerEvent,
      invocations: 1 / 100,
    },
    profileBytes: stateBytes.p50 + stored.attributes,
    historyBytesPerEvent: stored.historyPerEvent,
    batch,
  };
}

const dollars = (amount: number) => `$${Math.round(amount).toLocaleString('en')}`;
const number = (amount: number) => amount.toLocaleString('en', { maximumSignificantDigits: 3 });

const ROWS: readonly (readonly [string, (scaling: Scaling) => string])[] = [
  ['events a second, mean', ({ eventsPerSecond }) => number(eventsPerSecond)],
  ['Kinesis shards, at twice the mean', ({ shards }) => number(shards)],
  ['vCPUs of process-events, at twice the mean', ({ processors }) => number(processors)],
  ['table `profiles`, GB', ({ tableGigabytes }) => number(tableGigabytes)],
  ['table `history`, GB', ({ historyGigabytes }) => number(historyGigabytes)],
  ['a segment job at default settings, hours', ({ job }) => number(job.hours)],
  ['… within an hour: vCPUs', ({ job }) => number(job.withinAnHour.processors)],
  ['… within an hour: read units a second', ({ job }) => number(job.withinAnHour.readUnitsPerSecond)],
  ['… dollars', ({ job }) => `$${job.dollars.toFixed(2)}`],
  ['events, a month', ({ dollarsPerMonth }) => dollars(dollarsPerMonth.events)],
  ['storage with backups, a month', ({ dollarsPerMonth }) => dollars(dollarsPerMonth.storage)],
  ['a job a day, a month', ({ dollarsPerMonth }) => dollars(dollarsPerMonth.jobs)],
  ['**together, a month**', ({ dollarsPerMonth }) => `**${dollars(dollarsPerMonth.total)}**`],
  [
    'a thousand profiles, a month',
    ({ dollarsPerMonth, profiles }) => `$${((1000 * dollarsPerMonth.total) / profiles).toFixed(2)}`,
  ],
];

function table(title: string, units: MeasuredUnits): string {
  const scalings = SIZES.map((profiles) => scale({ ...COMPANY, profiles }, units));
  const head = `| ${title} | ${SIZES.map((profiles) => `${number(profiles / 1e6)} M profiles`).join(' | ')} |`;
  const rule = `|---|${SIZES.map(() => '---:').join('|')}|`;
  const rows = ROWS.map(([name, show]) => `| ${name} | ${scalings.map(show).join(' | ')} |`);
  return [head, rule, ...rows].join('\n');
}

function computed(): string {
  const { figures } = json<Results>(RESULTS)['process-events'];
  const batch = json<BatchUnits>(BATCH);
  return [
    table('Events one by one', unitsOf(figures.oneByOne.sdk, batch, 1)),
    table('Events in records of ten', unitsOf(figures.inRecordsOfTen.sdk, batch, 10)),
  ].join('\n\n');
}

function written(page: string, tables: string): string {
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`docs/scaling.md must hold the lines ${BEGIN} and ${END}`);
  return `${page.slice(0, before + BEGIN.length)}\n\n${tables}\n\n${page.slice(after)}`;
}

const tables = computed();
if (process.argv.includes('--write')) writeFileSync(PAGE, written(readFileSync(PAGE, 'utf8'), tables));
else process.stdout.write(`${tables}\n`);
