import { describe, expect, test } from 'vitest';
import { governanceApi } from '#functions/governance-api/governance-api.ts';
import { auditEventList } from '#shared/api/audit.ts';
import { CATALOGUE } from '#shared/api/catalogue.ts';
import { callerPermissions } from '#shared/api/permissions.ts';
import type { SandboxName } from '#shared/kernel/brand.ts';
import type { HttpRequest } from '#shared/lambda/http-middleware.ts';
import { MemoryAuditTrail } from '#shared/memory/memory-change-guard.ts';
import { httpRequest } from '#test/support/http-requests.ts';
import { problemOf } from '#test/support/segments-service.ts';

const service = (audit = new MemoryAuditTrail()) => {
  const ask = governanceApi({ audit, catalogue: CATALOGUE });
  return (path: string, parts: Partial<HttpRequest> = {}) =>
    ask(httpRequest({ roles: ['admin'], ...parts, routeKey: `GET /data/core/ups${path}` }));
};

describe('the caller’s permissions', () => {
  const of = async (parts: Partial<HttpRequest>) =>
    callerPermissions.parse((await service()('/permissions', parts)).body);

  test('are every operation that a token opens, for an admin', async () => {
    const { operations } = await of({ roles: ['admin'] });
    const byToken = CATALOGUE.filter(({ access = 'token' }) => access === 'token');
    expect(operations.sort()).toEqual(byToken.map(({ id }) => id).sort());
  });

  test('are those of a viewer for a token without a role', async () => {
    const permissions = await of({ roles: [], subject: 'ann', sandboxes: ['prod', 'dev'] });

    expect(permissions).toMatchObject({ subject: 'ann', sandboxName: 'prod', sandboxes: ['prod', 'dev'] });
    expect(permissions.roles).toEqual(['viewer']);
    expect(permissions.operations).toContain('listSegmentDefinitions');
    expect(permissions.operations).not.toContain('createSegmentDefinition');
  });

  test('are narrowed by scopes', async () => {
    const { operations } = await of({ roles: ['admin'], scopes: ['shoal/read'] });
    expect(operations).toContain('listWriteKeys');
    expect(operations).not.toContain('createWriteKey');
  });
});

describe('the audit trail', () => {
  const event = (second: number) => ({
    id: `e${second}`,
    time: new Date(second * 1000).toISOString(),
    subject: 'ann',
    operation: 'createWriteKey',
    parameters: {},
    requestId: 'r',
    status: 201,
  });

  test('is listed the newest first, a page at a time, without a gap', async () => {
    const audit = new MemoryAuditTrail();
    for (const second of [1, 2, 3, 4, 5]) await audit.write('prod' as SandboxName, event(second));
    const page = async (query: Record<string, string>) =>
      auditEventList.parse((await service(audit)('/audit/events', { query: { limit: '2', ...query } })).body);

    const first = await page({});
    const second = await page({ after: first.next ?? '' });
    const third = await page({ after: second.next ?? '' });

    expect([first, second, third].map(({ events }) => events.map(({ id }) => id))).toEqual([
      ['e5', 'e4'],
      ['e3', 'e2'],
      ['e1'],
    ]);
    expect(third.next).toBeNull();
  });

  test('is no business of viewers and authors', async () => {
    for (const roles of [[], ['author']]) {
      expect(await problemOf(service()('/audit/events', { roles }))).toMatchObject({ status: 403 });
    }
  });
});
