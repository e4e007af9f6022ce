/**
 * `npm run batch-check -- [--profiles 200000] [--seed 1]`: holds a segment job to what streaming wrote and to the plain
 * evaluator, its memory to that of a job over a tenth of the people, and a job whose process was killed half way to one that
 * was not. Takes minutes; prints one JSON object, and exits with 1 if anything differs.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const MEMORY_RATIO_MAX = 1.2;
const RANGES = 8;

const { values } = parseArgs({
  options: { profiles: { type: 'string', default: '200000' }, seed: { type: 'string', default: '1' } },
});
const profiles = Number(values.profiles);
const folder = mkdtempSync(join(tmpdir(), 'shoal-batch-check-'));
const script = (name: string) => join(import.meta.dirname, name);

interface Generated {
  readonly events: number;
  readonly sampled: number;
  readonly compared: number;
  readonly wrong: number;
  readonly members: Readonly<Record<string, number>>;
}

interface Ran {
  readonly status: string;
  readonly profiles: number;
  readonly drifts: number;
  readonly behind: number;
  readonly failed: number;
  readonly woken: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

const node = (args: readonly string[]) =>
  execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

const progress = (line: string) => process.stderr.write(`${line}\n`);

function generate(count: number): { readonly file: string; readonly generated: Generated } {
  progress(`${count} profiles are brought up to date by streaming`);
  const file = join(folder, `profiles-${count}.sqlite`);
  return { file, generated: JSON.parse(node([script('generate.ts'), file, String(count), values.seed])) };
}

const jobArguments = (file: string, results: string) => [
  script('job-process.ts'),
  file,
  join(folder, results),
  String(RANGES),
  values.seed,
];

function run(file: string, results: string): Ran {
  progress(`a job over ${file}`);
  return JSON.parse(node(jobArguments(file, results)));
}

/** Killed after so many slices, then started again. */
function runKilled(file: string, results: string, slices: number): Ran {
  progress(`a job that is killed after ${slices} slices`);
  const { signal } = spawnSync(process.execPath, [...jobArguments(file, results), String(slices)]);
  if (signal !== 'SIGKILL') throw new Error('the job was not killed');
  return run(file, results);
}

const asText = (counts: Readonly<Record<string, number>>) =>
  JSON.stringify(Object.entries(counts).filter(([, count]) => count > 0));

function check() {
  const small = generate(profiles / 10);
  const large = generate(profiles);
  const smallJob = run(small.file, 'small');
  const job = run(large.file, 'whole');
  const redriven = runKilled(large.file, 'killed', Math.round(profiles / 10_000));
  const { counts, ...figures } = job;
  const ratio = job.peakMegabytes / smallJob.peakMegabytes;
  const { sampled, compared, wrong, events } = large.generated;
  return {
    profiles,
    definitions: Object.keys(large.generated.members).length,
    events,
    memberships: Object.values(counts).reduce((sum, count) => sum + count, 0),
    batchEqualsStreaming: asText(counts) === asText(large.generated.members) && job.drifts === 0 && job.woken === 0,
    oracle: { profiles: sampled, memberships: compared, wrong },
    memory: { small: smallJob.peakMegabytes, large: job.peakMegabytes, ratio: Number(ratio.toFixed(3)) },
    redrivenEqualsWhole: asText(redriven.counts) === asText(counts) && redriven.profiles === job.profiles,
    profilesPerCpuSecond: Math.round(profiles / job.cpuSeconds),
    job: figures,
  };
}

try {
  const found = check();
  process.stdout.write(`${JSON.stringify(found, undefined, 1)}\n`);
  const isRight =
    found.batchEqualsStreaming &&
    found.oracle.wrong === 0 &&
    found.memory.ratio <= MEMORY_RATIO_MAX &&
    found.redrivenEqualsWhole;
  process.exitCode = isRight ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
