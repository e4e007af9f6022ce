import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { ruleOfFactor } from '#console/src/propensity/model-reading.ts';
import { parse } from '#shared/pql/index.ts';
import { renderApp } from './support/render-app.tsx';

afterEach(cleanup);

const model = {
  id: 'buys',
  displayName: 'Shoe buyers',
  type: 'conversion',
  goal: { occurrence: 'will', match: 'any', conditions: ['eventType = "commerce.purchases"'], windowDays: 30 },
  customEvents: [],
  profileAttributes: [],
  excludedEventTypes: [],
  state: 'active',
  modelRunId: 'run-1',
  version: 1,
  creationTime: 1,
  updateTime: 1,
};

const bucket = (people: number, names: readonly string[]) => ({
  people,
  expected: people / 10,
  topFactors: names.map((name) => ({ name, people: people / 2, raises: people / 2, lowers: 0 })),
});

const insights = {
  runId: 'run-1',
  modelRunId: 'run-1',
  asOf: 1,
  distribution: Array.from({ length: 101 }, (_, score) => (score === 90 ? 50 : 1)),
  buckets: { low: bucket(25, []), medium: bucket(50, []), high: bucket(76, ['days since purchase']) },
  evaluation: {
    kind: 'out of time',
    people: 100,
    occurred: 20,
    areaUnderCurve: 0.84,
    logLoss: 0.3,
    brierScore: 0.1,
    gains: [
      { share: 0.1, gain: 0.4, lift: 4 },
      { share: 1, gain: 1, lift: 1 },
    ],
    roc: [
      { falsePositiveRate: 0, truePositiveRate: 0 },
      { falsePositiveRate: 1, truePositiveRate: 1 },
    ],
    calibration: [{ people: 100, expected: 0.2, actual: 0.2 }],
  },
  importances: [],
  warnings: [],
  history: [
    {
      runId: 'run-1',
      kind: 'judged',
      people: 100,
      judgedAt: 1,
      areaUnderCurve: 0.84,
      expectedRate: 0.31,
      actualRate: 0.242,
      promoted: true,
    },
  ],
};

const answers = {
  'GET /propensity/instances': () => ({ children: [model] }),
  'GET /propensity/instances/buys': () => model,
  'GET /propensity/instances/buys/insights': () => insights,
};

test('a model is listed with what it foretells', async () => {
  renderApp('/propensity', answers);

  const row = await screen.findByRole('row', { name: /Shoe buyers/ });
  expect(row.textContent).toContain('will do Purchase in the next 30 days');
  expect(row.textContent).toContain('not trained yet');
});

test('insights say how good the model is, and where it was off', async () => {
  renderApp('/propensity/buys', answers);

  expect(await screen.findByText(/AUC 0.84: good/)).toBeDefined();
  expect(screen.getByText('off by 6.8 points')).toBeDefined();
  expect(screen.getByText(/The 10% with the highest scores do it 4 times as often/)).toBeDefined();
});

test('a chart is a table too, and is read by the arrow keys', async () => {
  const { user } = renderApp('/propensity/buys', answers);

  const chart = await screen.findByRole('slider', { name: 'How the scores fall' });
  chart.focus();
  await user.keyboard('{Home}{ArrowRight}');
  expect(chart.getAttribute('aria-valuetext')).toBe('1 · People 1');
  await user.click(screen.getByRole('button', { name: 'Table: How the scores fall' }));
  const table = screen.getByRole('table', { name: 'How the scores fall' });
  expect(within(table).getByRole('row', { name: '90 50' })).toBeDefined();
});

test('a range of scores counts its people and opens the builder filled in', async () => {
  const { user } = renderApp('/propensity/buys', answers);

  const from = await screen.findByLabelText('From score');
  await user.clear(from);
  await user.type(from, '90');
  expect(screen.getByText('90–100 = 60 people')).toBeDefined();
  const link = screen.getByRole('link', { name: 'Create a segment of 90–100' });
  expect(new URL(link.getAttribute('href') ?? '', 'http://x').searchParams.get('pql')).toBe(
    'propensity.buys.score >= 90 and propensity.buys.score <= 100',
  );
});

