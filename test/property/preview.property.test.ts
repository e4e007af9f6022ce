/**
 * A preview counts whom the plain evaluator counts: over people made by the stream, with events in tail and history, for
 * the random expressions that the language itself is held to. The oracle reads everything there is of everybody.
 */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Checked, check, type EvaluationInput, hasErrors, interpret, parse } from '#shared/pql/index.ts';
import { sortEvents, unpackAll } from '#shared/profile/history.ts';
import { DEFAULT_MERGE } from '#shared/profile/merge-policy.ts';
import { profileView } from '#shared/profile/profile-view.ts';
import { defaultSchema } from '#shared/schema/default-schema.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import { previewWorld } from '#test/support/preview-world.ts';
import { Choices, choices } from './pql/choices.ts';
import { expressionText } from './pql/expressions.ts';
import { eventsOf, NOW, profileOf } from './pql/inputs.ts';

const SEED = 20_251_123;
const PEOPLE = 40;
const DAY = 86_400_000;
/** Published segments, by the names that random expressions ask about. */
const PUBLISHED = { in: 'n >= 1 or xEvent[eventType = "view"].count() >= 2', out: 'flag = true' } as const;

const world = previewWorld();
let people: readonly EvaluationInput[];

beforeAll(async () => {
  const { path } = world;
  path.now = NOW;
  for (const [name, expression] of Object.entries(PUBLISHED)) path.define(name, expression);
  const c = new Choices(fc.sample(fc.nat(1_000_003), { seed: SEED, numRuns: 20_000 }));
  for (let person = 0; person < PEOPLE; person++) await makePerson(person, c);
  path.now = NOW + DAY;
  people = await Promise.all(path.profiles.all().map(([key]) => wholePerson(key)));
});

/** One record a batch, so that tails overflow into history as they do over time. */
async function makePerson(person: number, c: Choices): Promise<void> {
  const { path } = world;
  const identityMap = { CRMID: [{ id: `c${person}`, primary: true }] };
  const { identityMap: _, ...attributes } = profileOf(c);
  const lists = Array.from({ length: person % 5 }, () => eventsOf(c) as Record<string, unknown>[]);
  const events = lists.flatMap((list, at) => list.map((event) => ({ ...event, _id: `${person}-${at}-${event._id}` })));
  const profile = { recordType: 'profile', datasetId: 'crm', timestamp: NOW, identityMap, attributes };
  for (const record of [profile, ...events.map((event) => ({ ...event, identityMap, note: 'x'.repeat(200) }))]) {
    await path.process([path.record(record)]);
  }
}

async function wholePerson(key: {
  readonly sandboxName: string;
  readonly profileId: string;
}): Promise<EvaluationInput> {
  const { profiles, history } = world.path;
  const { state, attributes } = loadProfile((await profiles.read([key])).get(`${key.sandboxName}#${key.profileId}`));
  const chunks = (await history.read(key)).flatMap(({ events }) => unpackAll(events));
  const events = sortEvents([...chunks, ...unpackAll(state.tail)]);
  const profile = profileView(attributes).by(DEFAULT_MERGE);
  const plain = { profile, events, now: world.path.now };
  const holds = (name: string) =>
    interpret(treeOf(PUBLISHED[name as 'in']) as Checked, plain, { mode: 'segment' }) === true;
  return { ...plain, inSegment: (name) => name in PUBLISHED && holds(name) };
}

function treeOf(text: string): Checked | undefined {
  const parsed = parse(text);
  if (!parsed.ok) return undefined;
  const { expression, diagnostics } = check(parsed.value, defaultSchema, { mode: 'segment' });
  return hasErrors(diagnostics) ? undefined : expression;
}

test('the people of this test have events in history, and some have none at all', async () => {
  const chunks = await Promise.all(world.path.profiles.all().map(([key]) => world.path.history.read(key)));

  expect(chunks.filter(({ length }) => length > 0).length).toBeGreaterThan(PEOPLE / 4);
  expect(people.filter(({ events }) => events.length === 0).length).toBeGreaterThan(2);
});

test('a preview counts whom the oracle counts, and tells who changes between two expressions', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(choices(300), choices(300), async (one, other) => {
      const [text, before] = [expressionText(one), expressionText(other)];
      const [tree, treeBefore] = [treeOf(text), treeOf(before)];
      if (tree === undefined || treeBefore === undefined) return;
      const answer = await world.ask({ predicateExpression: text, compareWith: before, clauses: true }).catch(refused);
      if (answer === undefined) return;
      compared += 1;
      const is = people.map((person) => interpret(tree, person, { mode: 'segment' }) === true);
      const was = people.map((person) => interpret(treeBefore, person, { mode: 'segment' }) === true);
      const count = (holds: (index: number) => boolean) => people.filter((_, index) => holds(index)).length;
      expect(answer.estimate.profilesMatchedSoFar, text).toBe(count((index) => is[index] === true));
      expect(answer.estimate.difference?.enter.estimatedSize, `${before} → ${text}`).toBe(
        count((index) => is[index] === true && !was[index]),
      );
      expect(answer.estimate.difference?.leave.estimatedSize, `${before} → ${text}`).toBe(
        count((index) => was[index] === true && !is[index]),
      );
    }),
    { seed: SEED, numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(100);
});

/** A window behind the retention is refused, and is nothing to compare. */
function refused(error: unknown): undefined {
  if ((error as { code?: string }).code !== 'invalid-expression') throw error;
}
