/**
 * Run when the lexer, parser or pql/json changes: `npm run fuzz -- [--seconds 20] [--seed 1]`. Throws bytes at the
 * language, most of them one step away from something valid. Nothing may throw, hang, or print to what it can't read.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '#shared/kernel/seeded-random.ts';
import {
  check,
  compile,
  type Diagnostic,
  fromJson,
  hasErrors,
  parse,
  print,
  simplify,
  toJson,
} from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
const SECONDS = Number(values.seconds ?? 20);
const SEED = Number(values.seed ?? 1);
/** The slowest that one input may be; a parse of a limit-sized source takes a tenth of it. */
const INPUT_MS_MAX = 2_000;

function randomFrom(seed: number): (below: number) => number {
  const { next } = seededRandom(seed);
  return (below) => (next() * 2 ** 32) % below;
}

type Random = (below: number) => number;

const folder = join(import.meta.dirname, '../test/conformance/pql');
const corpus: readonly Buffer[] = readdirSync(folder).flatMap((file) => {
  const { cases } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { cases: readonly { pql: string }[] };
  return cases.map(({ pql }) => Buffer.from(pql));
});

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random(items.length)] as Item;

type Mutate = (random: Random, bytes: Buffer) => Buffer;

const MUTATIONS: readonly Mutate[] = [
  (random, bytes) => replaceByte(bytes, random(bytes.length + 1), random(256)),
  (random, bytes) => splice(bytes, random(bytes.length + 1), 1 + random(5), Buffer.alloc(0)),
  (random, bytes) => splice(bytes, random(bytes.length + 1), 0, Buffer.from([random(256), random(256)])),
  (random, bytes) => splice(bytes, random(bytes.length + 1), 0, slice(random, pick(random, corpus))),
  (random, bytes) => splice(bytes, random(bytes.length + 1), 0, slice(random, bytes)),
  (random, bytes) => Buffer.concat(Array.from({ length: 1 + random(300) }, () => slice(random, bytes).subarray(0, 8))),
  (random) => Buffer.from(Array.from({ length: random(60) }, () => random(256))),
];

function replaceByte(bytes: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  if (at < changed.length) changed[at] = value;
  return changed;
}

const splice = (bytes: Buffer, at: number, remove: number, insert: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);

function slice(random: Random, bytes: Buffer): Buffer {
  const start = random(bytes.length + 1);
  return bytes.subarray(start, start + random(20));
}

function nextInput(random: Random): string {
  let bytes = pick(random, corpus);
  for (let step = 1 + random(4); step > 0; step -= 1) bytes = pick(random, MUTATIONS)(random, bytes);
  return bytes.toString('utf8');
}

/** What is wrong with how the language took the source; undefined if nothing. */
function faultOf(source: string): string | undefined {
  const parsed = parse(source);
  if (!parsed.ok) return faultIn(parsed.error, source);
  const printed = print(parsed.value);
  const again = parse(printed);
  if (!again.ok || print(again.value) !== printed) return `does not survive printing as ${printed}`;
  const decoded = fromJson(JSON.parse(JSON.stringify(toJson(parsed.value))));
  if (!decoded.ok || print(decoded.value) !== printed) return 'does not survive pql/json';
  const { expression, diagnostics } = check(parsed.value, defaultSchema, { mode: 'value' });
  if (hasErrors(diagnostics)) return faultIn(diagnostics, source);
  compile(simplify(expression), { mode: 'value' })({ profile: {}, events: [], now: 0 });
  return undefined;
}

const faultIn = (diagnostics: readonly Diagnostic[], source: string): string | undefined => {
  const stray = diagnostics.find(({ start, end }) => start > end || start < 0 || end > source.length);
  return diagnostics.length === 0 || stray
    ? `has no diagnostic, or one outside of it: ${JSON.stringify(stray)}`
    : undefined;
};

function tryInput(source: string): string | undefined {
  const started = Date.now();
  try {
    const fault = faultOf(source);
    const tookMs = Date.now() - started;
    return fault ?? (tookMs > INPUT_MS_MAX ? `takes ${tookMs} ms` : undefined);
  } catch (error) {
    return `throws ${error instanceof Error ? error.stack : String(error)}`;
  }
}

function main(): void {
  const random = randomFrom(SEED);
  const end = Date.now() + SECONDS * 1_000;
  let inputs = 0;
  for (; Date.now() < end; inputs += 1) {
    const source = nextInput(random);
    const fault = tryInput(source);
    if (fault === undefined) continue;
    process.stdout.write(`seed ${SEED}, input ${inputs}: ${JSON.stringify(source)} ${fault}\n`);
    process.exitCode = 1;
    return;
  }
  process.stdout.write(`seed ${SEED}: ${inputs} inputs, 0 faults\n`);
}

main();
