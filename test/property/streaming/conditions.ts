/** Random conditions on events and the clock: every form of `occurs`, thresholds, folds, chains, nested lists of events. */
import type { Choices } from '../pql/choices.ts';
import { expressionText } from '../pql/expressions.ts';

const OPERATORS = ['<', '<=', '=', '!=', '>', '>='];
const UNITS = ['milliseconds', 'seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'];
const COUNTS = ['0', '1', '2', '3', '24'];
const PERIODS = ['today', 'yesterday', 'tomorrow', 'this hour', 'last week', 'this month', 'next month', 'last year'];
const FIXED = ['date(2024, 2, 29)', '"2024-03-01T00:00:00Z"'];

const reference = (c: Choices): string =>
  c.from(
    () => 'now',
    () => 'now',
    () => c.of(PERIODS),
    () => c.of(FIXED),
  );

const distance = (c: Choices) => `${c.of(OPERATORS)} ${c.of(COUNTS)} ${c.of(UNITS)} ${c.of(['before', 'after'])}`;

export const when = (c: Choices): string =>
  c.from(
    () => `${c.of(['<', '<='])} ${c.of(COUNTS)} ${c.of(UNITS)} before now`,
    () => `${distance(c)} ${reference(c)}`,
    () => `${c.of(['before', 'after', 'on'])} ${reference(c)}`,
    () => c.of(PERIODS),
    () => `between ${reference(c)} and ${reference(c)}`,
  );

const TYPES = ['view', 'buy', 'cart'];

const plainTest = (c: Choices, item = ''): string =>
  c.from(
    () => `${item}eventType = "${c.of(TYPES)}"`,
    () => `${item}eventType in ["view", "buy"]`,
    () => `${item}price ${c.of(OPERATORS)} ${c.of(['0', '1', '2'])}`,
    () => `${item}tags.includes("a")`,
    () => `${item}flag = true`,
    () => `${item}timestamp.getHour() ${c.of(OPERATORS)} 12`,
  );

const clockTest = (c: Choices, item = ''): string =>
  c.from(
    () => `(${item}timestamp occurs ${when(c)})`,
    () => `(${item}timestamp occurs ${when(c)})`,
    () => `(${item}timestamp ${c.of(OPERATORS)} now)`,
    () => `(${item}at occurs ${when(c)})`,
  );

function test(c: Choices, item = ''): string {
  const one = () => (c.chance(60) ? clockTest(c, item) : plainTest(c, item));
  return c.from(
    () => clockTest(c, item),
    () => `${plainTest(c, item)} and ${clockTest(c, item)}`,
    () => plainTest(c, item),
    () => `(${one()} or ${one()})`,
    () => `not (${one()}) and ${one()}`,
    () => `${one()} and ${one()} and ${one()}`,
  );
}

const events = (c: Choices): string => (c.chance(90) ? `xEvent[${test(c)}]` : 'xEvent');

const number = (c: Choices): string =>
  c.from(
    () => `${events(c)}.count()`,
    () => `${events(c)}.${c.of(['sum', 'average', 'min', 'max', 'distinctCount'])}(price)`,
    () => `${events(c)}.${c.of(['min', 'max'])}(timestamp)`,
    () => `${events(c)}.price.sum()`,
    () => `(count x over x from xEvent where ${test(c, 'x.')})`,
    () => `(sum x.price over x from xEvent where ${test(c, 'x.')})`,
  );

const chain = (c: Choices): string => {
  const steps = ['A', 'B', 'C'].slice(0, 1 + c.below(3)).map((label, index) => {
    const not = index > 0 && c.chance(30) ? 'not ' : '';
    const named = index > 0 && c.chance(50) ? `after A` : 'before now';
    const limit = c.chance(50) ? ` WHEN(${c.of(['<=', '<', '>'])} ${c.of(COUNTS)} ${c.of(UNITS)} ${named})` : '';
    const count = not === '' && c.chance(20) ? ` COUNT(${c.of(['2', '>= 2', '<= 1'])})` : '';
    return `${label}: ${not}WHAT(eventType = "${c.of(TYPES)}")${limit}${index === 0 && count === ' COUNT(<= 1)' ? '' : count}`;
  });
  return `chain(xEvent, timestamp, [${steps.join(', ')}])`;
};

