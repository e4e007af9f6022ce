import { defineOperation, READERS } from '../operation.ts';
import { listMembers, segmentMembers } from '../segment-members.ts';

export const listSegmentMembers = defineOperation({
  id: 'listSegmentMembers',
  method: 'GET',
  path: '/segment/definitions/{id}/members',
  tag: 'Segment definitions',
  summary:
    'Lists who is in a segment, page by page: those of the last job’s snapshot who still are, and who came since',
  roles: READERS,
  query: listMembers,
  responses: { 200: segmentMembers },
  problems: ['not-found'],
});

export const segmentMemberOperations = [listSegmentMembers] as const;
