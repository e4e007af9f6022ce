/**
 * Laws of explanations over the random expressions, profiles and events that the language itself is held to: they agree
 * with the oracle, their parts agree with each other, and what they call deciding does decide.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Explanation, type ExplanationNode, explain } from '#shared/pql/explain/index.ts';
import {
  AT_ROOT,
  combine,
  decidingKeys,
  type OutlineNode,
  outlineOf,
  sensitiveParts,
} from '#shared/pql/explain/outline.ts';
import {
  type Checked,
  check,
  compile,
  type EvaluationInput,
  hasErrors,
  interpret,
  normalizeEvents,
  parse,
  toJsonValue,
} from '#shared/pql/index.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { type Choices, choices } from './pql/choices.ts';
import { expressionText } from './pql/expressions.ts';
import { inputOf, NOW } from './pql/inputs.ts';

const OPTIONS = { seed: 20_251_104, numRuns: 600 };
const ENTROPY = 500;
const DAY_MS = 86_400_000;

interface Given {
  readonly text: string;
  readonly checked: Checked;
  readonly input: EvaluationInput;
  readonly timeZone: string | undefined;
}

function givenBy(expression: Choices, data: Choices): Given | undefined {
  const text = expressionText(expression);
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(`${text}: ${JSON.stringify(parsed.error)}`);
  const timeZone = expression.of([undefined, 'America/New_York', 'Asia/Kolkata']);
  const { expression: checked, diagnostics } = check(parsed.value, defaultSchema, { mode: 'segment', timeZone });
  return hasErrors(diagnostics) ? undefined : { text, checked, input: inputOf(data), timeZone };
}

function forAll(law: (given: Given) => void): void {
  fc.assert(
    fc.property(choices(ENTROPY), choices(ENTROPY), (expression, data) => {
      const given = givenBy(expression, data);
      if (given !== undefined) law(given);
    }),
    OPTIONS,
  );
}

const explained = ({ checked, input, timeZone }: Given): Explanation => explain(checked, input, { timeZone });

function* nodesOf(node: ExplanationNode): Generator<ExplanationNode> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}

test('an explanation comes to what the oracle and the compiler come to', () => {
  forAll((given) => {
    const { checked, input, timeZone, text } = given;
    const { outcome, root } = explained(given);

    expect(outcome, text).toBe(interpret(checked, input, { mode: 'segment', timeZone }));
    expect(outcome, text).toBe(compile(checked, { mode: 'segment', timeZone })(input));
    const value = toJsonValue(interpret(checked, input, { mode: 'value', timeZone }));
    if (value === null || typeof value !== 'object') expect(root.value, text).toEqual(value);
  });
});

test('whatever a profile and its events hold, explaining them does not throw', () => {
  fc.assert(
    fc.property(choices(ENTROPY), fc.jsonValue(), fc.array(fc.jsonValue(), { maxLength: 4 }), (c, data, events) => {
      const given = givenBy(c, c);
      if (given === undefined) return;
      const profile = { n: data, tags: data, orders: data, deep: data, loyalty: data, homeAddress: data, s: data };
      const rows = events.map((fields, index) => ({ _id: `${index}`, timestamp: 0, tags: fields, price: fields }));
      const input = { profile, events: normalizeEvents([...rows, ...events]), now: NOW };
      const { outcome } = explained({ ...given, input });
      expect(outcome, given.text).toBe(compile(given.checked, { mode: 'segment', timeZone: given.timeZone })(input));
    }),
    OPTIONS,
  );
});

/** What the outcomes of its parts make of a part; undefined where they don't settle it. */
function outcomeBelow({ kind, children }: ExplanationNode): boolean | undefined {
  const outcomes = children.map(({ outcome }) => outcome === true);
  if (kind === 'and' || kind === 'or' || kind === 'not') return combine(kind, outcomes);
  if (kind === 'if') return outcomes[0] ? outcomes[1] : outcomes[2];
  return undefined;
}

test('each part that combines others has the outcome that theirs make', () => {
  forAll((given) => {
    for (const node of nodesOf(explained(given).root)) {
      const below = outcomeBelow(node);
      if (below === undefined || node.truncated || node.outcome === undefined) continue;
      if (node.kind === 'if' && node.children.some(({ outcome }) => outcome === undefined)) continue;
      expect(node.outcome, `${given.text}: ${node.text}`).toBe(below);
    }
  });
});

