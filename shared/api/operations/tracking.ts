/** Calls by the Segment specification. Their clients know a write key and no token, and read no document of ours. */
import * as z from 'zod';
import { defineOperation, SENDERS } from '../operation.ts';

/** As the specification has it: what was refused of a batch is named beside what was taken. */
export const trackAnswer = z.strictObject({
  success: z.literal(true),
  rejected: z
    .array(z.strictObject({ index: z.number().int(), messageId: z.string().optional(), reason: z.string() }))
    .optional(),
});

/** Held to the specification by the function itself, which also takes compressed and untyped bodies. */
const call = z.looseObject({});

const trackOperation = <const Name extends string>(name: Name, id: string, summary: string) =>
  defineOperation({
    id,
    method: 'POST',
    basePath: '',
    path: `/v1/${name}`,
    tag: 'Segment specification',
    summary,
    roles: SENDERS,
    access: 'write-key',
    effect: 'data',
    body: call,
    responses: { 200: trackAnswer },
    problems: ['unavailable'],
  });

export const trackingOperations = [
  trackOperation('batch', 'sendBatch', 'Takes up to 2,500 calls'),
  trackOperation('import', 'importBatch', 'Takes up to 2,500 calls of the past'),
  trackOperation('identify', 'sendIdentify', 'Takes traits of a person'),
  trackOperation('track', 'sendTrack', 'Takes what a person did'),
  trackOperation('page', 'sendPage', 'Takes that a person saw a page'),
  trackOperation('screen', 'sendScreen', 'Takes that a person saw a screen'),
  trackOperation('group', 'sendGroup', 'Takes that a person belongs to a group'),
  trackOperation('alias', 'sendAlias', 'Takes that two identities are one person'),
] as const;
