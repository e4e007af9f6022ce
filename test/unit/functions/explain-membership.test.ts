import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SandboxName } from '#shared/kernel/brand.ts';
import { parse, toJson } from '#shared/pql/index.ts';
import { definitionId } from '#test/support/definitions.ts';
import { DAY_MS, explainedWorld } from '#test/support/explained-world.ts';
import { problemOf, segmentBody } from '#test/support/segments-service.ts';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const day = (days: number) => NOW + days * DAY_MS;
const isoDay = (days: number, milliseconds = 0) => new Date(day(days) + milliseconds).toISOString();
const BUYERS = 'xEvent[eventType = "buy" and timestamp occurs <= 90 days before now].count() >= 2';

/** Ann bought twice and looked once; the second purchase made her a member. */
async function annTheBuyer(expression = BUYERS, more: Record<string, unknown> = {}) {
  const world = explainedWorld(NOW);
  const { id } = await world.segments.create(segmentBody('Buyers', expression, more));
  await world.did('buy', 'b1', day(-60));
  await world.did('view', 'v1', day(-20));
  await world.did('buy', 'b2', day(-10));
  return { ...world, id };
}

describe('an explanation', () => {
  test('says whether the person qualifies, by what, until when, and what is stored', async () => {
    const { explain, id } = await annTheBuyer();
    const explained = await explain(id);

    expect(explained).toMatchObject({
      definition: { id, name: 'Buyers', version: 1, lifecycleState: 'published', expression: BUYERS },
      entityId: 'profile-1',
      at: isoDay(0),
      qualifies: true,
      membership: { status: 'realized', lastQualificationTime: isoDay(0) },
      nextFlip: { at: isoDay(30, 1), certain: true },
      deciding: [{ text: BUYERS, start: 0, end: BUYERS.length, outcome: true }],
      truncated: false,
      known: { eventsSince: isoDay(-1096), attributesWrittenSince: [] },
    });
    expect(explained.explanation.children[0]?.children[0]?.evidence).toEqual({
      matched: 2,
      total: 3,
      truncated: false,
      events: [
        { eventId: 'b2', timestamp: isoDay(-10), eventType: 'buy', matched: true, countsUntil: isoDay(80, 1) },
        { eventId: 'b1', timestamp: isoDay(-60), eventType: 'buy', matched: true, countsUntil: isoDay(30, 1) },
      ],
    });
  });

  test('is of the instant of the read, also before anything noticed that time has passed', async () => {
    const { explain, id, clock } = await annTheBuyer();
    clock.now = day(31);

    expect(await explain(id)).toMatchObject({ qualifies: false, membership: { status: 'realized' }, nextFlip: null });
  });

  test('of a draft is given too, with no membership', async () => {
    const { explain, id } = await annTheBuyer(BUYERS, { lifecycleState: 'draft' });
    expect(await explain(id)).toMatchObject({
      definition: { lifecycleState: 'draft' },
      qualifies: true,
      membership: null,
    });
  });

  test('of a definition in pql/json counts positions in its text', async () => {
    const tree = parse('xEvent.count() > 1');
    if (!tree.ok) throw new Error('unreachable');
    const value = JSON.stringify(toJson(tree.value));
    const { explain, id } = await annTheBuyer(BUYERS, { expression: { type: 'PQL', format: 'pql/json', value } });
    expect(await explain(id)).toMatchObject({
      definition: { expression: 'xEvent.count() > 1' },
      explanation: { start: 0, end: 18, need: { have: 3, want: 1 } },
    });
  });

  test('calendar terms follow the time zone of the definition', async () => {
    const { explain, id } = await annTheBuyer('now.getHour() = 9', { timeZone: 'Asia/Seoul' });
    expect(await explain(id)).toMatchObject({ qualifies: true, definition: { timeZone: 'Asia/Seoul' } });
  });

  test('ends when a membership that it asks for ends', async () => {
    const { explain, id, segments } = await annTheBuyer();
    const dependent = await segments.create(segmentBody('Not buyers', `not inSegment("${id}")`));

    const explained = await explain(dependent.id);

    expect(explained).toMatchObject({ qualifies: false, nextFlip: { at: isoDay(30, 1), certain: true } });
    expect(explained.explanation.children).toMatchObject([{ kind: 'membership', segment: id, outcome: true }]);
  });
});

test('the example of docs/explain.md is what is answered', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/explain.md'), 'utf8');
  const documented = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
  const { segments, became, did, send } = explainedWorld(Date.parse(documented.at));
  const { id } = await segments.create(segmentBody('Loyal buyers in Korea', documented.definition.expression));
  const ago = (days: number) => Date.parse(documented.at) - days * DAY_MS;
  await became({ homeAddress: { countryCode: 'KR' } }, ago(300));
  await did('commerce.purchases', 'order-8790', ago(101));
  await did('commerce.productViews', 'view-1', ago(50));
  await did('commerce.purchases', 'order-8841', ago(60));
  await did('commerce.purchases', 'order-8902', ago(9));

  expect((await send(id)).body).toEqual(documented);
});