test('every part stands in the text, and can be sent', () => {
  forAll((given) => {
    const explanation = explained(given);
    for (const { start, end } of nodesOf(explanation.root)) {
      expect(start >= 0 && start <= end && end <= given.text.length, given.text).toBe(true);
    }
    expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  });
});

describe('time', () => {
  test.each([
    ['for ever', undefined],
    ['for 40 days', 40 * DAY_MS],
  ])(
    'the next flip is the first: the outcome holds until then and turns at it, events being kept %s',
    (_, retentionMs) => {
      fc.assert(
        fc.property(
          choices(ENTROPY),
          choices(ENTROPY),
          fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
          (c, d, at) => {
            const given = givenBy(c, d);
            if (given === undefined) return;
            const { text, checked, timeZone, input } = given;
            const keptAt = (now: number) =>
              input.events.filter(({ timestamp }) => retentionMs === undefined || timestamp > now - retentionMs);
            const { outcome, nextFlip } = explain(
              checked,
              { ...input, events: keptAt(input.now) },
              { timeZone, ...(retentionMs === undefined ? {} : { retentionMs }) },
            );
            const run = compile(checked, { mode: 'segment', timeZone });
            const holdsAt = (now: number) => run({ ...input, now, events: keptAt(now) });
            const until = nextFlip?.at ?? NOW + 400 * DAY_MS;
            const inBetween = at.map((part) => input.now + Math.floor(part * (until - 1 - input.now)));

            for (const now of [...inBetween, Math.max(input.now, until - 1)]) {
              expect(holdsAt(now), `${text} at ${now}`).toBe(outcome);
            }
            if (nextFlip?.certain) expect(holdsAt(until), text).toBe(!outcome);
          },
        ),
        OPTIONS,
      );
    },
  );
});

describe('the conditions', () => {
  test('that decide leave the others no choice, and none of them can be spared', () => {
    forAll((given) => {
      const outline = outlineFor(given);
      const deciding = decidingKeys(outline);
      const keys = [...new Set(conditionsOf(outline).flatMap(({ key }) => key ?? []))];
      if (keys.length > 10) return;

      expect(canTurn(outline, keys, deciding), given.text).toBe(false);
      for (const key of deciding) {
        const fewer = new Set([...deciding].filter((other) => other !== key));
        if (isReadOnce(outline)) expect(canTurn(outline, keys, fewer), `${given.text} without ${key}`).toBe(true);
      }
    });
  });

  test('that are sensitive are those which alone would turn the whole', () => {
    forAll((given) => {
      const outline = outlineFor(given);
      const sensitive = sensitiveParts(outline);
      for (const condition of conditionsOf(outline)) {
        if (condition.key === undefined) continue;
        const turned = outcomeIf(outline, (other) => (other === condition ? !other.outcome : other.outcome));
        expect(sensitive.has(condition), `${given.text}: ${condition.key}`).toBe(turned !== outline.outcome);
      }
    });
  });
});

const outlineFor = ({ checked, input, timeZone }: Given): OutlineNode =>
  outlineOf(checked, AT_ROOT, (node) => compile(node, { mode: 'value', timeZone })(input));

const conditionsOf = (outline: OutlineNode): readonly OutlineNode[] =>
  outline.form === 'condition' ? [outline] : outline.parts.flatMap(conditionsOf);

const isReadOnce = (outline: OutlineNode): boolean => {
  const keys = conditionsOf(outline).flatMap(({ key }) => key ?? []);
  return new Set(keys).size === keys.length;
};

function outcomeIf(outline: OutlineNode, of: (condition: OutlineNode) => boolean): boolean {
  if (outline.form === 'condition') return of(outline);
  return combine(
    outline.form,
    outline.parts.map((part) => outcomeIf(part, of)),
  );
}

/** Tries every outcome of the conditions that are not fixed. */
function canTurn(outline: OutlineNode, keys: readonly string[], fixed: ReadonlySet<string>): boolean {
  const free = keys.filter((key) => !fixed.has(key));
  return Array.from({ length: 2 ** free.length }, (_, bits) => bits).some((bits) => {
    const chosen = new Map(free.map((key, index) => [key, ((bits >> index) & 1) === 1]));
    return outcomeIf(outline, ({ key, outcome }) => chosen.get(key ?? '') ?? outcome) !== outline.outcome;
  });
}
