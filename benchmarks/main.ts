/** `npm run --silent bench -- --suite NAME --json`: one JSON object on standard output, progress on standard error. */
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Suite } from './suite.ts';
import { loadWorkload } from './workload/workload.ts';

const USAGE = `usage: npm run --silent bench -- --suite NAME [--segments N] [--seed S] [--rate R] [--workload MODULE] --json
  --suite     evaluator, windows, process-events, batch, latency or propensity
  --segments  how many definitions; without it the suite's own numbers
  --seed      of the definitions, people and events; 1 without it
  --rate      events a second that the suite latency sends
  --workload  a module that exports makeProfiles, makeEvents and makeSegments, in place of the project's own`;

/** Loaded when asked for: a suite's peers are no business of another's. */
const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
  evaluator: async () => (await import('./suites/evaluator.ts')).evaluator,
  windows: async () => (await import('./suites/windows.ts')).windows,
  'process-events': async () => (await import('./suites/process-events.ts')).processEventsSuite,
  batch: async () => (await import('./suites/batch.ts')).batch,
  latency: async () => (await import('./suites/latency.ts')).latency,
  propensity: async () => (await import('./suites/propensity.ts')).propensity,
};

class UsageError extends Error {}

function parse(given: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { suite: text, segments: text, seed: text, rate: text, workload: text, json: { type: 'boolean' } };
  try {
    return parseArgs({
      args: [...given],
      strict: true,
      options: options as typeof options & { json: { type: 'boolean' } },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UsageError(`--${name} ${text}: a whole number above 0 is wanted`);
}

function suiteNamed(name: string | undefined): () => Promise<Suite> {
  const load = SUITES[name ?? ''];
  if (load === undefined) throw new UsageError(`--suite ${name ?? 'is missing'}\n${USAGE}`);
  return load;
}

async function main(): Promise<void> {
  const { suite: name, segments, seed, rate, workload: path } = parse(process.argv.slice(2));
  const load = suiteNamed(name);
  const options = {
    segments: positive('segments', segments),
    seed: positive('seed', seed) ?? 1,
    rate: positive('rate', rate),
    workload: await loadWorkload(path),
    workloadPath: path === undefined ? undefined : resolve(path),
    progress: (line: string) => process.stderr.write(`${line}\n`),
  };
  const suite = await load();
  const figures = await suite(options);
  const machine = { node: process.version, processors: cpus().length, model: cpus()[0]?.model };
  const workload = path === undefined ? 'benchmarks/workload' : 'external';
  process.stdout.write(`${JSON.stringify({ suite: name, seed: options.seed, workload, machine, ...figures })}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
