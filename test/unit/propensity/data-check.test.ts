import { expect, test } from 'vitest';
import { planCutoffs } from '#shared/propensity/cutoffs.ts';
import { checkData } from '#shared/propensity/data-check.ts';

const DAY = 86_400_000;
const now = 400 * DAY;
const enough = { oldestEvent: 0, now, windowDays: 30, lookbackDays: 0, occurred: 500, notOccurred: 500 };

test('five hundred of each outcome and sixty days of history are enough for a window of thirty', () => {
  expect(checkData(enough)).toMatchObject({ canTrain: true, findings: [], eligible: 1000, historyDaysNeeded: 60 });
  expect(checkData({ ...enough, oldestEvent: now - 60 * DAY }).canTrain).toBe(true);
});

test.each([
  ['HISTORY_TOO_SHORT', { oldestEvent: now - 60 * DAY + 1 }, 59, 60],
  ['HISTORY_TOO_SHORT', { lookbackDays: 380 }, 400, 410],
  ['TOO_FEW_WITH_OUTCOME', { occurred: 499 }, 499, 500],
  ['TOO_FEW_WITHOUT_OUTCOME', { notOccurred: 499 }, 499, 500],
  ['ONE_OUTCOME_ONLY', { occurred: 0 }, 1, 2],
])('%s says what was found and what is needed', (code, change, found, needed) => {
  const { canTrain, findings } = checkData({ ...enough, ...change });

  expect(canTrain).toBe(false);
  expect(findings).toMatchObject([{ code, found, needed }]);
});

test('without any event the check says so before anything else', () => {
  const { oldestEvent: _, ...nothing } = enough;
  expect(checkData({ ...nothing, occurred: 0, notOccurred: 0 }).findings[0]?.code).toBe('NO_EVENTS');
});

test('what a model is judged on begins where its training outcomes end', () => {
  const { final, judged } = planCutoffs({ oldestEvent: 0, now, windowDays: 90, lookbackDays: 30 });

  expect(final).toEqual([310 * DAY, 280 * DAY]);
  expect(judged).toEqual({ training: [220 * DAY, 190 * DAY], test: 310 * DAY });
});

test('with history for one window only there is nothing later to judge by', () => {
  const plan = planCutoffs({ oldestEvent: now - 130 * DAY, now, windowDays: 90, lookbackDays: 30 });

  expect(plan).toEqual({ final: [310 * DAY] });
});
