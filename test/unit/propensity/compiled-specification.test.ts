import { expect, test } from 'vitest';
import { compileSpecification } from '#shared/propensity/compiled-specification.ts';
import type { PropensitySpecification } from '#shared/propensity/instance.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';

const DAY = 86_400_000;
const cutoff = 1000 * DAY;
const PURCHASE = 'eventType = "commerce.purchases"';

const specification: PropensitySpecification = {
  goal: {
    occurrence: 'will',
    match: 'any',
    conditions: [`${PURCHASE} and commerce.order.priceTotal > 50`],
    windowDays: 30,
  },
  eventTypes: ['commerce.purchases'],
  customEvents: [{ name: 'large order', condition: 'commerce.order.priceTotal > 50', amounts: [] }],
  profileFeatures: [
    { path: 'homeAddress.city', kind: 'category' },
    { path: 'person.birthDate', kind: 'date' },
  ],
};

let ids = 0;
const purchase = (day: number, priceTotal: number) => ({
  _id: `e${ids++}`,
  timestamp: cutoff + day * DAY,
  eventType: 'commerce.purchases',
  commerce: { order: { priceTotal } },
});

function compiled(changes: Partial<PropensitySpecification> = {}) {
  const result = compileSpecification({ ...specification, ...changes }, defaultSchema);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const person = (...events: readonly ReturnType<typeof purchase>[]) => ({ attributes: {}, events });

test.each([
  ['an event of the window that meets the condition', [purchase(1, 60)], true],
  ['an event that does not meet it', [purchase(1, 40)], false],
  ['the first instant of the window', [purchase(0, 60)], true],
  ['the first instant after it', [purchase(30, 60)], false],
  ['an event before it', [purchase(-1, 60)], false],
] as const)('the outcome follows from %s', (_, events, wanted) => {
  expect(compiled().hasOutcome(person(...events), cutoff)).toBe(wanted);
  const willNot = { ...specification.goal, occurrence: 'willNot' } as const;
  expect(compiled({ goal: willNot }).hasOutcome(person(...events), cutoff)).toBe(!wanted);
});

test('all conditions need not be met by the same event', () => {
  const conditions = ['commerce.order.priceTotal > 50', 'commerce.order.priceTotal < 10'];
  const all = compiled({ goal: { ...specification.goal, match: 'all', conditions } });

  expect(all.hasOutcome(person(purchase(1, 60), purchase(2, 5)), cutoff)).toBe(true);
  expect(all.hasOutcome(person(purchase(1, 60), purchase(2, 20)), cutoff)).toBe(false);
});

test('who is foretold is decided as of the cutoff, not as of now', () => {
  const active = compiled({
    eligiblePopulation: `xEvent[${PURCHASE} and timestamp occurs <= 45 days before now].count() >= 1`,
  });

  expect(active.isEligible(person(purchase(-45, 1)), cutoff)).toBe(true);
  expect(active.isEligible(person(purchase(-46, 1), purchase(1, 1)), cutoff)).toBe(false);
  expect(compiled().isEligible(person(purchase(1, 1)), cutoff)).toBe(false);
});

test('a row has a value of each feature, from events before the cutoff and the attributes', () => {
  const { features, valuesAsOf } = compiled();
  const values = valuesAsOf(
    {
      attributes: { homeAddress: { city: 'Seoul' }, person: { birthDate: '1972-09-17' } },
      events: [purchase(-10, 60), purchase(-5, 20), purchase(3, 99)],
    },
    cutoff,
  );
  const row = Object.fromEntries(features.map(({ name }, index) => [name, values[index]]));

  expect(values).toHaveLength(features.length);
  expect(row).toMatchObject({
    'commerce.purchases: count, 30 days': 2,
    'commerce.purchases: order value, ever': 80,
    'large order: days since the last': 10,
    'homeAddress.city': 'Seoul',
    'days since person.birthDate': 10,
  });
});

test('a mistake in an expression says in which, and where in it', () => {
  const result = compileSpecification(
    {
      ...specification,
      goal: { ...specification.goal, conditions: [PURCHASE, 'eventType = '] },
      eligiblePopulation: 'cuont(',
    },
    defaultSchema,
  );

  expect(result.ok).toBe(false);
  if (result.ok) return;
  expect(result.error.map(({ pointer }) => pointer)).toEqual(['/goal/conditions/1', '/eligiblePopulation']);
  expect(result.error[0]?.diagnostics[0]?.start).toBeLessThanOrEqual('eventType = '.length + 1);
});