test('a bucket and a factor of it open the builder filled in, with rules that the language reads', async () => {
  renderApp('/propensity/buys', answers);
  const ruleOf = async (name: string) => {
    const link = await screen.findByRole('link', { name });
    return new URL(link.getAttribute('href') ?? '', 'http://x').searchParams.get('pql') ?? '';
  };

  const rules = [
    await ruleOf('Create a segment of high'),
    await ruleOf('Create a segment of high, days since purchase'),
    ruleOfFactor('buys', 'low', 'a "quoted" \\ name'),
  ];

  expect(rules[0]).toBe('propensity.buys.bucket = "high"');
  expect(rules[1]).toContain('where f.name = "days since purchase"');
  expect(rules.map((rule) => parse(rule).ok)).toEqual([true, true, true]);
});

test('the data is looked at while a model is described, and what is missing is said in numbers', async () => {
  const check = {
    canTrain: false,
    historyDays: 42,
    historyDaysNeeded: 60,
    eligible: 10,
    occurred: 2,
    notOccurred: 8,
    findings: [{ code: 'HISTORY_TOO_SHORT', found: 42, needed: 60, message: 'from the service' }],
    isEstimate: false,
    profilesRead: 10,
  };
  const { calls } = renderApp('/propensity/new', { ...answers, 'POST /propensity/dataCheck': () => check });

  expect(await screen.findByText('18 more days of history are needed, or a shorter window.')).toBeDefined();
  expect(screen.getByText('History: 42 of 60 days needed')).toBeDefined();
  expect(calls.find(({ path }) => path === '/propensity/dataCheck')?.body).toMatchObject({ goal: { windowDays: 30 } });
});

test('saved and trained, a model is shown', async () => {
  const { user, calls } = renderApp('/propensity/new', {
    ...answers,
    'POST /propensity/dataCheck': () => ({
      findings: [],
      canTrain: true,
      historyDays: 1,
      historyDaysNeeded: 1,
      occurred: 1,
      notOccurred: 1,
    }),
    'POST /propensity/instances': () => model,
    'POST /propensity/instances/buys/runs': () => ({}),
  });

  await user.type(await screen.findByLabelText('Name'), 'Shoe buyers');
  await user.click(screen.getByRole('button', { name: 'Save and train' }));

  expect(await screen.findByRole('heading', { level: 1, name: 'Shoe buyers' })).toBeDefined();
  await waitFor(() => expect(calls.some(({ path }) => path === '/propensity/instances/buys/runs')).toBe(true));
  expect(calls.find(({ method, path }) => method === 'POST' && path === '/propensity/instances')?.body).toMatchObject({
    displayName: 'Shoe buyers',
    state: 'active',
  });
});

const factor = {
  ...{ runId: 'run-1', modelRunId: 'run-1', asOf: 1, bucket: 'high', bucketPeople: 76 },
  ...{ name: 'days since purchase', people: 38, raises: 38, lowers: 0, meanContribution: 0.5 },
  importance: { low: 8, medium: 10, high: 20 },
  values: [
    { from: 2, to: 5, people: 30, meanContribution: Math.log(2) },
    { text: 'gold', people: 6, meanContribution: -Math.log(2) },
    { people: 2, meanContribution: 0.1 },
  ],
};

test('a reason is looked into: how strongly it counts, and with which values', async () => {
  const { user, calls } = renderApp('/propensity/buys', {
    ...answers,
    'GET /propensity/instances/buys/insights/factor': () => factor,
  });

  await user.click(await screen.findByRole('button', { name: 'How days since purchase counts' }));

  const table = await screen.findByRole('table', { name: 'days since purchase, bucket high' });
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows.map((row) => [...row.children].map(({ textContent }) => textContent))).toEqual([
    ['2 to 5', '30 · 79%', 'up, ×2'],
    ['gold', '6 · 16%', 'down, ×0.5'],
    ['no value', '2 · 5%', 'up, ×1.11'],
  ]);
  const asked = calls.find(({ path }) => path.startsWith('/propensity/instances/buys/insights/factor'));
  expect(asked).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Close: days since purchase, bucket high' }));
  expect(screen.queryByRole('table', { name: 'days since purchase, bucket high' })).toBeNull();
});

