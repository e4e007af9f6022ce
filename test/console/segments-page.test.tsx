import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Refusal, renderApp } from './support/render-app.tsx';

afterEach(cleanup);

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
  await user.click(screen.getByRole('button', { name: 'Switch off' }));

  await waitFor(() => expect(calls.some(({ method }) => method === 'PATCH')).toBe(true));
  const change = calls.find(({ method }) => method === 'PATCH');
  expect(change).toMatchObject({ path: '/segment/definitions/id-Buyers', body: { lifecycleState: 'inactive' } });
  expect(change?.headers.get('if-match')).toBe('"3"');
});

test('the chosen language holds for the page', async () => {
  const { user } = renderApp('/segments', { 'GET /segment/definitions': listOf([segment('Buyers')]) });

  await user.click(await screen.findByRole('button', { name: 'Preferences' }));
  await user.click(await screen.findByRole('menuitemcheckbox', { name: '한국어' }));

  expect(await screen.findByRole('heading', { name: '세그먼트' })).toBeDefined();
  expect(document.documentElement.lang).toBe('ko');
});
