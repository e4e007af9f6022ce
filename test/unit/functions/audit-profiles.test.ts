/** What the auditor says of profiles that are right, and of ones that are not. */
import { expect, test } from 'vitest';
import { type AuditPorts, auditProfiles } from '#functions/audit-profiles/audit-profiles.ts';
import { MemoryProfileRanges } from '#shared/memory/memory-job-stores.ts';
import { encodeState, type Membership } from '#shared/profile/profile-state.ts';
import { RETENTION_MS, START, view, WritePath } from '#test/support/write-path.ts';

const VIEWED = 'xEvent[eventType = "view"].count() >= 1';
const LATELY = 'xEvent[eventType = "view" and timestamp occurs < 1 hours before now].count() >= 1';

class Audited extends WritePath {
  readonly found: { readonly name: string; readonly content: object }[] = [];

  audit(changed: Partial<AuditPorts> = {}, profilesPerSandbox = 50) {
    const ports: AuditPorts = {
      sandboxes: { published: async () => [{ sandboxName: 'prod', rulesVersion: this.rules.version }] },
      ranges: new MemoryProfileRanges(this.profiles),
      profiles: this.profiles,
      history: this.history,
      rules: { current: async () => this.rules },
      reads: { take: async () => {} },
      findings: {
        put: async (name, content) => {
          this.found.push({ name, content });
        },
      },
      now: () => this.now,
      random: () => 0.5,
      ...changed,
    };
    return auditProfiles(ports, { retentionMs: RETENTION_MS, profilesPerSandbox });
  }

  async spoil(): Promise<void> {
    const { key, version, state } = this.first();
    const exited: Membership = { status: 'exited', lastQualificationTime: START };
    const memberships = new Map([...state.memberships, [1, exited] as const]);
    const spoilt = encodeState({ ...state, memberships });
    await this.profiles.write([
      { key, expectedVersion: version, rulesVersion: state.rulesVersion, state: spoilt, batchVersion: 0 },
    ]);
  }
}

async function worldOf(people: number): Promise<Audited> {
  const world = new Audited();
  world.define('viewed', VIEWED);
  world.define('lately', LATELY);
  for (let person = 0; person < people; person++) {
    for (let event = 0; event < 12; event++) {
      await world.process([world.record(view(`e${person}-${event}`, START - event * 1000, { CRMID: `c${person}` }))]);
    }
  }
  return world;
}

test('people who are as their events say are audited and found right, also after their time has come', async () => {
  const world = await worldOf(5);
  expect(await world.audit()).toEqual({ audited: 5, different: 0 });
  world.now += 5 * 3_600_000;

  expect(await world.audit()).toEqual({ audited: 5, different: 0 });
  expect(world.found).toEqual([]);
});

test('a membership that the events do not bear out is found, and both sides are kept', async () => {
  const world = await worldOf(3);
  await world.spoil();

  expect(await world.audit()).toEqual({ audited: 3, different: 1 });
  const [finding] = world.found;
  expect(finding?.name).toMatch(/^2026-05-10\/prod\/profile-1-\d+\.json$/);
  expect(finding?.content).toMatchObject({
    differences: [{ segmentId: 'viewed', expression: VIEWED, stored: 'exited', recomputed: 'realized' }],
    events: expect.arrayContaining([expect.objectContaining({ _id: 'e0-0' })]),
  });
});

test('a profile that has not followed the rules yet is not judged', async () => {
  const world = await worldOf(2);
  world.define('third', VIEWED);

  expect(await world.audit()).toEqual({ audited: 0, different: 0 });
});

test('a profile that changes while it is looked at is looked at again', async () => {
  const world = await worldOf(1);
  await world.spoil();
  let reads = 0;
  const profiles: AuditPorts['profiles'] = {
    read: async (keys, options) => {
      reads += 1;
      // Streaming puts it right between the two looks.
      if (reads === 2) await world.process([world.record({ recordType: 'batch', ...world.first().key })]);
      return world.profiles.read(keys, options);
    },
  };

  expect(await world.audit({ profiles })).toEqual({ audited: 1, different: 0 });
  expect(world.found).toEqual([]);
});

test('no more than the sample is audited', async () => {
  const world = await worldOf(6);
  expect((await world.audit({}, 4)).audited).toBe(4);
});
