/** A parked profile's return: nothing lost, nothing doubled, whatever ends in the middle of it. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { RedrivePorts } from '#functions/operations-api/ports.ts';
import { redriveProfile } from '#functions/operations-api/redrive-profile.ts';
import { MemoryParkedItems } from '#shared/memory/memory-set-aside.ts';
import { unpackAll } from '#shared/profile/history.ts';
import { loadProfile } from '#shared/segment/loaded-profile.ts';
import { DAY_MS, ProfileWorld, purchase, START } from '#test/support/profile-world.ts';

const PURCHASES = 'eventType = "commerce.purchases"';
const EVENTS_BEFORE = 30;
const FORMAT_UNKNOWN = 99;

let world: ProfileWorld;

/** Thirty events, of which some are in history and some in the tail, and a state that someone then spoils. */
async function parkedProfile(spoil: (state: Uint8Array) => Uint8Array): Promise<Uint8Array> {
  const readable = (await world.stored()).state;
  await replaceState(spoil(readable));
  send('waiting-1', 'waiting-2');
  await world.process();
  send('waiting-3');
  await world.process();
  return readable;
}

/** As a release with a fault might have written it. */
async function replaceState(state: Uint8Array, parked?: boolean): Promise<void> {
  const { version } = await world.stored();
  await world.profiles.write([{ key: world.key, expectedVersion: version, rulesVersion: 1, state, parked }]);
}

function send(...ids: readonly string[]): void {
  for (const id of ids) {
    world.now += 1000;
    world.put(JSON.stringify(purchase(id, world.now)));
  }
}

function portsOf(changed: Partial<RedrivePorts> = {}): RedrivePorts {
  const { profiles, history, rules, parking, settings } = world;
  const stream = {
    write: async (records: readonly { data: Uint8Array }[]) =>
      records.map(({ data }) => {
        world.put(new TextDecoder().decode(data));
        return true;
      }),
  };
  const parked = new MemoryParkedItems(parking);
  return { profiles, history, rules, parked, stream, now: () => world.now, ...settings, ...changed };
}

const redrive = (discardState = false, changed: Partial<RedrivePorts> = {}) =>
  redriveProfile(world.key, { discardState }, portsOf(changed));

async function committedIds(): Promise<readonly string[]> {
  const { state } = loadProfile(await world.stored());
  const chunks = await world.history.read(world.key);
  const events = [...chunks.flatMap(({ events }) => unpackAll(events)), ...unpackAll(state.tail)];
  return [...new Set(events.map(({ _id }) => _id))].sort();
}

const memberships = async () =>
  new Map([...loadProfile(await world.stored()).state.memberships].map(([ordinal, { status }]) => [ordinal, status]));

const before = Array.from({ length: EVENTS_BEFORE }, (_, n) => `e${String(n).padStart(2, '0')}`);
const everything = [...before, 'waiting-1', 'waiting-2', 'waiting-3'].sort();

async function newWorld(): Promise<void> {
  world = new ProfileWorld();
  world.define(`xEvent[${PURCHASES}].count() >= ${EVENTS_BEFORE + 3}`);
  world.define(`xEvent[${PURCHASES}].count() >= 1`);
  world.define(`xEvent[${PURCHASES} and timestamp occurs <= 2 days before now].count() >= 1`);
  for (let from = 0; from < EVENTS_BEFORE; from += 5) {
    send(...before.slice(from, from + 5));
    await world.process();
  }
}

beforeEach(newWorld);

describe('a profile whose state can be read again', () => {
  const spoilt = (state: Uint8Array) => Uint8Array.from([FORMAT_UNKNOWN, ...state.subarray(1)]);

  test('keeps its state to the byte and applies what waited, once each', async () => {
    const readable = await parkedProfile(spoilt);
    await replaceState(readable, true);

    const redriven = await redrive();
    const unmarked = await world.stored();
    await world.process();

    expect(redriven).toEqual({ kind: 'redriven', mark: { kind: 'as-it-was' }, items: 3, hasMore: false });
    expect(unmarked.state).toEqual(readable);
    expect(unmarked.parked).toBe(false);
    expect(await committedIds()).toEqual(everything);
    expect((await memberships()).get(1)).toBe('realized');
    expect(world.parking.parked.size).toBe(0);
  });

  test('leaves what time ended while it was parked, though nothing else arrives', async () => {
    await replaceState((await world.stored()).state, true);
    world.now = START + 30 * DAY_MS;
    await redrive();
    const { dueAt } = await world.stored();
    await world.process();

    expect(dueAt).toBeLessThanOrEqual(world.now);
    expect((await memberships()).get(3)).toBe('exited');
  });

  test('is finished by the next call, wherever the first one ended', async () => {
    for (let call = 0; ; call++) {
      await newWorld();
      const readable = await parkedProfile(spoilt);
      await replaceState(readable, true);
      let left = call;
      const dies = <Port extends object>(port: Port): Port =>
        new Proxy(port, {
          get: (target, name) => {
            const method = Reflect.get(target, name, target) as (...args: unknown[]) => Promise<unknown>;
            return async (...args: unknown[]) => {
              const answer = await method.apply(target, args);
              if (left-- === 0) throw new Error('crashed');
              return answer;
            };
          },
        });
      const { profiles, parked, stream } = portsOf();
      const ports = { profiles: dies(profiles), parked: dies(parked), stream: dies(stream) };
      const crashed = await redrive(false, ports).then(
        () => false,
        () => true,
      );
      await redrive();
      await world.process();

      expect(await committedIds()).toEqual(everything);
      expect(world.parking.parked.size).toBe(0);
      expect((await world.stored()).parked).toBeFalsy();
      if (!crashed) return expect(call).toBeGreaterThan(3);
    }
  });

  test('is not overwritten where another writes it meanwhile', async () => {
    await replaceState(await parkedProfile(spoilt), true);
    const { profiles } = world;
    let meddled = false;
    const meddling = {
      read: profiles.read.bind(profiles),
      write: async (writes: Parameters<typeof profiles.write>[0]) => {
        if (!meddled) await replaceState((await world.stored()).state, true);
        meddled = true;
        return profiles.write(writes);
      },
    };

    const { version } = await world.stored();
    await redrive(false, { profiles: meddling });

    expect((await world.stored()).version).toBe(version + 2);
  });
});

