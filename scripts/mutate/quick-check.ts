/** The conformance cases without a test runner: exits with 1 at the first that fails. Started by mutate, in a copy. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  check,
  compile,
  fromJson,
  hasErrors,
  normalizeEvents,
  parse,
  print,
  simplify,
  toJson,
  toJsonValue,
} from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';

interface Case {
  readonly pql: string;
  readonly profile?: Record<string, unknown>;
  readonly events?: readonly unknown[];
  readonly now?: string;
  readonly timeZone?: string;
  readonly segments?: readonly string[];
  readonly value?: unknown;
  readonly qualifies?: boolean;
  readonly diagnostic?: string;
  readonly at?: readonly [number, number];
}

function holds(given: Case): boolean {
  const options = { mode: given.qualifies === undefined ? 'value' : 'segment', timeZone: given.timeZone } as const;
  const parsed = parse(given.pql);
  const found = parsed.ok ? check(parsed.value, defaultSchema, options).diagnostics : parsed.error;
  if (given.diagnostic !== undefined) {
    return found.some(({ code, start, end }) => code === given.diagnostic && isDeepStrictEqual(given.at, [start, end]));
  }
  if (!parsed.ok || hasErrors(found)) return false;
  const decoded = fromJson(JSON.parse(JSON.stringify(toJson(parsed.value))));
  if (!decoded.ok || print(decoded.value) !== print(parsed.value)) return false;
  const { expression } = check(parsed.value, defaultSchema, options);
  const { profile = {}, events = [], now = '2024-02-29T12:00:00Z', segments = [] } = given;
  const inSegment = (idOrName: string) => segments.includes(idOrName);
  const input = { profile, events: normalizeEvents(events), now: Date.parse(now), inSegment };
  const expected = given.qualifies ?? given.value;
  return [expression, simplify(expression)].every((tree) => {
    const value = JSON.parse(JSON.stringify(toJsonValue(compile(tree, options)(input))));
    return isDeepStrictEqual(value, expected);
  });
}

const folder = join(import.meta.dirname, '../../test/conformance/pql');
for (const file of readdirSync(folder)) {
  const { cases, ...defaults } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    readonly cases: readonly Case[];
  };
  if (!cases.every((each) => holds({ ...defaults, ...each }))) process.exit(1);
}
