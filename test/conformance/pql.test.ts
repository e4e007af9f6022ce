/**
 * The language as data: each case of pql/*.json holds for the compiler and for the oracle alike. `qualifies` evaluates
 * as a segment, `value` as a computed attribute, `diagnostic` with `at` expects a refusal at that place.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  check,
  compile,
  type Diagnostic,
  type Expression,
  interpret,
  normalizeEvents,
  parse,
  print,
  simplify,
  toJsonValue,
} from '#shared/pql/index.ts';
import { parseInstant } from '#shared/pql/time/instant.ts';
import { UTC } from '#shared/pql/time/zone.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';

interface Case {
  readonly name: string;
  readonly pql: string;
  readonly profile?: Record<string, unknown>;
  readonly events?: readonly unknown[];
  readonly now?: string | number;
  readonly timeZone?: string;
  readonly segments?: readonly string[];
  readonly value?: unknown;
  readonly qualifies?: boolean;
  readonly diagnostic?: string;
  readonly at?: readonly [number, number];
  readonly warning?: string;
}

interface Suite extends Omit<Case, 'name' | 'pql'> {
  readonly about: string;
  readonly cases: readonly Case[];
}

const folder = join(import.meta.dirname, 'pql');
const suites = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as Suite] as const);

const NOW = '2024-02-29T12:00:00Z';

function inputOf({ profile = {}, events = [], now = NOW, segments = [] }: Case) {
  const instant = typeof now === 'number' ? now : parseInstant(now, UTC);
  if (instant === null) throw new Error(`no instant: ${now}`);
  const inSegment = (idOrName: string) => segments.includes(idOrName);
  return { profile, events: normalizeEvents(events), now: instant, inSegment };
}

const optionsOf = ({ qualifies, timeZone }: Case) => ({
  mode: qualifies === undefined ? ('value' as const) : ('segment' as const),
  timeZone,
});

function diagnosticsOf(given: Case): readonly Diagnostic[] {
  const parsed = parse(given.pql);
  return parsed.ok ? check(parsed.value, defaultSchema, optionsOf(given)).diagnostics : parsed.error;
}

function checkedOf(given: Case): Expression {
  const parsed = parse(given.pql);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { expression, diagnostics } = check(parsed.value, defaultSchema, optionsOf(given));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return expression;
}

describe.each(suites)('%s', (_, { cases, about, ...defaults }) => {
  describe.each(cases.map((each): Case => ({ ...defaults, ...each })))('$name', (given) => {
    if (given.diagnostic !== undefined) {
      test('is refused', () => {
        const found = diagnosticsOf(given).map(({ code, start, end }) => `${code} at ${start} to ${end}`);
        expect(found).toContain(`${given.diagnostic} at ${given.at?.join(' to ')}`);
      });
      return;
    }
    const expected = given.qualifies ?? given.value;

    test('compiled', () => {
      expect(toJsonValue(compile(checkedOf(given), optionsOf(given))(inputOf(given)))).toEqual(expected);
    });

    test('by the oracle', () => {
      expect(toJsonValue(interpret(checkedOf(given), inputOf(given), optionsOf(given)))).toEqual(expected);
    });

    test('printed, simplified and compiled again', () => {
      const canonical = print(simplify(checkedOf(given)));
      const run = compile(checkedOf({ ...given, pql: canonical }), optionsOf(given));
      expect(toJsonValue(run(inputOf(given))), canonical).toEqual(expected);
    });

    if (given.warning !== undefined) {
      test('is warned of', () => {
        expect(diagnosticsOf(given).map(({ code, severity }) => `${severity} ${code}`)).toContain(
          `warning ${given.warning}`,
        );
      });
    }
  });
});

test('there are at least 400 cases', () => {
  expect(suites.reduce((total, [, { cases }]) => total + cases.length, 0)).toBeGreaterThanOrEqual(400);
});
