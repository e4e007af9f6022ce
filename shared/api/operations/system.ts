/** `/system/…`: what operators see and do. Records that could not be read, or failed as a batch, may be of any sandbox. */
import { ADMINS, defineOperation, OPERATORS } from '../operation.ts';
import {
  listRefusedLinks as listRefusedLinksQuery,
  profileIdentities,
  refusedLinkList,
  unmergeAnswer,
  unmergeRequest,
} from '../profile-identities.ts';
import {
  failedBatchList,
  listFailedBatches as listFailedBatchesQuery,
  listParked,
  listQuarantine as listQuarantineQuery,
  parkedList,
  quarantineList,
  redriveAnswer,
  redriveFailedBatches as redriveFailedBatchesBody,
  redrivenProfile,
  redriveParked,
  redriveQuarantine as redriveQuarantineBody,
  resyncAnswer,
  startResync as startResyncBody,
} from '../set-aside.ts';

const tag = 'Operations';

export const listParkedProfiles = defineOperation({
  id: 'listParkedProfiles',
  method: 'GET',
  path: '/system/parked',
  tag,
  summary: 'Lists profiles that wait for an operator',
  roles: OPERATORS,
  query: listParked,
  responses: { 200: parkedList },
  problems: [],
});

export const redriveParkedProfile = defineOperation({
  id: 'redriveParkedProfile',
  method: 'POST',
  path: '/system/parked/{profileId}/redrive',
  tag,
  summary: 'Takes the mark off a parked profile and puts its items into the stream again',
  roles: OPERATORS,
  query: redriveParked,
  responses: { 200: redrivenProfile },
  problems: ['not-found', 'conflict', 'unavailable'],
});

export const startResync = defineOperation({
  id: 'startResync',
  method: 'POST',
  path: '/system/resync',
  tag,
  summary: 'Lets profiles publish their memberships again, a page of profiles a call',
  roles: OPERATORS,
  body: startResyncBody,
  responses: { 200: resyncAnswer },
  problems: ['unavailable'],
});

export const listQuarantine = defineOperation({
  id: 'listQuarantine',
  method: 'GET',
  path: '/system/quarantine',
  tag,
  summary: 'Lists records that could not be read, of any sandbox',
  roles: ADMINS,
  query: listQuarantineQuery,
  responses: { 200: quarantineList },
  problems: [],
});

export const redriveQuarantine = defineOperation({
  id: 'redriveQuarantine',
  method: 'POST',
  path: '/system/quarantine/redrive',
  tag,
  summary: 'Puts quarantined records into the stream again',
  roles: ADMINS,
  body: redriveQuarantineBody,
  responses: { 200: redriveAnswer },
  problems: ['unavailable'],
});

export const listFailedBatches = defineOperation({
  id: 'listFailedBatches',
  method: 'GET',
  path: '/system/failed-batches',
  tag,
  summary: 'Lists batches that a stream mapping gave up, of any sandbox',
  roles: ADMINS,
  query: listFailedBatchesQuery,
  responses: { 200: failedBatchList },
  problems: [],
});

export const redriveFailedBatches = defineOperation({
  id: 'redriveFailedBatches',
  method: 'POST',
  path: '/system/failed-batches/redrive',
  tag,
  summary: 'Puts what failed batches held into the stream again',
  roles: ADMINS,
  body: redriveFailedBatchesBody,
  responses: { 200: redriveAnswer },
  problems: ['unavailable'],
});

export const describeProfile = defineOperation({
  id: 'describeProfile',
  method: 'GET',
  path: '/system/profiles/{profileId}',
  tag,
  summary: 'Shows which identities are one profile',
  roles: OPERATORS,
  responses: { 200: profileIdentities },
  problems: ['not-found'],
});

export const unmergeProfile = defineOperation({
  id: 'unmergeProfile',
  method: 'POST',
  path: '/system/profiles/{profileId}/unmerge',
  tag,
  summary: 'Makes some identities of a profile a profile of their own, with everything that they brought',
  roles: OPERATORS,
  body: unmergeRequest,
  responses: { 200: unmergeAnswer },
  problems: ['not-found', 'conflict', 'unavailable'],
});

export const listRefusedLinks = defineOperation({
  id: 'listRefusedLinks',
  method: 'GET',
  path: '/system/refused-links',
  tag,
  summary: 'Lists profiles that were not joined though an event or record named identities of both',
  roles: OPERATORS,
  query: listRefusedLinksQuery,
  responses: { 200: refusedLinkList },
  problems: [],
});

export const systemOperations = [
  listParkedProfiles,
  redriveParkedProfile,
  startResync,
  listQuarantine,
  redriveQuarantine,
  listFailedBatches,
  redriveFailedBatches,
  describeProfile,
  unmergeProfile,
  listRefusedLinks,
] as const;
