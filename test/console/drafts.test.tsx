import { cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Refusal, renderApp } from './support/render-app.tsx';

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal(
    'Worker',
    class {
      postMessage() {}
      terminate() {}
    },
  );
});
afterEach(cleanup);

const LIVE = {
  id: 'id-1',
  name: 'Buyers',
  schema: { name: '_xdm.context.profile' },
  expression: { type: 'PQL', format: 'pql/text', value: 'loyalty.tier = "gold"' },
  evaluationInfo: { continuous: { enabled: true, evaluationClass: 'incremental', state: 'active', reasons: [] } },
  lifecycleState: 'published',
  labels: [],
  tags: [],
  version: 3,
  updateTime: 1_700_000_000_000,
};

const lists = {
  'GET /segment/definitions': () => ({ segments: [LIVE], page: { totalCount: 1 }, link: {} }),
  'GET /segment/definitions/id-1': () => LIVE,
};
const noDraft = () => {
  throw new Refusal(404, { type: 'urn:shoal:problem:not-found', detail: 'There is no draft.' });
};

test('what is changed of a live rule is a draft beside it, begun from the version that was read', async () => {
  const { user, calls } = renderApp('/segments/id-1/edit', {
    ...lists,
    'GET /segment/definitions/id-1/draft': noDraft,
    'PUT /segment/definitions/id-1/draft': () => ({ basedOnVersion: 3, differences: [], diagnostics: [] }),
  });
  await user.type(await screen.findByRole('textbox', { name: 'Name of the segment' }), ' of gold');

  await waitFor(() => expect(calls.some(({ method }) => method === 'PUT')).toBe(true), { timeout: 5_000 });
  expect(calls.findLast(({ method }) => method === 'PUT')).toMatchObject({
    path: '/segment/definitions/id-1/draft',
    body: { name: 'Buyers of gold', basedOnVersion: 3 },
  });
  expect(calls.some(({ method }) => method === 'PATCH')).toBe(false);
});

test('a draft that somebody began is what is opened', async () => {
  renderApp('/segments/id-1/edit', {
    ...lists,
    'GET /segment/definitions/id-1/draft': () => ({ name: 'Better buyers', basedOnVersion: 3 }),
  });

  expect(await screen.findByDisplayValue('Better buyers')).toBeDefined();
});

test('whoever may not write sees the rule, and is told whom to ask', async () => {
  renderApp('/segments/id-1/edit', {
    ...lists,
    'GET /segment/definitions/id-1/draft': noDraft,
    'GET /permissions': () => ({ operations: ['listSegmentDefinitions'] }),
  });

  expect(await screen.findByText(/Ask an author to change it/)).toBeDefined();
  const name = screen.getByRole<HTMLInputElement>('textbox', { name: 'Name of the segment' });
  expect(name.readOnly).toBe(true);
  expect(screen.getByRole('row', { name: /is gold/ })).toBeDefined();
});

test('whoever may not write reads the rule as code, and cannot type in it', async () => {
  renderApp('/segments/id-1/edit?view=split', {
    ...lists,
    'GET /segment/definitions/id-1/draft': noDraft,
    'GET /permissions': () => ({ operations: ['listSegmentDefinitions'] }),
  });

  const editor = await screen.findByRole('textbox', { name: 'Rule as PQL' });
  await waitFor(() => expect(editor.getAttribute('aria-readonly')).toBe('true'));
  expect(editor.textContent).toBe('loyalty.tier = "gold"');
  expect(screen.queryByRole('button', { name: 'Add condition' })).toBeNull();
});
