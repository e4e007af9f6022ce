/**
 * Laws of the language over random expressions, profiles and events. The generators make what the checker accepts, of
 * the declared types and of wrong ones; what it refuses is skipped, and a test below says how rarely.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Checked,
  check,
  compile,
  type EvaluationInput,
  type Expression,
  fromJson,
  hasErrors,
  interpret,
  normalizeEvents,
  parse,
  print,
  simplify,
  toJson,
  toJsonValue,
} from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { type Choices, choices } from './pql/choices.ts';
import { chainText, expressionText } from './pql/expressions.ts';
import { eventsOf, inputOf, NOW } from './pql/inputs.ts';

const SEED = 20_240_229;
const RUNS = 1_500;
const OPTIONS = { seed: SEED, numRuns: RUNS };
const ENTROPY = 500;

interface Case {
  readonly text: string;
  readonly parsed: Expression;
  readonly checked: Checked;
  readonly mode: { readonly mode: 'value'; readonly timeZone?: string };
}

function caseOf(c: Choices, textOf = expressionText): Case | undefined {
  const text = textOf(c);
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.error)}`);
  const timeZone = c.of([undefined, 'America/New_York', 'Asia/Kolkata']);
  const mode = { mode: 'value', ...(timeZone === undefined ? {} : { timeZone }) } as const;
  const { expression, diagnostics } = check(parsed.value, defaultSchema, mode);
  return hasErrors(diagnostics) ? undefined : { text, parsed: parsed.value, checked: expression, mode };
}

const random = fc.tuple(choices(ENTROPY), choices(ENTROPY));

function forAll(law: (given: Case, input: EvaluationInput) => void): void {
  fc.assert(
    fc.property(random, ([expression, data]) => {
      const given = caseOf(expression);
      if (given !== undefined) law(given, inputOf(data));
    }),
    OPTIONS,
  );
}

const resultOf = ({ mode }: Case, checked: Checked, input: EvaluationInput): unknown =>
  toJsonValue(compile(checked, mode)(input));

function checkedAgain({ mode }: Case, parsed: Expression): Checked {
  const { expression, diagnostics } = check(parsed, defaultSchema, mode);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return expression;
}

function parsedAgain(text: string): Expression {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.error)}`);
  return parsed.value;
}

test('the compiler computes what the oracle computes', () => {
  forAll((given, input) => {
    const expected = toJsonValue(interpret(given.checked, input, given.mode));
    expect(resultOf(given, given.checked, input), given.text).toEqual(expected);
  });
});

test('a chain finds an assignment exactly when trying all of them does', () => {
  fc.assert(
    fc.property(random, ([expression, data]) => {
      const given = caseOf(expression, chainText);
      if (given === undefined) return;
      const input = inputOf(data);
      const expected = interpret(given.checked, input, given.mode);
      expect(resultOf(given, given.checked, input), given.text).toEqual(expected);
    }),
    { seed: SEED, numRuns: 2 * RUNS },
  );
});

describe('printing', () => {
  test('an expression and its print mean the same, and print the same', () => {
    forAll((given, input) => {
      const again = parsedAgain(print(given.parsed));
      expect(print(again)).toBe(print(given.parsed));
      const value = resultOf(given, checkedAgain(given, again), input);
      expect(value, given.text).toEqual(resultOf(given, given.checked, input));
    });
  });

  test('a checked expression prints as text that means the same', () => {
    forAll((given, input) => {
      const again = checkedAgain(given, parsedAgain(print(given.checked)));
      expect(resultOf(given, again, input), given.text).toEqual(resultOf(given, given.checked, input));
    });
  });
});

test('text to JSON to text is the identity', () => {
  forAll((given) => {
    const decoded = fromJson(JSON.parse(JSON.stringify(toJson(given.parsed))));
    expect(decoded.ok && print(decoded.value)).toBe(print(given.parsed));
  });
});

describe('simplifying', () => {
  test('keeps the meaning', () => {
    forAll((given, input) => {
      const simple = simplify(given.checked);
      expect(resultOf(given, simple, input), given.text).toEqual(resultOf(given, given.checked, input));
    });
  });

  test('comes to an end: a simple expression stays as it is', () => {
    forAll((given) => {
      const simple = simplify(given.checked);
      expect(print(simplify(simple)), given.text).toBe(print(simple));
    });
  });
});

test('the order in which events are given does not matter, nor does giving them twice', () => {
  fc.assert(
    fc.property(random, fc.infiniteStream(fc.nat()), ([expression, data], order) => {
      const given = caseOf(expression);
      if (given === undefined) return;
      const input = { ...inputOf(data), now: NOW };
      const once = new Map(eventsOf(data).map((event) => [(event as { _id: string })._id, event]));
      const events = [...once.values()];
      const shuffled = events
        .flatMap((event) => [event, event])
        .map((event) => [order.next().value, event] as const)
        .toSorted(([left], [right]) => left - right)
        .map(([, event]) => event);

      const value = resultOf(given, given.checked, { ...input, events: normalizeEvents(shuffled) });

      expect(value, given.text).toEqual(resultOf(given, given.checked, { ...input, events: normalizeEvents(events) }));
    }),
    OPTIONS,
  );
});

test('the generators make expressions that are accepted, nearly always', () => {
  const accepted = fc.sample(choices(ENTROPY), { seed: SEED, numRuns: 300 }).filter((each) => caseOf(each)).length;
  expect(accepted).toBeGreaterThan(280);
});

describe('nothing throws', () => {
  const word = fc.constantFrom(
    ...[
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      'not',
      'and',
      'or',
      '=',
      '>=',
      'age',
      '"US"',
      '18',
      '§',
      'let',
      'x',
      'in',
      'select',
    ],
    ...[
      'from',
      'where',
      'over',
      'exists',
      'forall',
      ':',
      ',',
      '.',
      '^',
      '$',
      '1',
      'occurs',
      'before',
      'now',
      'sum',
      '=>',
    ],
    ...['chain(', 'WHAT(', 'COUNT(', 'WHEN(', 'days', 'between', 'last', 'month', '-', '*', '`', '"', '/*', '//', '\n'],
  );
  const words = fc.array(word, { maxLength: 60 }).map((list) => list.join(' '));

  test('for any text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 }), words);
    fc.assert(
      fc.property(text, (source) => {
        const parsed = parse(source);
        if (!parsed.ok) {
          expect(parsed.error.length).toBeGreaterThan(0);
          for (const { start, end } of parsed.error) expect(start <= end && end <= source.length).toBe(true);
          return;
        }
        const { expression, diagnostics } = check(parsed.value, defaultSchema, { mode: 'segment' });
        if (!hasErrors(diagnostics)) compile(expression, { mode: 'segment' })({ profile: {}, events: [], now: 0 });
      }),
      { seed: SEED, numRuns: 20_000 },
    );
  });

  test('for any JSON', () => {
    const nodeType = fc.constantFrom('fnApply', 'literal', 'fieldLookup', 'varDecl', 'varRef', 'fnCreate', 'chainStep');
    const json = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.record(
          {
            nodeType,
            fnName: fc.constantFrom(
              '=',
              'and',
              'filter',
              'occurs',
              'chain',
              'select',
              'sum',
              'let',
              'not',
              'date',
              'a b',
            ),
            params: fc.array(tie('node'), { maxLength: 4 }),
            literalType: fc.constantFrom('String', 'Integer', 'List', 'Null', 'Double', 'Object'),
            value: fc.oneof(fc.jsonValue(), fc.array(tie('node'), { maxLength: 3 })),
            fieldName: fc.string(),
            varName: fc.string(),
            object: tie('node'),
            range: tie('node'),
            body: tie('node'),
          },
          { requiredKeys: ['nodeType'] },
        ),
      ),
    })).node;
    fc.assert(
      fc.property(json, (value) => {
        const decoded = fromJson(value);
        if (decoded.ok) expect(parse(print(decoded.value)).ok, print(decoded.value)).toBe(true);
      }),
      { seed: SEED, numRuns: 5_000 },
    );
  });

  test('for any profile', () => {
    fc.assert(
      fc.property(choices(ENTROPY), fc.jsonValue(), fc.array(fc.jsonValue(), { maxLength: 4 }), (c, data, events) => {
        const given = caseOf(c);
        if (given === undefined) return;
        const profile = { n: data, tags: data, orders: data, deep: data, loyalty: data, homeAddress: data, s: data };
        const rows = events.map((fields, index) => ({ _id: `${index}`, timestamp: 0, tags: fields, price: fields }));
        const input = { profile, events: normalizeEvents([...rows, ...events]), now: NOW };
        const expected = toJsonValue(interpret(given.checked, input, given.mode));
        expect(resultOf(given, given.checked, input), given.text).toEqual(expected);
      }),
      OPTIONS,
    );
  });
});
