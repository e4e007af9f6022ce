/** What every audit trail and every store of idempotency keys promises. */
import { describe, expect, test } from 'vitest';
import type { AuditTrail } from '#shared/api/audit.ts';
import type { IdempotencyKeys } from '#shared/api/idempotency.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';

const prod = 'prod' as SandboxName;
const dev = 'dev' as SandboxName;

export function auditTrailContract(open: () => Promise<AuditTrail>): void {
  const event = (second: number, id = `event-${second}`) => ({
    id,
    time: new Date(second * 1000).toISOString(),
    subject: 'ann',
    operation: 'createWriteKey',
    parameters: { id: 'a' },
    requestId: 'r',
    status: null as number | null,
  });

  describe('an audit trail', () => {
    test('keeps an event as it was written last', async () => {
      const trail = await open();
      const done = { ...event(1), status: 200, differences: [{ path: '/a', before: [1], after: { b: null } }] };
      await trail.write(prod, event(1));
      await trail.write(prod, done);
      expect(await trail.list(prod, { limit: 10 })).toEqual({ events: [done], next: null });
    });

    test('pages through all events, the newest first, also those of one instant', async () => {
      const trail = await open();
      for (const id of ['a', 'b', 'c', 'd', 'e']) await trail.write(prod, event(1, id));
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await trail.list(prod, { limit: 2, after });
        seen.push(...page.events.map(({ id }) => id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(seen).toEqual(['e', 'd', 'c', 'b', 'a']);
    });

    test('is cut by time, the end left out', async () => {
      const trail = await open();
      for (const second of [1, 2, 3, 4]) await trail.write(prod, event(second));
      const cut = { limit: 10, from: '1970-01-01T01:00:02+01:00', to: '1970-01-01T00:00:04Z' };
      expect((await trail.list(prod, cut)).events.map(({ id }) => id)).toEqual(['event-3', 'event-2']);
      expect((await trail.list(prod, { ...cut, to: cut.from })).events).toEqual([]);
    });

    test('a forged cursor opens nothing else, and another sandbox sees nothing', async () => {
      const trail = await open();
      await trail.write(prod, event(1));
      expect((await trail.list(dev, { limit: 10, after: '~' })).events).toEqual([]);
      expect((await trail.list(prod, { limit: 10, after: '~~~' })).events).toHaveLength(1);
      expect((await trail.list(prod, { limit: 10, after: '#' })).events).toEqual([]);
    });
  });
}

export function idempotencyKeysContract(open: (now: () => number) => Promise<IdempotencyKeys>): void {
  const answer = { status: 201, headers: { etag: '"1"' }, body: '{"a":[1]}' };

  describe('idempotency keys', () => {
    test('of many that come at once with one key exactly one begins', async () => {
      const keys = await open(() => 0);
      const firsts = await Promise.all([1, 2, 3, 4, 5].map(() => keys.begin(prod, 'k', 'd', 1000)));
      expect(firsts.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    });

    test('tell what was answered, and to what', async () => {
      const keys = await open(() => 0);
      await keys.begin(prod, 'k', 'd', 1000);
      expect(await keys.begin(prod, 'k', 'other', 1000)).toEqual({ kind: 'known', digest: 'd' });
      await keys.finish(prod, 'k', 'd', answer, 5000);
      expect(await keys.begin(prod, 'k', 'd', 1000)).toEqual({ kind: 'known', digest: 'd', answer });
    });

    test('are free again when they are forgotten, when their time is over, and in another sandbox', async () => {
      let clock = 0;
      const keys = await open(() => clock);
      await keys.begin(prod, 'k', 'd', 1000);
      expect(await keys.begin(dev, 'k', 'd', 1000)).toEqual({ kind: 'begun' });
      await keys.forget(prod, 'k');
      expect(await keys.begin(prod, 'k', 'd', 1000)).toEqual({ kind: 'begun' });
      clock = 999;
      expect(await keys.begin(prod, 'k', 'd', 2000)).toMatchObject({ kind: 'known' });
      clock = 1000;
      expect(await keys.begin(prod, 'k', 'd', 2000)).toEqual({ kind: 'begun' });
    });
  });
}
