import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Refusal, renderApp } from './support/render-app.tsx';

afterEach(() => {
  cleanup();
  localStorage.clear();
});

const segment = (name: string, more: object = {}) => ({
  id: `id-${name}`,
  name,
  schema: { name: '_xdm.context.profile' },
  expression: { type: 'PQL', format: 'pql/text', value: `note = "${name}"` },
  evaluationInfo: { continuous: { enabled: true, evaluationClass: 'incremental', state: 'activating', reasons: [] } },
  lifecycleState: 'published',
  labels: [],
  tags: [],
  version: 3,
  updateTime: 1_700_000_000_000,
  ...more,
});

const listOf = (segments: readonly object[]) => () => ({
  segments,
  page: { totalCount: segments.length },
  link: {},
});

test('lists the segments that the API has', async () => {
  renderApp('/segments', { 'GET /segment/definitions': listOf([segment('Buyers'), segment('Lookers')]) });

  const table = await screen.findByRole('grid', { name: 'Segments' });
  expect(within(table).getByRole('rowheader', { name: /Buyers/ })).toBeDefined();
  expect(document.title).toBe('Segments – Shoal');
});

test('says what nothing was found for, and shows all again', async () => {
  const { user } = renderApp('/segments?q=yachts', { 'GET /segment/definitions': listOf([segment('Buyers')]) });

  expect(await screen.findByText('No segment has “yachts” in its name, rule or tags.')).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Show all segments' }));
  expect(await screen.findByRole('rowheader', { name: /Buyers/ })).toBeDefined();
});

test('without a segment it asks whom to reach', async () => {
  renderApp('/segments', { 'GET /segment/definitions': listOf([]) });

  expect(await screen.findByRole('heading', { name: 'Who do you want to reach?' })).toBeDefined();
});

test('a refusal is told with its request id, and can be tried again', async () => {
  const problem = { type: 'urn:shoal:problem:role-forbidden', detail: 'The token has no role.', requestId: 'r-77' };
  let isRefused = true;
  const { user } = renderApp('/segments', {
    'GET /segment/definitions': () => {
      if (isRefused) throw new Refusal(403, problem);
      return listOf([segment('Buyers')])();
    },
  });

  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('The token has no role.');
  expect(alert.textContent).toContain('Request r-77');
  isRefused = false;
  await user.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('rowheader', { name: /Buyers/ })).toBeDefined();
});

test('switching off sends the version that was read', async () => {
  const { user, calls } = renderApp('/segments', {
    'GET /segment/definitions': listOf([segment('Buyers')]),
    'PATCH /segment/definitions/*': () => segment('Buyers', { lifecycleState: 'inactive' }),
  });

  await user.click(await screen.findByRole('checkbox', { name: /Select Buyers/ }));
  await user.click(await screen.findByRole('button', { name: 'Switch off' }));

  await waitFor(() => expect(calls.some(({ method }) => method === 'PATCH')).toBe(true));
  const change = calls.find(({ method }) => method === 'PATCH');
  expect(change).toMatchObject({ path: '/segment/definitions/id-Buyers', body: { lifecycleState: 'inactive' } });
  expect(change?.headers.get('if-match')).toBe('"3"');
});

test('of 5,000 segments a page is drawn, and only what is drawn is asked about', async () => {
  const segments = Array.from({ length: 5_000 }, (_, index) => segment(`Segment ${index}`));
  const { calls } = renderApp('/segments', {
    'GET /segment/definitions': listOf(segments),
    'GET /segment/jobs': () => ({ children: [] }),
    'GET /segment/definitions/*': () => ({ points: [] }),
  });

  expect(await screen.findByText('1–25 of 5,000')).toBeDefined();
  expect(screen.getAllByRole('row')).toHaveLength(1 + 25);
  expect(calls.filter(({ path }) => path.endsWith('/trend'))).toHaveLength(25);
});