const pair = (c: Choices): string =>
  `(exists X from xEvent where ${test(c, 'X.')}, Y from xEvent where ${plainTest(c, 'Y.')} and Y.timestamp occurs ${c.of(OPERATORS)} ${c.of(COUNTS)} ${c.of(UNITS)} ${c.of(['before', 'after'])} X.timestamp)`;

function atom(c: Choices): string {
  return c.from(
    () => `(${events(c)}.count() ${c.of(OPERATORS)} ${c.of(COUNTS)})`,
    () => `(${number(c)} ${c.of(OPERATORS)} ${c.of(['0', '1', '2', '10'])})`,
    () => events(c),
    () => `(${c.of(COUNTS)} ${c.of(OPERATORS)} ${events(c)}.count())`,
    () => `${events(c)}.${c.of(['exists', 'forall'])}(${test(c)})`,
    () => chain(c),
    () => pair(c),
    () =>
      `(${events(c)}.${c.of(['topN', 'bottomN'])}(${c.of(['timestamp', 'price'])}, ${c.of(['1', '2'])})[${test(c)}].count() > 0)`,
    () => `(${events(c)}.${c.of(['topN', 'bottomN'])}(timestamp, 1).head().eventType = "buy")`,
    () => `(${events(c)}.head().timestamp occurs ${when(c)})`,
    () => `(${events(c)}.${c.of(['min', 'max'])}(timestamp) occurs ${when(c)})`,
    () => `(${events(c)}.timestamp occurs ${when(c)})`,
    () => `(t occurs ${when(c)})`,
    () => `(orders.placed occurs ${when(c)})`,
    () => `(let w = ${events(c)}.count() in w ${c.of(OPERATORS)} 1)`,
    () => `(${events(c)}.count() ${c.of(OPERATORS)} ${events(c)}.count())`,
    () => `(forall X from xEvent : ${test(c, 'X.')})`,
    () => `(${c.of(FIXED)} occurs ${when(c)})`,
    () => `(currentDayOfMonth() ${c.of(OPERATORS)} 15)`,
    () => `xEvent[productListItems[priceTotal > 1].exists() and ${test(c)}].exists()`,
  );
}

export function conditionText(c: Choices): string {
  return c.from(
    () => atom(c),
    () => atom(c),
    () => `(${atom(c)} ${c.of(['and', 'or', 'and not'])} ${atom(c)})`,
    () => expressionText(c),
  );
}

/** A value of any type, as a computed attribute may have it. */
export function valueText(c: Choices): string {
  return c.from(
    () => number(c),
    () => number(c),
    () => `${events(c)}.${c.of(['min', 'max'])}(timestamp)`,
    () => `${events(c)}.topN(timestamp, 1).head().eventType`,
    () => `if(${conditionText(c)}, ${c.of(COUNTS)}, ${number(c)})`,
    () => `(let w = ${number(c)} in exists x from xEvent where ${plainTest(c, 'x.')} and w > 1)`,
    () => `(select x from xEvent where ${test(c, 'x.')}).price`,
    () => conditionText(c),
    () => events(c),
  );
}

/** A condition that reads a computed attribute. */
export function computedConditionText(c: Choices, name: string): string {
  const read = `computed.${name}`;
  return c.from(
    () => `${read} ${c.of(OPERATORS)} ${c.of(COUNTS)}`,
    () => `${read} occurs ${when(c)}`,
    () => `${read} = "${c.of(TYPES)}"`,
    () => `${read}.isNull()`,
    () => `not ${read} or ${atom(c)}`,
    () => `${atom(c)} and ${read}`,
    () => `xEvent[price ${c.of(OPERATORS)} ${read}].count() ${c.of(OPERATORS)} ${c.of(COUNTS)}`,
    () => `(let w = ${atom(c)} in w = ${read})`,
  );
}
