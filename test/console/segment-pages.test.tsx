import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { type Answers, Refusal, renderApp } from './support/render-app.tsx';

afterEach(cleanup);

const ID = '00000000-0000-4000-8000-000000000001';
const PQL = 'xEvent[eventType = "commerce.purchases" and timestamp occurs <= 90 days before now].count() >= 3';

const segment = {
  id: ID,
  name: 'Loyal buyers',
  schema: { name: '_xdm.context.profile' },
  expression: { type: 'PQL', format: 'pql/text', value: PQL },
  evaluationInfo: {
    batch: { enabled: false, reasons: [] },
    continuous: { enabled: true, evaluationClass: 'incremental', state: 'active', reasons: ['a count of events'] },
    synchronous: { enabled: true, reasons: [] },
  },
  lifecycleState: 'published',
  labels: [],
  tags: [],
  version: 3,
  updateTime: 1_700_000_000_000,
};

const answers = (more: Answers = {}): Answers => ({
  [`GET /segment/definitions/${ID}`]: () => segment,
  'GET /segment/definitions': () => ({ segments: [segment], page: { totalCount: 1 }, link: {} }),
  'GET /schemas/fields': () => ({ fields: [], page: { totalCount: 0, withoutData: 0, limit: 500 }, observed: [] }),
  'GET /schemas/eventTypes': () => ({ eventTypes: [] }),
  ...more,
});

const node = (more: object) => ({
  start: 0,
  end: PQL.length,
  decisive: false,
  sensitive: false,
  children: [],
  ...more,
});

const explanation = {
  definition: { id: ID, name: 'Loyal buyers', version: 3, lifecycleState: 'published', expression: PQL },
  entityId: 'profile-1',
  at: '2026-03-01T09:00:00.000Z',
  qualifies: false,
  membership: null,
  nextFlip: null,
  deciding: [{ text: PQL, start: 0, end: PQL.length, outcome: false }],
  explanation: node({
    kind: 'test',
    text: PQL,
    value: false,
    outcome: false,
    decisive: true,
    sensitive: true,
    need: { have: 2, comparison: '>=', want: 3, unit: 'events', shortBy: 1 },
    children: [
      node({
        kind: 'filter',
        text: PQL.slice(0, -12),
        value: ['a'],
        evidence: {
          matched: 2,
          total: 4,
          events: [
            { eventId: 'a', timestamp: '2026-02-20T09:00:00.000Z', eventType: 'commerce.purchases', matched: true },
          ],
          truncated: false,
        },
      }),
    ],
  }),
  truncated: false,
  known: { eventsSince: '2023-03-01T09:00:00.000Z', attributesWrittenSince: [] },
};

test('a segment says how it runs and what its rule is, in words', async () => {
  renderApp(`/segments/${ID}`, answers());

  expect(await screen.findByRole('heading', { level: 1, name: 'Loyal buyers' })).toBeDefined();
  expect(await screen.findByText(/did Purchase at least 3 times in the last 90 days/)).toBeDefined();
  expect(screen.getByText(/Streams: every event updates it at once/)).toBeDefined();
  expect(document.title).toBe('Loyal buyers – Shoal');
});

test('a segment that is gone says so', async () => {
  renderApp(`/segments/${ID}`, {});

  expect(await screen.findByRole('heading', { name: /This segment does not exist/ })).toBeDefined();
});

test('members show until when they are in', async () => {
  const member = {
    profileId: 'p1',
    status: 'realized',
    lastQualificationTime: '2026-03-01T09:00:00.000Z',
    leavesAt: null,
    identities: [{ namespace: 'Email', id: 'ann@example.com', primary: true }],
  };
  const page = {
    segmentId: ID,
    members: [member],
    evaluatedAt: '2026-03-01T09:00:00.000Z',
    isComplete: true,
    next: null,
  };
  renderApp(`/segments/${ID}?tab=members`, answers({ [`GET /segment/definitions/${ID}/members`]: () => page }));

  const row = await screen.findByRole('row', { name: /ann@example.com/ });
  expect(row.textContent).toContain('not within 400 days');
  expect(within(row).getByRole('link', { name: 'Why is ann@example.com in?' })).toBeDefined();
});

test('rolling back sends the version that was read, and the note', async () => {
  const entry = (version: number) => ({
    version,
    name: 'x',
    lifecycleState: 'published',
    updateTime: 1,
    differences: [],
  });
  const { user, calls } = renderApp(
    `/segments/${ID}?tab=versions`,
    answers({
      [`GET /segment/definitions/${ID}/versions`]: () => ({ versions: [entry(3), entry(2)], next: null }),
      [`POST /segment/definitions/${ID}/rollback`]: () => ({ ...segment, version: 4 }),
    }),
  );

  await user.click(await screen.findByRole('button', { name: 'Roll back to version 2…' }));
  await user.type(await screen.findByRole('textbox', { name: 'Note' }), 'too wide');
  await user.click(screen.getByRole('button', { name: 'Roll back to version 2' }));

  await waitFor(() => expect(calls.some(({ path }) => path.endsWith('/rollback'))).toBe(true));
  const sent = calls.find(({ path }) => path.endsWith('/rollback'));
  expect(sent?.body).toEqual({ version: 2, note: 'too wide' });
  expect(sent?.headers.get('if-match')).toBe('"3"');
});

test('an explanation says the answer first, then what is missing and which events count', async () => {
  renderApp(
    `/segments/${ID}/explain?ns=Email&id=ann@example.com`,
    answers({ [`GET /segment/definitions/${ID}/explain`]: () => explanation }),
  );

  expect(await screen.findByText('ann@example.com is out of “Loyal buyers”, because of one condition.')).toBeDefined();
  expect(screen.getByText(/found 2, needs at least 3 · 1 short/)).toBeDefined();
  expect(screen.getByText('this decides it')).toBeDefined();
  expect(screen.getByRole('table', { name: '2 of 4 events count' })).toBeDefined();
});

test('a change that is tried is asked for and not stored', async () => {
  const { user, calls } = renderApp(
    `/segments/${ID}/explain?ns=Email&id=ann@example.com`,
    answers({
      [`GET /segment/definitions/${ID}/explain`]: () => explanation,
      [`POST /segment/definitions/${ID}/explain`]: () => ({ ...explanation, qualifies: true }),
    }),
  );

  await user.type(await screen.findByLabelText('An event happens now'), 'commerce.purchases');
  await user.click(screen.getByRole('button', { name: 'Try it' }));

  expect(await screen.findByText('ann@example.com would be in “Loyal buyers”.')).toBeDefined();
  expect(calls.filter(({ path, method }) => method === 'POST' && path.endsWith('/explain')).at(-1)?.body).toMatchObject(
    {
      entityId: 'ann@example.com',
      events: [{ eventType: 'commerce.purchases' }],
    },
  );
});

test('somebody unknown is no failure', async () => {
  renderApp(
    `/segments/${ID}/explain?ns=Email&id=nobody@example.com`,
    answers({
      [`GET /segment/definitions/${ID}/explain`]: () => {
        throw new Refusal(404, { detail: 'no such person' });
      },
    }),
  );

  expect(await screen.findByText('Nobody is known by this identity.')).toBeDefined();
});
