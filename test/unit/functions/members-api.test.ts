/** Members of a segment, from the snapshot of a job and the feed, over profiles that streaming evaluation wrote. */
import { expect, test } from 'vitest';
import { membersApi } from '#functions/members-api/members-api.ts';
import type { MemberPorts } from '#functions/members-api/ports.ts';
import { type SegmentMembers, segmentMembers } from '#shared/api/segment-members.ts';
import { NO_BACKFILL } from '#shared/batch/backfill.ts';
import { hash32 } from '#shared/profile/hash.ts';
import { decodeChanges } from '#shared/segment/change-codec.ts';
import type { SegmentDefinition } from '#shared/segment/segment-definition.ts';
import { BatchWorld } from '#test/support/batch-world.ts';
import { httpRequest } from '#test/support/http-requests.ts';
import { RETENTION_MS, START, view } from '#test/support/write-path.ts';

const LATELY = 'xEvent[eventType = "view" and timestamp occurs < 1 hours before now].count() >= 1';
const VIEWED = 'xEvent[eventType = "view"].count() >= 1';
const ID = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SHARDS = 3;

class MembersWorld extends BatchWorld {
  readonly #shards = Array.from({ length: SHARDS }, (): { publishedAt: number; change: object }[] => []);
  #published = 0;
  isActive = true;

  constructor(expression = LATELY) {
    super();
    this.define(ID, expression);
    this.define(OTHER, VIEWED);
  }

  async see(...people: readonly string[]): Promise<void> {
    for (const person of people) {
      await this.process([this.record(view(`${person}-${this.now}`, this.now, { CRMID: person }))]);
    }
    this.publish();
  }

