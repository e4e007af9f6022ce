import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { profilesApi } from '#functions/profiles-api/profiles-api.ts';
import type { ProfileView } from '#shared/api/entities.ts';
import { type PersonEvaluation, personEvaluation } from '#shared/api/evaluations.ts';
import { httpRequest } from '#test/support/http-requests.ts';
import { problemOf } from '#test/support/segments-service.ts';
import { RETENTION_MS, START, view, WritePath } from '#test/support/write-path.ts';

const DAY = 86_400_000;
const VIEWED_TWICE = 'xEvent[eventType = "view" and timestamp occurs <= 30 days before now].count() >= 2';

let path: WritePath;
beforeEach(() => {
  path = new WritePath();
  path.define('twice', VIEWED_TWICE);
  path.define('quiet', `not (${VIEWED_TWICE})`);
  path.define('gold', 'loyalty.tier = "gold"');
});

const ann = { entityId: 'c1', entityIdNS: 'CRMID' };

function api(of = path) {
  const definitions = { find: async () => undefined, findVersion: async () => undefined };
  return profilesApi({ ...of.ports(), definitions, retentionMs: RETENTION_MS, now: () => of.now });
}

const send = (body: Record<string, unknown>) =>
  api()(httpRequest({ routeKey: 'POST /data/core/ups/evaluate', body: { ...ann, ...body } }));
const evaluate = async (body: Record<string, unknown> = {}): Promise<PersonEvaluation> =>
  personEvaluation.parse((await send(body)).body);

const realized = ({ segmentMembership: { ups } }: Pick<ProfileView, 'segmentMembership'>) =>
  Object.keys(ups)
    .filter((id) => ups[id]?.status === 'realized')
    .sort();

const looked = (more: Record<string, unknown> = {}) => ({ eventType: 'view', ...more });

describe('a person with events that are not stored', () => {
  test('has the memberships that they would bring, and nothing is written', async () => {
    await path.process([path.record(view('e1', START))]);

    const answer = await evaluate({ events: [looked()] });

    expect(realized(answer)).toEqual(['twice']);
    expect(answer.changes).toEqual([
      { segmentId: 'twice', name: 'twice', status: 'realized', cause: 'event' },
      { segmentId: 'quiet', name: 'quiet', status: 'exited', cause: 'event' },
    ]);
    expect(answer).toMatchObject({ entityId: 'profile-1', events: { applied: 1, known: 0, expired: 0 } });
    expect(realized(await evaluate())).toEqual(['quiet']);
    expect(path.profiles.log).toHaveLength(1);
  });

  test('is told what time alone has changed since', async () => {
    await path.process([path.record(view('e1', START)), path.record(view('e2', START))]);
    path.now = START + 31 * DAY;

    expect((await evaluate()).changes.map(({ segmentId, status, cause }) => [segmentId, status, cause])).toEqual([
      ['twice', 'exited', 'time'],
      ['quiet', 'realized', 'time'],
    ]);
  });

  test('counts an event that is stored already once, as it is stored', async () => {
    await path.process([path.record(view('e1', START))]);

    const answer = await evaluate({ events: [looked({ _id: 'e1' }), looked({ timestamp: START - RETENTION_MS - 1 })] });

    expect(answer.events).toEqual({ applied: 0, known: 1, expired: 1 });
    expect(realized(answer)).toEqual(['quiet']);
  });

  test('has attributes that stand above all that is stored', async () => {
    await path.process([
      path.record({
        ...{ recordType: 'profile', datasetId: 'crm', timestamp: START },
        ...{ identityMap: { CRMID: [{ id: 'c1' }] }, attributes: { loyalty: { tier: 'gold', points: 1 } } },
      }),
    ]);

    expect(realized(await evaluate())).toEqual(['gold', 'quiet']);
    expect(realized(await evaluate({ attributes: { loyalty: { points: 2 } } }))).toEqual(['gold', 'quiet']);
    expect(realized(await evaluate({ attributes: { loyalty: { tier: 'silver' } } }))).toEqual(['quiet']);
    expect(realized(await evaluate({ attributes: { loyalty: null } }))).toEqual(['quiet']);
  });
});

test('somebody whom nothing has brought yet is a new person', async () => {
  const answer = await evaluate({
    entityId: 'stranger',
    events: [looked(), looked()],
    attributes: { loyalty: { tier: 'gold' } },
  });

  expect(answer).toMatchObject({ entityId: null, events: { applied: 2 } });
  expect(realized(answer)).toEqual(['gold', 'twice']);
  expect(answer.changes.map(({ segmentId }) => segmentId).sort()).toEqual(['gold', 'twice']);
  expect(path.profiles.all()).toEqual([]);
});

test('only the wanted segments are answered for', async () => {
  const id = '00000000-0000-4000-8000-000000000001';
  path.define(id, 'xEvent.count() >= 1');

  const answer = await evaluate({ events: [looked()], segmentIds: [id] });

  expect(Object.keys(answer.segmentMembership.ups)).toEqual([id]);
  expect(answer.changes.map(({ segmentId }) => segmentId)).toEqual([id]);
});

describe('what can’t be supposed is said with its place', () => {
  test.each([
    [{ events: [{}, { timestamp: 'yesterday' }] }, '/events/1/timestamp'],
    [{ events: [{ timestamp: START + DAY }] }, '/events/0/timestamp'],
    [{ events: [{ identityMap: {} }] }, '/events/0'],
    [{ attributes: { propensity: { x: 1 } } }, '/attributes/propensity'],
    [{ events: Array.from({ length: 101 }, () => ({})) }, '/events'],
    [{ segmentIds: ['x'] }, '/segmentIds/0'],
  ])('%j', async (body, pointer) => {
    const { code, details } = await problemOf(send(body));

    expect([code, details.mistakes?.[0]?.pointer]).toEqual(['invalid-request', pointer]);
  });
});

test('what it says is what the stream then makes of the same events', async () => {
  const event = fc.record({
    eventType: fc.constantFrom('view', 'buy', 'cart'),
    timestamp: fc.integer({ min: START - 40 * DAY, max: START }),
  });
  const definitions = [
    VIEWED_TWICE,
    'xEvent[eventType = "buy"].count() = 0 and inSegment("d0")',
    'chain(xEvent, timestamp, [A: WHAT(eventType = "view"), B: WHAT(eventType = "buy") WHEN(<= 7 days after A)])',
    'select X from xEvent where X.eventType = "cart"',
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 6 }), fc.array(event, { maxLength: 6 }), async (first, then) => {
      path = new WritePath();
      for (const [index, expression] of definitions.entries()) path.define(`d${index}`, expression);
      const identityMap = { CRMID: [{ id: 'c1', primary: true }] };
      const recordOf = (name: string) => (each: object, index: number) =>
        path.record({ ...each, _id: `${name}-${index}`, identityMap });
      await path.process(first.map(recordOf('first')));
      path.now = START + DAY;
      const said = realized(await evaluate({ events: then.map((each, index) => ({ ...each, _id: `then-${index}` })) }));

      await path.process(then.map(recordOf('then')));

      const isKnown = first.length + then.length > 0;
      const read = () => api()(httpRequest({ routeKey: 'GET /data/core/ups/access/entities', query: { ...ann } }));
      const became = isKnown ? realized((await read()).body as ProfileView) : [];
      expect(said).toEqual(became);
    }),
    { seed: 20_251_123, numRuns: 150 },
  );
});
