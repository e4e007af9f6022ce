import { expect, test, vi } from 'vitest';
import * as merging from '#shared/profile/merge-policy.ts';
import { NO_ATTRIBUTES, withRecord } from '#shared/profile/profile-attributes.ts';
import { profileView } from '#shared/profile/profile-view.ts';
import { wakeUpRecord } from '#shared/profile/stream-record.ts';
import { decodeChanges } from '#shared/segment/change-codec.ts';
import { ProfileWorld, START } from '#test/support/profile-world.ts';

const CRM_FIRST = { id: 'crm-first', attributeMerge: { type: 'dataSetPrecedence', order: ['crm'] } } as const;
const WEB_FIRST = { id: 'web-first', attributeMerge: { type: 'dataSetPrecedence', order: ['web'] } } as const;

const recordOf = (datasetId: string, timestamp: number, attributes: Record<string, unknown>) =>
  JSON.stringify({
    recordType: 'profile',
    datasetId,
    timestamp,
    identityMap: { CRMID: [{ id: 'c1', primary: true }] },
    attributes,
  });

/** The CRM said silver, then the web said gold. */
async function worldOf(define: (world: ProfileWorld) => void): Promise<ProfileWorld> {
  const world = new ProfileWorld();
  define(world);
  world.put(recordOf('crm', START - 2, { tier: 'silver' }));
  world.put(recordOf('web', START - 1, { tier: 'gold' }));
  await world.process();
  return world;
}

const changesIn = (world: ProfileWorld) =>
  world.profiles.log
    .flatMap(({ changes }) => (changes ? decodeChanges(changes) : []))
    .map(({ segmentOrdinal, status, cause, time }) => [segmentOrdinal, status, cause, time - START]);

test('one profile is merged by each policy that a definition goes by', async () => {
  const world = await worldOf((each) => {
    each.define('tier = "gold"');
    each.define('tier = "gold"', { mergePolicyId: 'crm-first' });
    each.define('tier = "silver"', { mergePolicyId: 'crm-first' });
    each.define('tier = "silver"', { mergePolicyId: 'web-first' });
    each.setPolicies([CRM_FIRST, WEB_FIRST]);
  });

  expect([...world.subscribed()]).toEqual([
    [1, 'realized'],
    [3, 'realized'],
  ]);
});

test('another default moves whom it concerns, at the time of the change, when the profile is next looked at', async () => {
  const world = await worldOf((each) => {
    each.define('tier = "gold"');
    each.define('tier = "gold"', { mergePolicyId: 'web-first' });
    each.define('inSegment("s1")');
    each.setPolicies([CRM_FIRST, WEB_FIRST]);
  });
  const before = changesIn(world).length;

  world.now += 60_000;
  world.setPolicies([CRM_FIRST, WEB_FIRST], 'crm-first');
  world.now += 60_000;
  world.put(wakeUpRecord('rebuild', world.key));
  await world.process();

  expect(changesIn(world).slice(before)).toEqual([
    [1, 'exited', 'definition', 60_000],
    [3, 'exited', 'definition', 120_000],
  ]);
});

test('a profile is merged once by each policy that is asked for, and by no other', () => {
  const identities = [{ namespace: 'CRMID', id: 'c1', primary: true }];
  const base = { kind: 'profile', source: {}, sandboxName: 'prod', identities, timestamp: 1 } as const;
  const profile = withRecord(
    { ...NO_ATTRIBUTES, identities },
    { ...base, datasetId: 'crm', attributes: { tier: 'x' } },
  );
  const view = profileView(profile);
  const fragments = vi.spyOn(profile.fragments, Symbol.iterator as never);

  expect(view.by(undefined)).toEqual({
    identityMap: { CRMID: [{ id: 'c1', primary: true }] },
    propensity: {},
    computed: null,
  });
  expect(fragments).not.toHaveBeenCalled();
  expect(view.by(merging.DEFAULT_MERGE)).toMatchObject({ tier: 'x' });
  expect(view.by(merging.DEFAULT_MERGE)).toBe(view.by(merging.DEFAULT_MERGE));
  expect(fragments).toHaveBeenCalledTimes(1);
});
