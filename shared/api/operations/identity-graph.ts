/** `/config/identityGraph`: whether identities that are named together are one person. */
import * as z from 'zod';
import { ADMINS, defineOperation, READERS } from '../operation.ts';

const tag = 'Merge policies';
const path = '/config/identityGraph';

export const identityGraphSetting = z.strictObject({
  /** `pdg`: they are. `none`: an event or profile record is its primary identity's alone. */
  type: z.enum(['none', 'pdg']),
});

export const identityGraphAnswer = identityGraphSetting.extend({
  /** Of the rules that carry the setting, and that every profile is brought to. */
  rulesVersion: z.number().int(),
  /** Of `/system/jobs`: says how far everybody is. Only in the answer to a change. */
  jobId: z.string().optional(),
});
export type IdentityGraphAnswer = z.output<typeof identityGraphAnswer>;

export const getIdentityGraph = defineOperation({
  id: 'getIdentityGraph',
  method: 'GET',
  path,
  tag,
  summary: 'Reads whether identities that are named together are one person',
  roles: READERS,
  responses: { 200: identityGraphAnswer },
  problems: [],
});

export const putIdentityGraph = defineOperation({
  id: 'putIdentityGraph',
  method: 'PUT',
  path,
  tag,
  summary: 'Joins people by the identities named together, or takes all of them apart; everybody is regrouped',
  roles: ADMINS,
  body: identityGraphSetting,
  responses: { 200: identityGraphAnswer },
  problems: ['unavailable'],
});

export const identityGraphOperations = [getIdentityGraph, putIdentityGraph] as const;
