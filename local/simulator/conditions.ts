/** Expressions that differ in what a leaf keeps of them and in how time moves them, for worlds of minutes and of months. */
import type { Random } from './random.ts';

/** A short window, a middle one and a long one, in words of the language. */
interface Windows {
  readonly short: string;
  readonly middle: string;
  readonly long: string;
  readonly calendar: readonly string[];
}

export const MINUTES: Windows = {
  short: '20 seconds',
  middle: '90 seconds',
  long: '3 minutes',
  calendar: ['today', 'yesterday', 'this hour'],
};

export const MONTHS: Windows = {
  short: '36 hours',
  middle: '10 days',
  long: '2 months',
  calendar: ['today', 'yesterday', 'this week', 'this month', 'last month', 'this year'],
};

const SHAPES: readonly ((windows: Windows, random: Random) => string)[] = [
  ({ short }) => `xEvent[eventType = "view" and timestamp occurs < ${short} before now].count() >= 1`,
  ({ middle }) => `xEvent[eventType = "view" and timestamp occurs <= ${middle} before now].count() >= 3`,
  () => 'xEvent[eventType = "buy"].count() = 2',
  ({ short }) =>
    `xEvent[eventType = "view"].count() > 0 and not xEvent[eventType = "buy" and timestamp occurs <= ${short} before now].count() > 0`,
  () => 'xEvent[eventType = "buy"].sum(price) > 30',
  ({ middle }) => `xEvent[eventType = "buy" and timestamp occurs < ${middle} before now].average(price) > 12`,
  ({ calendar }, random) => `xEvent[timestamp occurs ${random.pick(calendar)}].count() > ${random.below(3)}`,
  ({ calendar }, random) => `xEvent[eventType = "buy" and timestamp occurs ${random.pick(calendar)}].sum(price) > 15`,
  ({ short }) => `xEvent[eventType = "view" and timestamp occurs > ${short} before now].exists(price > 5)`,
  ({ short }) =>
    `chain(xEvent, timestamp, [A: WHAT(eventType = "view"), B: WHAT(eventType = "buy") WHEN(<= ${short} after A)])`,
  ({ middle }) =>
    `chain(xEvent, timestamp, [A: WHAT(eventType = "view") WHEN(< ${middle} before now), B: not WHAT(eventType = "buy")])`,
  () => 'xEvent.topN(timestamp, 1).head().eventType = "buy"',
  ({ long, short }) =>
    `exists X from xEvent where X.price > 10 and X.timestamp occurs <= ${long} before now, Y from xEvent where Y.eventType = X.eventType and Y.timestamp occurs < ${short} after X.timestamp and Y._id != X._id`,
  () => 'xEvent[eventType = "view"].distinctCount(sku) >= 3',
  ({ middle }) => `select X from xEvent where X.sku = "s1" and X.timestamp occurs < ${middle} before now`,
  () => 'loyalty.points > 50',
  ({ short }) => `loyalty.tier = "gold" and xEvent[timestamp occurs < ${short} before now].count() > 0`,
  ({ middle }) => `loyalty.upgradeDate occurs < ${middle} before now`,
  ({ long }) => `xEvent[eventType = "search" and timestamp occurs < ${long} before now].count() = 0`,
];

export const drawCondition = (windows: Windows, random: Random): string => random.pick(SHAPES)(windows, random);

export type { Windows };
