/**
 * What a destination was told is, at any time, who is a member and does not refuse its purpose. People look at things, have
 * their looks run out, say yes and no to things, become one person and are erased, in any order; a destination that reads
 * every change as `toldChange` has it must hold exactly those, and hear of nobody's end whose beginning it did not hear.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toldChange } from '#shared/activation/told-change.ts';
import { CONSENT_PURPOSES, type ConsentPurpose, mayDeliver } from '#shared/profile/consent.ts';
import { DEFAULT_MERGE, mergeFragments } from '#shared/profile/merge-policy.ts';
import { isSomebody } from '#shared/profile/profile-store.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { decodeVersion } from '#shared/segment/change-codec.ts';
import { type PublishedChange, publishedChanges, segmentNames } from '#shared/segment/membership-change.ts';
import { view, WritePath } from '#test/support/write-path.ts';

const PATHS = ['collect', 'share', 'personalize.content', 'marketing.any', 'marketing.email', 'marketing.sms'];
const people = ['c1', 'c2', 'c3'];
const person = fc.constantFrom(...people);
const step = fc.oneof(
  fc.record({ kind: fc.constant('view' as const), who: person }),
  fc.record({
    kind: fc.constant('say' as const),
    who: person,
    path: fc.constantFrom(...PATHS),
    val: fc.constantFrom('y', 'n'),
  }),
  fc.record({ kind: fc.constant('meet' as const), who: person, whom: person }),
  fc.record({ kind: fc.constant('wait' as const), who: person }),
  fc.record({ kind: fc.constant('erase' as const), who: person }),
  fc.record({ kind: fc.constant('resync' as const), who: person }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const said = (path: string, val: string) =>
  path.split('.').reduceRight<object>((inner, name) => ({ [name]: inner }), { val });

async function take(each: Step, index: number, path: WritePath): Promise<void> {
  path.now += each.kind === 'wait' ? 5_000 : 100;
  const identityMap = { CRMID: [{ id: each.who, primary: true }] };
  const put = (value: unknown) => path.process([path.record(value)]);
  if (each.kind === 'view') await put({ ...view(`e${index}`, path.now), identityMap });
  if (each.kind === 'say') {
    const attributes = { consents: said(each.path, each.val) };
    await put({ recordType: 'profile', datasetId: 'crm', timestamp: path.now, identityMap, attributes });
  }
  if (each.kind === 'meet') {
    const both = [{ id: each.who, primary: true }, { id: each.whom }];
    await put({ ...view(`e${index}`, path.now), eventType: 'other', identityMap: { CRMID: both } });
  }
  for (const { key, stored } of path.people().filter((one) => isSomebody(one.stored))) {
    if (each.kind === 'wait') await put(JSON.parse(wakeUpRecord('timer', key)));
    if (each.kind === 'resync') await put(JSON.parse(wakeUpRecord('resync', key)));
    const owned = path.people().find((one) => one.key === key)?.attributes.identities ?? [];
    if (each.kind !== 'erase' || stored.parked || !owned.some(({ id }) => id === each.who)) continue;
    await path.erasures.put(key, { jobId: 'job', identities: owned, requestedAt: path.now });
    await put(JSON.parse(wakeUpRecord('erasure', key)));
  }
}

function published(path: WritePath): readonly PublishedChange[] {
  const names = segmentNames(path.artifact as NonNullable<typeof path.artifact>);
  return path.profiles.log.flatMap(({ key, expectedVersion, rulesVersion, changes }) => {
    if (changes === undefined) return [];
    const version = { key, version: expectedVersion + 1, rulesVersion, ...decodeVersion(changes) };
    return publishedChanges(version, [], names) ?? [];
  });
}

interface Subscriber {
  readonly members: Set<string>;
  readonly surprises: string[];
}

function follow(changes: readonly PublishedChange[], purpose: ConsentPurpose): Subscriber {
  const members = new Set<string>();
  const surprises: string[] = [];
  for (const change of changes) {
    const told = toldChange(change, purpose);
    const name = `${change.profileId} ${change.segmentId}`;
    // After a resync it may be told what it knows.
    if (told?.status === 'exited' && !members.has(name) && change.repeated !== 'resync') surprises.push(change.id);
    if (told?.status === 'realized') members.add(name);
    else if (told !== undefined) members.delete(name);
  }
  return { members, surprises };
}

function expected(path: WritePath, purpose: ConsentPurpose): readonly string[] {
  const segments = new Map(path.artifact?.definitions.map(({ ordinal, id }) => [ordinal, id]));
  return path.people().flatMap(({ key, attributes, state }) => {
    if (!mayDeliver(mergeFragments(attributes.fragments, DEFAULT_MERGE), purpose)) return [];
    const members = [...state.memberships].filter(([, { status }]) => status === 'realized');
    return members.map(([ordinal]) => `${key.profileId} ${segments.get(ordinal)}`);
  });
}

test('a destination holds exactly the members who do not refuse its purpose, after every step', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30, size: 'max' }), async (steps) => {
      const path = new WritePath();
      path.define('ever', 'xEvent[eventType = "view"].count() >= 1');
      path.define('lately', 'xEvent[eventType = "view" and timestamp occurs < 4 seconds before now].count() >= 1');
      path.define('asks', 'xEvent[eventType = "view"].count() >= 2', { excludesOptOut: true });
      for (const [index, each] of steps.entries()) {
        await take(each, index, path);
        const changes = published(path);
        for (const purpose of CONSENT_PURPOSES) {
          const { members, surprises } = follow(changes, purpose);
          expect([purpose, [...members].sort(), surprises]).toEqual([purpose, expected(path, purpose).toSorted(), []]);
        }
      }
    }),
    { numRuns: 80 },
  );
});