test('a row tells its size and when it was counted, and who came and went', async () => {
  const size = { members: 11_892, exact: true, asOf: '2026-05-01T00:00:00Z', ageInSeconds: 60 };
  const job = {
    status: 'SUCCEEDED',
    segments: [{ segmentId: '*' }],
    creationTime: 1,
    metrics: {
      segmentedProfileByStatusCounter: { 'id-Buyers': { realized: 402, existing: 11_490, exited: 371 } },
      costByDefinition: { 'id-Buyers': { nanosecondsPerProfile: 2_500 } },
    },
  };
  localStorage.setItem('shoal.columns', JSON.stringify(['people', 'flow', 'cost']));
  renderApp('/segments', {
    'GET /segment/definitions': listOf([segment('Buyers', { size })]),
    'GET /segment/jobs': () => ({ children: [job] }),
  });

  expect(await screen.findByText('11,892')).toBeDefined();
  expect(await screen.findByRole('img', { name: '402 came, 11,490 stayed, 371 went' })).toBeDefined();
  expect(screen.getByText('2.5 µs a person')).toBeDefined();
});

test('which columns are shown is chosen, and kept', async () => {
  const answers = { 'GET /segment/definitions': listOf([segment('Buyers')]) };
  const { user, unmount } = renderApp('/segments', answers);

  await screen.findByRole('columnheader', { name: /Edited/ });
  await user.click(screen.getByRole('button', { name: 'Columns' }));
  await user.click(await screen.findByRole('menuitemcheckbox', { name: 'Edited' }));
  await waitFor(() => expect(screen.queryByRole('columnheader', { name: /Edited/, hidden: true })).toBeNull());
  unmount();
  renderApp('/segments', answers);

  expect(await screen.findByRole('columnheader', { name: /People/ })).toBeDefined();
  expect(screen.queryByRole('columnheader', { name: /Edited/ })).toBeNull();
});

test('a segment that a destination is not told of is among the problems', async () => {
  const stuck = { blockedBy: [], lanes: [{ failures: 3, lost: 0 }], refused: [] };
  renderApp('/segments?state=problems', {
    'GET /segment/definitions': listOf([segment('Buyers', { updateTime: Date.now() }), segment('Lookers')]),
    'GET /destinations': () => ({ children: [{ id: 'd', state: 'active', segments: ['id-Buyers'] }] }),
    'GET /destinations/d/deliveries': () => stuck,
  });

  const row = await screen.findByRole('rowheader', { name: /Buyers/ });
  expect(row.textContent).toContain('a destination is not told');
  expect(screen.getByRole('rowheader', { name: /Lookers/ }).textContent).toContain('activating for more than an hour');
});

test('j and k walk the rows, x selects one, and what is selected is tagged at once', async () => {
  const { user, calls } = renderApp('/segments', {
    'GET /segment/definitions': listOf([segment('Buyers'), segment('Lookers')]),
    'PATCH /segment/definitions/*': () => segment('Lookers'),
  });
  await screen.findByRole('rowheader', { name: /Lookers/ });

  await user.keyboard('jjkjx');
  expect(await screen.findByText('1 selected')).toBeDefined();
  await user.click(await screen.findByRole('button', { name: 'Tag…' }));
  await user.type(await screen.findByRole('textbox', { name: 'Tag' }), 'spring{Enter}');

  await waitFor(() => expect(calls.some(({ method }) => method === 'PATCH')).toBe(true));
  expect(calls.find(({ method }) => method === 'PATCH')).toMatchObject({
    path: '/segment/definitions/id-Lookers',
    body: { tags: ['spring'] },
  });
});

test('the chosen language holds for the page', async () => {
  const { user } = renderApp('/segments', { 'GET /segment/definitions': listOf([segment('Buyers')]) });

  await user.click(await screen.findByRole('button', { name: 'Preferences' }));
  await user.click(await screen.findByRole('menuitemcheckbox', { name: '한국어' }));

  expect(await screen.findByRole('heading', { name: '세그먼트' })).toBeDefined();
  expect(document.documentElement.lang).toBe('ko');
});
