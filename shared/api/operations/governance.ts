import { auditEventList, listAuditEvents as listQuery } from '../audit.ts';
import { defineOperation, PUBLISHERS, READERS } from '../operation.ts';
import { callerPermissions } from '../permissions.ts';

export const getPermissions = defineOperation({
  id: 'getPermissions',
  method: 'GET',
  path: '/permissions',
  tag: 'Governance',
  summary: 'Says what the caller may do in this sandbox',
  roles: READERS,
  responses: { 200: callerPermissions },
  problems: [],
});

export const listAuditEvents = defineOperation({
  id: 'listAuditEvents',
  method: 'GET',
  path: '/audit/events',
  tag: 'Governance',
  summary: 'Lists who changed what and when, the newest first',
  roles: [...PUBLISHERS, 'operator'],
  query: listQuery,
  responses: { 200: auditEventList },
  problems: [],
});

export const governanceOperations = [getPermissions, listAuditEvents] as const;
