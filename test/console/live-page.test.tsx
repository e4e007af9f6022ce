import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Refusal, renderApp } from './support/render-app.tsx';

afterEach(cleanup);

const change = (id: string, status: string, cause: string) => ({
  id,
  profileId: 'p1',
  identities: [{ namespace: 'Email', id: 'jin@example.com', primary: true }],
  segmentId: 's1',
  segmentName: 'Lookers',
  status,
  time: '2026-03-01T12:00:00.000Z',
  cause,
});

const answers = {
  'GET /changes': () => ({
    changes: [change('a', 'realized', 'event'), change('b', 'exited', 'time')],
    next: 'cursor-2',
    hasMore: false,
  }),
  'GET /segment/definitions': () => ({ segments: [], page: { totalCount: 0 }, link: {} }),
  'GET /segment/jobs': () => ({ children: [], _page: { totalCount: 0, pageSize: 100 }, _links: {} }),
  'GET /schemas/eventTypes': () => ({ eventTypes: [] }),
};

test('changes of the feed stand there, the newest first, with what caused them', async () => {
  renderApp('/live', answers);

  const log = await screen.findByRole('log', { name: 'Changes as they happen' });
  const [first] = await within(log).findAllByText(/by time alone/);
  expect(first).toBeDefined();
  expect(log.firstElementChild?.textContent).toContain('left');
  expect(within(log).getAllByRole('link', { name: 'Lookers' })).toHaveLength(2);
});

test('a cause in the address leaves out the others', async () => {
  renderApp('/live?cause=event', answers);

  const log = await screen.findByRole('log', { name: 'Changes as they happen' });
  expect(await within(log).findByText('by an event')).toBeDefined();
  expect(within(log).queryByText(/by time alone/)).toBeNull();
});

test('paused, it asks for nothing', async () => {
  const { user, calls } = renderApp('/live', answers);

  await user.click(await screen.findByRole('button', { name: 'Pause' }));
  expect(await screen.findByText('Paused. Nothing is asked for.')).toBeDefined();
  const asked = calls.filter(({ path }) => path === '/changes').length;
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(calls.filter(({ path }) => path === '/changes')).toHaveLength(asked);
});

test('a feed that is refused says why', async () => {
  renderApp('/live', {
    ...answers,
    'GET /changes': () => {
      throw new Refusal(403, { detail: 'The token has no role.' });
    },
  });

  expect((await screen.findByRole('alert')).textContent).toContain('The token has no role.');
});