describe('as of an earlier instant', () => {
  test('only events up to then count, and windows end then', async () => {
    const { explain, id } = await annTheBuyer();

    const before = await explain(id, { at: isoDay(-11) });
    expect(before).toMatchObject({ at: isoDay(-11), qualifies: false, explanation: { need: { have: 1, shortBy: 1 } } });
    expect(await explain(id, { at: String(day(-10)) })).toMatchObject({ at: isoDay(-10), qualifies: true });
  });

  test('attributes count as they were written by then; one written since is named, for its earlier value is not kept', async () => {
    const { explain, became, segments } = await annTheBuyer();
    const { id } = await segments.create(segmentBody('Gold', 'loyalty.tier = "gold" and loyalty.points > 5'));
    await became({ loyalty: { tier: 'gold', points: 10 }, person: { name: { firstName: 'Ann' } } }, day(-30));
    await became({ loyalty: { points: 20 }, person: { name: { firstName: 'Anne' } } }, day(-1));

    expect(await explain(id)).toMatchObject({ qualifies: true, known: { attributesWrittenSince: [] } });
    expect(await explain(id, { at: isoDay(-20) })).toMatchObject({
      qualifies: false,
      known: { attributesWrittenSince: ['loyalty.points'] },
    });
  });

  test('memberships that it asks for are as of then', async () => {
    const { explain, id, segments } = await annTheBuyer();
    const dependent = await segments.create(segmentBody('Like buyers', `inSegment("${id}")`));
    expect(await explain(dependent.id, { at: isoDay(-11) })).toMatchObject({ qualifies: false });
    expect(await explain(dependent.id, { at: isoDay(-10) })).toMatchObject({ qualifies: true });
  });

  test('the definition is as it is now, unless a version is given', async () => {
    const { explain, id, segments } = await annTheBuyer();
    const value = 'xEvent.count() > 99';
    await segments.patch(id, { expression: { type: 'PQL', format: 'pql/text', value } });

    expect(await explain(id)).toMatchObject({ qualifies: false, definition: { version: 2, expression: value } });
    expect(await explain(id, { version: '1' })).toMatchObject({
      qualifies: true,
      definition: { version: 1, expression: BUYERS },
    });
  });
});

describe('a refusal', () => {
  test('names each parameter that is unknown, missing or wrong', async () => {
    const { send, id } = await annTheBuyer();
    const problem = await problemOf(send(id, { at: 'yesterday', version: '0', limit: '3', entityIdNS: '' }));

    expect(problem.code).toBe('invalid-request');
    expect(problem.details.mistakes?.map(({ pointer }) => pointer).sort()).toEqual([
      '?at',
      '?entityIdNS',
      '?limit',
      '?version',
    ]);
  });

  test('of the future says that only what was can be explained', async () => {
    const { send, id } = await annTheBuyer();
    expect((await problemOf(send(id, { at: isoDay(1) }))).details.mistakes).toMatchObject([{ pointer: '?at' }]);
  });

  test.each([
    ['a definition that is not there', definitionId(99), {}],
    ['an id that is none', 'RULES', {}],
    ['a version that never was', definitionId(1), { version: '7' }],
    ['a person that nobody knows', definitionId(1), { entityId: 'bob@example.com' }],
  ])('of %s is a 404', async (_, id, query) => {
    const { send } = await annTheBuyer();
    expect((await problemOf(send(id, query))).code).toBe('not-found');
  });

  test('one sandbox explains nothing of another, neither its definitions nor its people', async () => {
    const { send, id, segments } = await annTheBuyer();
    const dev = { sandbox: 'dev' as SandboxName };
    const { id: own } = await segments.create(segmentBody('Buyers', BUYERS), dev);

    expect((await problemOf(send(id, {}, dev))).message).toContain('definition');
    expect((await problemOf(send(own, {}, dev))).message).toContain('profile');
  });
});

describe('what would be if something were so that isn’t', () => {
  test('is explained like what is, and nothing of it is stored', async () => {
    const { suppose, explain, id } = await annTheBuyer(`${BUYERS} and loyalty.tier = "gold"`);

    expect(await explain(id)).toMatchObject({ qualifies: false, deciding: [{ text: 'loyalty.tier = "gold"' }] });
    expect(await suppose(id, { attributes: { loyalty: { tier: 'gold' } } })).toMatchObject({
      qualifies: true,
      membership: null,
      nextFlip: { at: isoDay(30, 1), certain: true },
    });
    expect(await explain(id)).toMatchObject({ qualifies: false });
  });

  test('counts supposed events beside those that are stored, as evidence too', async () => {
    const { suppose, id } = await annTheBuyer(BUYERS.replace('>= 2', '>= 3'));

    const explained = await suppose(id, {
      events: [
        { _id: 'supposed', eventType: 'buy' },
        { _id: 'b1', eventType: 'view' },
      ],
    });

    expect(explained).toMatchObject({ qualifies: true });
    const evidence = explained.explanation.children[0]?.children[0]?.evidence;
    expect(evidence?.events.map(({ eventId }) => eventId)).toEqual(['supposed', 'b2', 'b1']);
  });

  test('may be asked as of an earlier instant', async () => {
    const { suppose, id } = await annTheBuyer();
    const at = isoDay(-30);

    expect(await suppose(id, { at })).toMatchObject({ at, qualifies: false });
    expect(await suppose(id, { at, events: [{ eventType: 'buy' }] })).toMatchObject({ qualifies: true });
    const late = await problemOf(suppose(id, { at: day(1) }));
    expect(late.details.mistakes?.[0]?.pointer).toBe('/at');
    const after = await problemOf(suppose(id, { at, events: [{ timestamp: day(-1) }] }));
    expect(after.details.mistakes?.[0]?.pointer).toBe('/events/0/timestamp');
  });

  test('marks the conditions that decide it', async () => {
    const { suppose, id } = await annTheBuyer(`${BUYERS} and loyalty.tier = "gold"`);

    const { explanation } = await suppose(id, { events: [{ eventType: 'view' }] });

    expect(explanation.children.map(({ sensitive, decisive }) => [sensitive, decisive])).toEqual([
      [false, false],
      [true, true],
    ]);
  });
});