describe('a state that can’t be read', () => {
  /** The format is known, what follows is not; the tail at the end is as it was. */
  const garbled = (state: Uint8Array) => Uint8Array.from(state, (byte, at) => (at > 0 && at < 20 ? 0xff : byte));
  const cutOff = (state: Uint8Array) => state.subarray(0, 40);

  test('is rebuilt without loss where its tail is whole', async () => {
    await parkedProfile(garbled);

    const redriven = await redrive();
    await world.process();

    expect(redriven).toMatchObject({ kind: 'redriven', mark: { kind: 'rebuilt', tail: 'salvaged' }, items: 3 });
    expect(await committedIds()).toEqual(everything);
    expect(Object.fromEntries(await memberships())).toEqual({ 1: 'realized', 2: 'realized', 3: 'realized' });
  });

  test('stays as it is where something would be lost, until that is allowed', async () => {
    await parkedProfile(cutOff);
    const stored = await world.stored();

    const refused = await redrive();

    expect(refused).toMatchObject({ kind: 'unreadable', reasons: [expect.stringContaining('state: ')] });
    expect(await world.stored()).toEqual(stored);
    expect(world.parking.parked.size).toBe(3);
    expect(await redrive(true)).toMatchObject({ mark: { kind: 'rebuilt', tail: 'lost' }, items: 3 });
  });

  test('of a format unknown here is left to the release that wrote it, whole as its tail may be', async () => {
    await parkedProfile((state) => Uint8Array.from([FORMAT_UNKNOWN, ...state.subarray(1)]));

    expect(await redrive()).toMatchObject({ kind: 'unreadable' });
  });

  test('that was discarded doubles nothing that comes again', async () => {
    await parkedProfile(cutOff);
    await redrive(true);
    await world.process();
    const held = await committedIds();

    for (const { data } of [...world.records]) world.put(new TextDecoder().decode(data));
    await world.process();

    const { state } = loadProfile(await world.stored());
    expect(held.length).toBeGreaterThan(10);
    expect(await committedIds()).toEqual(everything);
    expect(state.memberships.get(1)?.status).toBe('realized');
  });

  test('leaves subscribers with exactly the memberships stored, also of segments that were deleted', async () => {
    world.define('xEvent[eventType = "never"].count() >= 1');
    world.remove('s2');
    await parkedProfile(cutOff);

    const from = world.profiles.log.length;
    await redrive(true);
    await world.process();

    const subscribed = world.subscribed(from);
    expect(subscribed.get(2)).toBe('exited');
    subscribed.delete(2);
    expect(subscribed).toEqual(await memberships());
    expect([...subscribed.keys()].sort()).toEqual([1, 3, 4]);
  });
});

test('a profile that nothing waits for is unknown here', async () => {
  expect(await redrive()).toEqual({ kind: 'unknown' });
});

test('an event that arrives while the mark is being taken away is applied', async () => {
  await replaceState((await world.stored()).state, true);
  const { parking } = world;
  send('late');
  const slowly = {
    put: async (item: Parameters<typeof parking.put>[0]) => {
      await redrive();
      await parking.put(item);
    },
  };

  await world.process({ parking: slowly });
  await world.process();

  expect(await committedIds()).toContain('late');
});

test('a profile that failed at a wake-up is found by it', async () => {
  await replaceState(Uint8Array.of(FORMAT_UNKNOWN));
  world.put(JSON.stringify({ recordType: 'timer', profileId: world.key.profileId }));
  await world.process();

  expect(await new MemoryParkedItems(world.parking).profiles('prod', { limit: 10 })).toMatchObject({
    entries: ['profile-1'],
  });
});
