/**
 * Run when tests of the language change: `npm run mutate -- [--minutes 5] [--seed 1] [--workers 2] [--only compiler]`.
 * Breaks shared/pql in one small way at a time, in copies of the project, and counts how many breaks the tests notice.
 * Mutants are drawn at random, so a short run estimates the score of a long one; the survivors are listed.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mutant, mutantsOf } from './mutate/mutants.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seed: { type: 'string' },
    workers: { type: 'string' },
    only: { type: 'string' },
  },
});
const MINUTES = Number(values.minutes ?? 5);
const SEED = Number(values.seed ?? 1);
const WORKERS = Number(values.workers ?? 2);
const root = join(import.meta.dirname, '..');
/** The oracle is a test of the compiler, and the analysis has tests of its own elsewhere. */
const LEFT_OUT = /shared\/pql\/(oracle\/|incremental\/|explain\/|interpreter\.ts|ast\.ts|index\.ts|limits\.ts)/;
const COPIED = [
  'scripts/pql',
  'scripts/mutate',
  'shared/kernel',
  'shared/pql',
  'test/conformance',
  'test/unit/pql',
  'test/property',
  'docs/pql.md',
];
const SETTINGS = ['package.json', 'tsconfig.json', 'vitest.config.ts'];
const VITEST = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'core', '--bail', '1'];

interface Stage {
  readonly args: readonly string[];
  /** A mutant that loops is noticed too. */
  readonly secondsMax: number;
}

/** The quick tests first: most mutants never meet the others. */
const STAGES: readonly Stage[] = [
  { args: ['scripts/mutate/quick-check.ts'], secondsMax: 10 },
  { args: [...VITEST, 'test/unit/pql', 'test/conformance'], secondsMax: 40 },
  { args: [...VITEST, 'test/property/pql'], secondsMax: 90 },
];

const sourceFiles = (): string[] =>
  readdirSync(join(root, 'shared/pql'), { recursive: true, encoding: 'utf8' })
    .map((file) => `shared/pql/${file}`)
    .filter((file) => file.endsWith('.ts') && !LEFT_OUT.test(file) && file.includes(values.only ?? ''));

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 0;
  };
  return items
    .map((item) => ({ item, key: next() }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item);
}

function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'shoal-mutate-'));
  for (const path of [...COPIED, ...SETTINGS]) {
    mkdirSync(join(copy, dirname(path)), { recursive: true });
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Whether the tests pass, within the time. A test runner has processes of its own, so its whole group is ended. */
function passes(copy: string, { args, secondsMax }: Stage): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: copy, stdio: 'ignore', detached: true });
    const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), secondsMax * 1_000);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

async function survives(copy: string, { path, text }: Mutant): Promise<boolean> {
  const original = readFileSync(join(copy, path), 'utf8');
  writeFileSync(join(copy, path), text);
  try {
    for (const stage of STAGES) if (!(await passes(copy, stage))) return false;
    return true;
  } finally {
    writeFileSync(join(copy, path), original);
  }
}

interface Score {
  tried: number;
  readonly survivors: string[];
}

async function work(mutants: Mutant[], end: number, score: Score): Promise<void> {
  const copy = copyProject();
  try {
    for (let mutant = mutants.pop(); mutant !== undefined && Date.now() < end; mutant = mutants.pop()) {
      const isSurvivor = await survives(copy, mutant);
      score.tried += 1;
      if (isSurvivor) score.survivors.push(mutant.description);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const all = sourceFiles().flatMap((path) => mutantsOf(path, readFileSync(join(root, path), 'utf8')));
  const mutants = shuffled(all, SEED);
  const score: Score = { tried: 0, survivors: [] };
  const end = Date.now() + MINUTES * 60_000;
  await Promise.all(Array.from({ length: WORKERS }, () => work(mutants, end, score)));
  const killed = score.tried - score.survivors.length;
  for (const survivor of score.survivors.toSorted()) process.stdout.write(`survived ${survivor}\n`);
  const percent = score.tried === 0 ? 0 : (100 * killed) / score.tried;
  process.stdout.write(
    `${killed} of ${score.tried} mutants noticed (${percent.toFixed(1)} %), drawn from ${all.length}\n`,
  );
}

await main();
