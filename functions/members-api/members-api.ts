import { listSegmentMembers } from '#shared/api/operations/segment-members.ts';
import { operationRouter } from '#shared/lambda/operation-router.ts';
import { listMembers } from './list-members.ts';
import type { MemberPorts } from './ports.ts';

export const membersApi = (ports: MemberPorts) => operationRouter([[listSegmentMembers, listMembers]], ports);
