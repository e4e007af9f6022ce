/**
 * The central promise: whatever arrives in whatever order, and whenever anybody looks, a profile is in a segment exactly
 * while the oracle says so, and every change that time brings bears the instant at which it came true.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MembershipChange } from '#shared/segment/evaluation.ts';
import { type Choices, choices } from './pql/choices.ts';
import { type Life, membersAt } from './streaming/life.ts';
import { momentsAfter } from './streaming/planned.ts';
import { drawScript, type Step } from './streaming/script.ts';

const OPTIONS = { seed: 20_240_229, numRuns: 250, endOnFailure: true };
const lives = fc.tuple(choices(1_500), choices(500), choices(600));

test('a profile is in a segment exactly while the oracle says so, whether anybody looked or not', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async ([script, data, moments]) => {
      const { life, steps } = drawScript(script, data);
      const told: string[] = [];
      for (const step of steps) await take(life, step, { moments, told });
    }),
    OPTIONS,
  );
});

interface Watch {
  readonly moments: Choices;
  readonly told: string[];
}

async function take(life: Life, step: Step, { moments, told }: Watch): Promise<void> {
  const before = life.members();
  const passed = passage(life, step.passes, moments);
  for (const change of step.changes) life.publish(change);
  life.now += step.passes;
  told.push(tell(life, step));
  const { next } = await life.receive(step.items);
  const changes = next?.changes ?? [];
  told.push(`  due ${life.loaded.dueAt}, ${JSON.stringify(changes)}`);

  const story = told.join('\n');
  expect(life.members(), story).toEqual(life.truthAt(life.now));
  if (step.changes.length > 0) return;
  for (const [instant, truth] of passed) {
    expect(membersAt(before, changes, instant), `${story}\nat ${instant}`).toEqual(truth);
  }
  expect(changes.filter(isMisplaced(life.now)), story).toEqual([]);
}

/** What is true at instants until the next look, by what is known before it. */
function passage(life: Life, passes: number, c: Choices) {
  const given = { profile: {}, events: life.known, now: life.now };
  return momentsAfter(c, given, undefined, life.now + passes).map((at) => [at, life.truthAt(at)] as const);
}

const isMisplaced =
  (now: number) =>
  ({ cause, time }: MembershipChange) =>
    cause === 'time' ? time > now : time !== now;

const tell = (life: Life, { passes, changes, items }: Step) =>
  `+${passes} → ${life.now}, retention ${life.retentionMs}, ${JSON.stringify(changes)} ${items
    .map((item) => (item.kind === 'event' ? JSON.stringify(item.event) : item.kind))
    .join(' ')}`;
