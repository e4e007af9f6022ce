import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { renderApp } from './support/render-app.tsx';

afterEach(cleanup);

const score = {
  score: 82,
  probability: 0.31,
  percentile: 97,
  bucket: 'high',
  scoredAt: 1_700_000_000_000,
  factors: [{ name: 'count of purchases', direction: 'raises', importance: 'high', contribution: 1, value: 4 }],
};

const view = {
  entityId: 'p1',
  version: 4,
  evaluatedAt: '2026-03-01T12:00:00.000Z',
  attributes: { person: { name: { fullName: 'Jin Park' } }, homeAddress: { countryCode: 'KR' } },
  sources: [
    { datasetId: 'shop', values: [{ path: 'homeAddress.countryCode', value: 'KR', time: '2026-02-01T00:00:00.000Z' }] },
    { datasetId: 'crm', values: [{ path: 'homeAddress.countryCode', value: 'JP', time: '2026-01-01T00:00:00.000Z' }] },
  ],
  identities: [{ namespace: 'Email', id: 'jin@example.com', primary: true }],
  identityMap: {},
  segmentMembership: {
    ups: { s1: { status: 'realized', lastQualificationTime: '2026-03-01T12:00:01.000Z', name: 'Lookers' } },
  },
  computed: {},
  propensity: { buys: score },
  entity: {},
  events: [
    { _id: 'e2', timestamp: '2026-03-01T12:00:00.000Z', eventType: 'commerce.productViews' },
    { _id: 'e1', timestamp: '2026-02-01T12:00:00.000Z', eventType: 'commerce.purchases' },
  ],
  page: { totalCount: 2, start: 0, limit: 100, next: null },
};

const answers = { 'GET /access/entities': () => view };
const ADDRESS = '/profiles/Email/jin@example.com';

test('a person is looked up by an identity', async () => {
  const { user } = renderApp('/profiles', answers);

  await user.type(await screen.findByLabelText('Identity'), 'jin@example.com');
  await user.click(screen.getByRole('button', { name: 'Open profile' }));

  expect(await screen.findByRole('heading', { level: 1, name: 'Jin Park' })).toBeDefined();
  expect(document.title).toBe('Jin Park – Shoal');
});

test('changes stand among the events, the newest first', async () => {
  renderApp(ADDRESS, answers);

  const day = await screen.findByRole('region', { name: '1 Mar 2026' });
  const lines = within(day).getAllByRole('listitem');
  expect(lines[0]?.textContent).toContain('entered Lookers');
  expect(lines[1]?.textContent).toContain('View product');
});

test('as of an earlier instant the timeline ends there', async () => {
  renderApp(`${ADDRESS}?at=2026-02-10T00:00:00.000Z`, answers);

  expect(await screen.findByRole('region', { name: '1 Feb 2026' })).toBeDefined();
  expect(screen.queryByRole('region', { name: '1 Mar 2026' })).toBeNull();
});

test('a score is given with what moves it', async () => {
  renderApp(`${ADDRESS}?tab=scores`, answers);

  const row = await screen.findByRole('row', { name: /count of purchases/ });
  expect(row.textContent).toContain('up');
  expect(row.textContent).toContain('strongly');
  expect(screen.getByText('82')).toBeDefined();
});

test('an unknown identity is said to be unknown', async () => {
  renderApp(ADDRESS, {});

  expect(await screen.findByRole('heading', { name: 'Nobody is known as “jin@example.com”.' })).toBeDefined();
});

test('an attribute says whose word it is, and what others say', async () => {
  renderApp(`${ADDRESS}?tab=attributes`, answers);

  const row = await screen.findByRole('row', { name: /Country code/ });
  const cells = within(row).getAllByRole('cell');
  expect(cells.map(({ textContent }) => textContent)).toEqual([
    'KR',
    'shop',
    'JP crm',
    '1 Feb 2026',
    'homeAddress.countryCode',
  ]);
});

test('erasing asks for the identity to be typed, and ends with a receipt', async () => {
  const receipt = {
    completedAt: '2026-03-01T12:00:00.000Z',
    profiles: 1,
    removed: { profiles: 3, events: 12 },
    kept: [{ where: 'audit', what: 'who asked, and when' }],
    agesOut: [{ where: 'feed', what: 'changes', until: '2026-03-08T12:00:00.000Z' }],
  };
  const job = { id: 'j-1', status: 'NEW', step: 'find' };
  const { user, calls } = renderApp(ADDRESS, {
    ...answers,
    'POST /system/jobs': () => job,
    'GET /system/jobs/j-1': () => ({ ...job, status: 'COMPLETED', step: 'done', receipt }),
  });

  await user.click(await screen.findByRole('button', { name: 'Erase…' }));
  const confirm = await screen.findByRole('button', { name: 'Erase this person' });
  await user.click(confirm);
  expect(calls.filter(({ method }) => method === 'POST')).toEqual([]);
  await user.type(screen.getByRole('textbox', { name: 'To go on, type jin@example.com' }), 'jin@example.com');
  await user.click(confirm);

  expect(await screen.findByText('profiles 3 · events 12')).toBeDefined();
  expect(screen.getByText('feed: changes (until 8 Mar 2026)')).toBeDefined();
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({
    action: 'delete_identity',
    identities: [{ namespace: 'Email', id: 'jin@example.com' }],
  });
});
