import { cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { renderApp } from './support/render-app.tsx';

afterEach(cleanup);

const answers = {
  'GET /segment/definitions': () => ({ segments: [], page: { totalCount: 0 }, link: {} }),
  'GET /permissions': () => ({ roles: [], operations: [] }),
};

test('Ctrl K goes anywhere by a few letters', async () => {
  const { user } = renderApp('/segments', answers);
  await screen.findByRole('heading', { level: 1, name: 'Segments' });

  await user.keyboard('{Control>}k{/Control}');
  await user.type(await screen.findByRole('combobox', { name: /A page, a segment/ }), 'prof');
  expect(screen.getByRole('option', { name: /Profiles/ }).getAttribute('aria-selected')).toBe('true');
  await user.keyboard('{Enter}');

  expect(await screen.findByRole('heading', { level: 1, name: 'Profiles' })).toBeDefined();
});

test('a question mark shows the keys, but is a question mark where one types', async () => {
  const { user } = renderApp('/profiles', answers);

  await user.type(await screen.findByLabelText('Identity'), '?');
  expect(screen.queryByRole('dialog')).toBeNull();
  screen.getByLabelText('Identity').blur();
  await user.keyboard('?');

  expect(await screen.findByRole('dialog', { name: 'Keys' })).toBeDefined();
});

test('rows are compact for whoever wants them so', async () => {
  const { user } = renderApp('/settings', answers);

  await user.click(await screen.findByRole('radio', { name: 'Compact' }));

  await waitFor(() => expect(document.documentElement.dataset.density).toBe('compact'));
});