  /** Everything that was written since the last time, as `publish-changes` does. */
  publish(): void {
    for (const { key, changes } of this.profiles.log.slice(this.#published)) {
      for (const { segmentOrdinal, status, time, repeated } of changes === undefined ? [] : decodeChanges(changes)) {
        const segmentId = this.rules.byOrdinal.get(segmentOrdinal)?.id;
        const change = { profileId: key.profileId, segmentId, status, time: new Date(time).toISOString(), repeated };
        this.#shards[hash32(key.profileId) % SHARDS]?.push({ publishedAt: this.now, change });
      }
    }
    this.#published = this.profiles.log.length;
  }

  memberPorts(): MemberPorts {
    const definition = {
      ...{ id: ID, sandboxName: 'prod', creationTime: START, lifecycleState: 'published', since: 1 },
      evaluation: { evaluationClass: 'incremental', reasons: [] },
    };
    const { jobs, files, profiles, history } = this;
    return {
      ...{ jobs, files, profiles, history, feedShards: SHARDS, retentionMs: RETENTION_MS },
      definitions: { find: async (_, id) => (id === ID ? (definition as unknown as SegmentDefinition) : undefined) },
      backfills: { find: async () => (this.isActive ? { ...NO_BACKFILL, verifiedVersion: 9 } : undefined) },
      rules: { current: async () => this.rules },
      feed: {
        since: async (_, shard, instant) => {
          const rows = this.#shards[shard] ?? [];
          const first = rows.findIndex(({ publishedAt }) => publishedAt >= instant);
          return { after: first < 0 ? rows.length : first, to: rows.length };
        },
        read: async (_, shard, { after, to }, limit) =>
          (this.#shards[shard] ?? [])
            .slice(after, Math.min(to, after + limit))
            .map(({ change }, index) => ({ sequence: after + index + 1, change })),
      },
      now: () => this.now,
    };
  }

  async page(query: Record<string, string> = {}): Promise<SegmentMembers> {
    const routeKey = 'GET /data/core/ups/segment/definitions/{id}/members';
    const request = httpRequest({ routeKey, pathParameters: { id: ID }, query });
    return segmentMembers.parse((await membersApi(this.memberPorts())(request)).body);
  }

  async all(limit = 100, between: () => Promise<void> = async () => {}): Promise<SegmentMembers['members']> {
    const members: SegmentMembers['members'] = [];
    let after: string | undefined;
    for (let pages = 0; pages < 1_000; pages++) {
      const page = await this.page({ limit: String(limit), ...(after && { after }) });
      expect(page.members.length).toBeLessThanOrEqual(limit);
      members.push(...page.members);
      if (page.next === null) return members;
      after = page.next;
      await between();
    }
    throw new Error('the pages have no end');
  }

  async names(limit?: number): Promise<string[]> {
    return (await this.all(limit)).map(({ identities }) => identities[0]?.id ?? '').sort();
  }
}

test('before any job members come from the feed, since the definition was made', async () => {
  const world = new MembersWorld();
  await world.see('a', 'b', 'c');

  expect(await world.page()).toMatchObject({ segmentId: ID, snapshot: null, isComplete: true, next: null });
  expect(await world.names()).toEqual(['a', 'b', 'c']);
});

test.each([1, 2, 3, 7, 100])(
  'by %i at a time everybody who is in is shown once: who stayed, came, left, came back',
  async (limit) => {
    const world = new MembersWorld();
    await world.see('stays', 'leaves', 'returns', 'seen again');
    world.now += 30 * MINUTE;
    const job = await world.create();
    await world.run(job);
    await world.see('stays', 'seen again');
    world.now += 40 * MINUTE;
    await world.see('returns', 'new');
    world.now += 10 * MINUTE;
    await world.see('seen again', 'new', 'newer');

    expect(await world.names(limit)).toEqual(['new', 'newer', 'returns', 'seen again', 'stays']);
    const members = await world.all(limit);
    const existing = members.filter(({ status }) => status === 'existing').map(({ identities }) => identities[0]?.id);
    expect(existing.sort()).toEqual(['seen again', 'stays']);
  },
);

test('whose membership is repeated, since they refuse something, is listed once', async () => {
  const world = new MembersWorld();
  await world.see('a', 'b');
  const said = { ...view('', world.now, { CRMID: 'a' }), _id: undefined, recordType: 'profile', datasetId: 'crm' };
  const attributes = { consents: { marketing: { email: { val: 'n' } } } };
  await world.process([world.record({ ...said, attributes })]);
  world.publish();

  expect(await world.names(1)).toEqual(['a', 'b']);
});

test('who is written while a job runs, by a clock that was read before it began, is not missed', async () => {
  const world = new MembersWorld();
  await world.see('first');
  world.now += HOUR / 2;
  const job = await world.create();
  await world.run(job);
  world.now -= 1_000;
  await world.see('late');
  world.now += MINUTE;

  expect(await world.names(1)).toEqual(['first', 'late']);
});

test('the page says the instant, the snapshot with its age, and since when changes are read', async () => {
  const world = new MembersWorld();
  await world.see('a');
  const job = await world.create();
  await world.run(job);
  world.now += 90_000;

  expect(await world.page()).toMatchObject({
    evaluatedAt: new Date(START + 90_000).toISOString(),
    snapshot: { jobId: job.jobId, asOf: new Date(START).toISOString(), ageInSeconds: 90 },
    changesSince: new Date(START - 120_000).toISOString(),
  });
});

test('somebody leaves at the instant that was said, if nothing happens to them', async () => {
  const world = new MembersWorld();
  await world.see('a');
  const [member] = await world.all();
  const leavesAt = Date.parse(member?.leavesAt ?? '');

  expect(leavesAt).toBe(START + HOUR);
  world.now = leavesAt - 1;
  expect(await world.names()).toEqual(['a']);
  world.now = leavesAt;
  expect(await world.names()).toEqual([]);
});

test('who only something that happens can take out leaves at no instant', async () => {
  const world = new MembersWorld('xEvent[eventType = "view"].count() >= 1 and not (person.vip = false)');
  await world.see('a');
  expect((await world.all()).map(({ leavesAt }) => leavesAt)).toEqual([null]);
});

test('of a membership that hangs on another segment the end of that one is said', async () => {
  const world = new MembersWorld('inSegment("lately")');
  world.define('lately', LATELY);
  world.define(ID, 'inSegment("lately")', { version: 2 });
  await world.see('a');
  expect((await world.all()).map(({ leavesAt }) => leavesAt)).toEqual([new Date(START + HOUR).toISOString()]);
});

test('where the feed has forgotten changes, or not everybody follows the definition, the page says who may be missing', async () => {
  const world = new MembersWorld();
  await world.run(await world.create());
  expect(await world.page()).toMatchObject({ isComplete: true });
  world.isActive = false;
  expect(await world.page()).toMatchObject({ isComplete: false, missing: expect.stringContaining('walk') });
  world.now += 8 * 24 * HOUR;
  expect(await world.page()).toMatchObject({ isComplete: false, missing: expect.stringContaining('seven days') });
});

test('a job that did not succeed, or asked for others only, is no snapshot', async () => {
  const world = new MembersWorld();
  const first = await world.create();
  await world.run(first);
  world.now += HOUR;
  await world.run(await world.create('segment', [OTHER]));
  await world.create();

  expect((await world.page()).snapshot?.jobId).toBe(first.jobId);
});

test('what is no cursor, or one of another definition, is refused', async () => {
  const world = new MembersWorld();
  await world.see('a', 'b');
  const { next } = await world.page({ limit: '1' });
  const foreign = Buffer.from(
    JSON.stringify({ ...JSON.parse(Buffer.from(next ?? '', 'base64url').toString()), segmentId: OTHER }),
  );

  await expect(world.page({ after: 'x' })).rejects.toThrow(/no cursor/);
  await expect(world.page({ after: foreign.toString('base64url') })).rejects.toThrow(/another definition/);
});