test('a model is edited as it was when it was opened, and what was emptied is taken away', async () => {
  const scheduled = { ...model, eligiblePopulation: 'loyalty.tier = "gold"', schedule: { expression: '0 0 3 * * ?' } };
  const { user, calls } = renderApp('/propensity/buys/edit', {
    ...answers,
    'GET /propensity/instances/buys': () => scheduled,
    'POST /propensity/dataCheck': () => ({ findings: [], canTrain: true, historyDays: 1, historyDaysNeeded: 1 }),
    'PATCH /propensity/instances/buys': () => scheduled,
  });

  await user.clear(await screen.findByLabelText('Only people for whom'));
  await user.type(screen.getByLabelText('Train by the clock'), '0 0 3 1 * ?');
  await user.click(screen.getByRole('button', { name: 'Add a custom event' }));
  await user.type(screen.getByLabelText('Name of custom event 1'), 'returns');
  await user.type(screen.getByLabelText('Condition of custom event 1'), 'eventType = "return"');
  await user.click(screen.getByRole('button', { name: 'Save changes' }));

  await waitFor(() => expect(calls.some(({ method }) => method === 'PATCH')).toBe(true));
  expect(calls.find(({ method }) => method === 'PATCH')?.body).toMatchObject({
    eligiblePopulation: null,
    schedule: { expression: '0 0 3 * * ?', timeZone: 'UTC' },
    trainingSchedule: { expression: '0 0 3 1 * ?', timeZone: 'UTC' },
    customEvents: [{ name: 'returns', condition: 'eventType = "return"', amounts: [] }],
  });
});

test('a model is copied, paused and, when that was asked once more, deleted', async () => {
  const { user, calls } = renderApp('/propensity/buys', {
    ...answers,
    'PATCH /propensity/instances/buys': () => ({ ...model, state: 'draft' }),
    'DELETE /propensity/instances/buys': () => null,
  });
  const choose = async (name: string) => {
    await user.click(await screen.findByRole('button', { name: 'More actions' }));
    await user.click(await screen.findByRole('menuitem', { name }));
  };

  await choose('Pause');
  await waitFor(() => expect(calls.find(({ method }) => method === 'PATCH')?.body).toEqual({ state: 'draft' }));
  await choose('Delete');
  const dialog = await screen.findByRole('alertdialog', { name: 'Delete “Shoe buyers”?' });
  expect(calls.some(({ method }) => method === 'DELETE')).toBe(false);
  await user.click(within(dialog).getByRole('button', { name: 'Delete' }));

  expect(await screen.findByRole('heading', { level: 1, name: 'Propensity' })).toBeDefined();
  expect(calls.some(({ method, path }) => method === 'DELETE' && path === '/propensity/instances/buys')).toBe(true);
});

test('why a run failed, was skipped or began is said in words, with the code', async () => {
  const run = { instanceId: 'buys', instanceVersion: 1, creationTime: 1, updateTime: 1, kind: 'train' };
  const failed = {
    ...{ ...run, id: 'r2', source: 'api', status: 'FAILED', errorCode: 'DATA_CHECK_FAILED', message: 'theirs' },
    dataCheck: { findings: [{ code: 'TOO_FEW_WITH_OUTCOME', found: 499, needed: 500, message: 'theirs' }] },
  };
  const skipped = { ...run, id: 'r1', source: 'scheduler', status: 'SKIPPED', errorCode: 'PREVIOUS_UNDER_WAY' };
  renderApp('/propensity/buys?tab=runs', {
    ...answers,
    'GET /propensity/instances/buys/runs': () => ({ children: [failed, skipped] }),
  });

  expect(await screen.findByText('There was not enough to learn from.')).toBeDefined();
  expect(screen.getByText('One more with the outcome is needed.')).toBeDefined();
  expect(screen.getByText('DATA_CHECK_FAILED')).toBeDefined();
  expect(screen.getByText('Training · by the clock')).toBeDefined();
  expect(screen.getByText(/was due while another run was under way/)).toBeDefined();
});
