import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
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
    { runId: 'run-1', judgedAt: 1, areaUnderCurve: 0.84, expectedRate: 0.31, actualRate: 0.242, promoted: true },
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

test('the data is looked at while a model is described, and what is missing is said in numbers', async () => {
  const check = {
    canTrain: false,
    historyDays: 42,
    historyDaysNeeded: 60,
    eligible: 10,
    occurred: 2,
    notOccurred: 8,
    findings: [{ code: 'HISTORY_TOO_SHORT', found: 42, needed: 60, message: '18 more days of history are needed' }],
    isEstimate: false,
    profilesRead: 10,
  };
  const { calls } = renderApp('/propensity/new', { ...answers, 'POST /propensity/dataCheck': () => check });

  expect(await screen.findByText('18 more days of history are needed')).toBeDefined();
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
