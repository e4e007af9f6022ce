/** Who may do what, and who did what. */
import type { AuditTrail } from '#shared/api/audit.ts';
import type { Operation } from '#shared/api/operation.ts';
import { getPermissions, listAuditEvents } from '#shared/api/operations/governance.ts';
import type { CallerPermissions } from '#shared/api/permissions.ts';
import type { HttpResponse } from '#shared/lambda/http-middleware.ts';
import { grantedRoles, mayCall, type OperationRequest, operationRouter } from '#shared/lambda/operation-router.ts';

export interface GovernancePorts {
  readonly audit: Pick<AuditTrail, 'list'>;
  readonly catalogue: readonly Operation[];
}

export const governanceApi = (ports: GovernancePorts) =>
  operationRouter(
    [
      [getPermissions, readPermissions],
      [listAuditEvents, readAuditEvents],
    ],
    ports,
  );

async function readPermissions(
  { subject, sandbox, sandboxes, roles, scopes }: OperationRequest<typeof getPermissions>,
  { catalogue }: GovernancePorts,
): Promise<HttpResponse> {
  const body: CallerPermissions = {
    subject,
    sandboxName: sandbox,
    sandboxes: [...sandboxes],
    roles: [...grantedRoles(roles)],
    operations: catalogue.filter((operation) => mayCall(operation, { roles, scopes })).map(({ id }) => id),
  };
  return { status: 200, body };
}

async function readAuditEvents(
  { sandbox, query }: OperationRequest<typeof listAuditEvents>,
  { audit }: GovernancePorts,
): Promise<HttpResponse> {
  return { status: 200, body: await audit.list(sandbox, query) };
}
