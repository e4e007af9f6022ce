/**
 * Computed attributes: whoever reads one is in a segment exactly while the oracle says so, which knows nothing of leaves and
 * puts the values of computed attributes, each interpreted for itself, on the profile like any other attribute.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredEvent } from '#shared/profile/experience-event.ts';
import type { ProfileItem } from '#shared/segment/profile-update.ts';
import { type Choices, choices } from './pql/choices.ts';
import { profileOf } from './pql/inputs.ts';
import { drawComputedChange, drawComputedRules } from './streaming/computed-script.ts';
import { eventItem, Life, membersAt, recordItem, wakeUp } from './streaming/life.ts';
import { drawGiven, momentsAfter } from './streaming/planned.ts';

const OPTIONS = { seed: 20_260_303, numRuns: 150, endOnFailure: true };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PASSING = [0, 1, HOUR, 5 * HOUR, DAY, DAY - 1, 3 * DAY, 30 * DAY];

test('who reads a computed attribute is in a segment exactly while the oracle says so, whenever anybody looks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(choices(1_500), choices(500), choices(600)), async ([script, data, moments]) => {
      const { events, now } = drawGiven(data);
      const life = new Life({ start: now, retentionMs: script.of([1096, 1096, 40]) * DAY });
      const rules = drawComputedRules(script);
      for (const change of rules.changes) life.publish(change);
      const waiting = [...events] as StoredEvent[];
      for (let step = 0; step < 7; step++) {
        const changes = step > 0 && script.chance(15) ? drawComputedChange(script, rules) : [];
        const items = drawItems(script, data, { waiting, at: now + step });
        await take(life, { passes: step === 0 ? 0 : script.of(PASSING), changes, items }, moments);
        if (changes.length > 0) return;
      }
    }),
    OPTIONS,
  );
});

function drawItems(c: Choices, data: Choices, given: { readonly waiting: StoredEvent[]; readonly at: number }) {
  const items: ProfileItem[] = [];
  for (let arriving = c.below(3); arriving > 0 && given.waiting.length > 0; arriving--) {
    items.push(eventItem(given.waiting.splice(c.below(given.waiting.length), 1)[0] as StoredEvent));
  }
  if (c.chance(15)) items.push(recordItem(profileOf(data), given.at));
  return items.length > 0 ? items : [wakeUp];
}

interface Step {
  readonly passes: number;
  readonly changes: readonly Parameters<Life['publish']>[0][];
  readonly items: readonly ProfileItem[];
}

async function take(life: Life, { passes, changes, items }: Step, moments: Choices): Promise<void> {
  const before = life.members();
  const until = life.now + passes;
  const given = { profile: {}, events: life.known, now: life.now };
  const passed = momentsAfter(moments, given, undefined, until).map((at) => [at, life.truthAt(at)] as const);
  for (const change of changes) life.publish(change);
  life.now = until;
  const { next } = await life.receive(items);

  const story = `${JSON.stringify(life.artifact.computed)} ${JSON.stringify(life.artifact.definitions)} at ${life.now}`;
  expect(life.members(), story).toEqual(life.truthAt(life.now));
  if (changes.length > 0) return;
  for (const [instant, truth] of passed) {
    expect(membersAt(before, next?.changes ?? [], instant), `${story}, looked at ${instant}`).toEqual(truth);
  }
}
